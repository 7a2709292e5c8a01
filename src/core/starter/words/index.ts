import type { Pools } from '../pools';
import * as actions from './actions';
import { creaturePool } from './creatures';
import * as feelings from './feelings';
import { character, elder, helperPool, trait } from './people';
import * as places from './places';
import { phrases } from './phrases';
import * as things from './things';
import * as weather from './weather';

/** Every pool by the name that templates use. */
export const pools: Pools = {
  ...actions,
  ...feelings,
  ...places,
  ...things,
  ...weather,
  ...phrases,
  hero: character,
  friend: character,
  elder,
  helper: helperPool,
  trait,
  creature: creaturePool,
};
