import { firstDay, nightNoise, rainyDay, stormNight, wish } from './fears';
import { kindTrade, newFriend, race, sharing } from './friends';
import { birthday, building, hurtCreature, missingIngredient, stuck } from './helping';
import { brokenRule, brokenThing, garden, newSkill } from './learning';
import { lostChild, lostToy, tidyRoom, treasureMap } from './lost-and-found';
import type { Plot } from './plot';

export const plots: readonly Plot[] = [
  lostToy,
  lostChild,
  treasureMap,
  tidyRoom,
  newFriend,
  sharing,
  race,
  kindTrade,
  newSkill,
  brokenThing,
  brokenRule,
  garden,
  hurtCreature,
  stuck,
  missingIngredient,
  building,
  birthday,
  stormNight,
  nightNoise,
  firstDay,
  wish,
  rainyDay,
];
