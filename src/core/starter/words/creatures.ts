import { list, type Entry } from '../pools';

/** A small animal that needs help. Stories call it "it". */
function creature(base: string, sound: string, limb: string, away: string): Entry {
  return {
    base,
    full: `[little|small|tiny|baby|young|poor|gray|white|brown|cold|wet] ${base}`,
    sound,
    limb,
    away,
  };
}

export const creaturePool: Entry[] = [
  ...list('bird, sparrow, robin, dove, bluebird, seagull, swallow, pigeon, finch').map((base) =>
    creature(base, 'peep', 'wing', 'flew up into the sky'),
  ),
  ...list('kitten, cat').map((base) => creature(base, 'meow', 'paw', 'ran after a leaf')),
  ...list('puppy, dog').map((base) => creature(base, 'woof', 'paw', 'ran in happy circles')),
  ...list('rabbit, squirrel, mouse, hedgehog, fox cub').map((base) =>
    creature(base, 'squeak', 'leg', 'ran back into the forest'),
  ),
  ...list('lamb, goat, calf, foal, fawn').map((base) =>
    creature(base, 'maa', 'leg', 'ran back to its mother'),
  ),
  ...list('duckling, gosling, swan, duck').map((base) =>
    creature(base, 'quack', 'foot', 'swam across the pond'),
  ),
  ...list('turtle, frog, lizard').map((base) =>
    creature(base, 'croak', 'foot', 'went slowly into the water'),
  ),
  ...list('butterfly, ladybug, dragonfly').map((base) =>
    creature(base, 'flutter', 'wing', 'flew over the flowers'),
  ),
];
