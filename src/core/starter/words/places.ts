import { list, type Entry } from '../pools';

/** `in` is being there, `to` is going there. */
function places(preposition: string, names: string): Entry[] {
  return list(names).map((name) => ({
    base: name,
    in: `${preposition} the ${name}`,
    to: `to the ${name}`,
  }));
}

export const outdoors: Entry[] = [
  ...places(
    'in',
    `park, garden, forest, woods, meadow, yard, field, valley, orchard, village, jungle, playground,
     cornfield, vegetable garden, tall grass, town square, rose garden, apple orchard`,
  ),
  ...places(
    'at',
    'beach, pond, lake, river, zoo, farm, market, fair, seaside, harbor, waterfall, stream, campground',
  ),
  ...places('on', 'hill, mountain, island, path, dock, sandy shore, cliff, playing field'),
];

export const room: Entry[] = places(
  'in',
  'kitchen, bedroom, living room, attic, basement, barn, playroom, garage, library, hallway, classroom, shed',
);

export const home = list(`
  a small house by the river, a cozy house on a hill, a little village, a big town, 
  a yellow house near the forest, a tiny cottage, an old farmhouse, a house with a blue door,
  a house on a quiet street, an old mill, a city by the sea, a white house in the valley,
  a cabin in the woods, an apartment above a bakery, a little house near the sea,
  a brick house with a garden, a houseboat on the canal, a lighthouse, a stone house in the mountains`);

/** Where animals live. */
export const den = list(`
  a tall tree, a warm burrow under a hill, a hollow log, the deep forest, a red barn, a green meadow,
  a cozy den near the river, a tiny hut in the woods, a garden full of flowers, an old oak tree,
  a cave behind a waterfall, the reeds by the pond, a quiet valley`);

/** Where treasure is buried. */
export const digging = list(`
  under an old oak tree, behind a big rock, next to an old well, near a broken fence, under a palm tree,
  between two tall pines, at the foot of a hill, beside a little stream, under a wooden bridge`);

export const hiding = list(`
  under a bush, behind a rock, in the tall grass, under a pile of leaves, behind a tree, inside a
  hollow log, next to a puddle, under a bench, between two stones, at the bottom of the slide, in a
  flower bed, beside the fence, on a low branch, near the gate, under an old bridge, in a bird nest,
  behind the swings, in the mud, by the well, under a wheelbarrow`);

export const hidingIndoors = list(`
  under the bed, behind the sofa, in a drawer, on top of the shelf, inside a shoe, in the laundry
  basket, behind the curtain, under the table, in the toy box, between two cushions, inside a boot, in
  the closet, beneath the rug, behind the door, in a coat pocket, next to the piano, under the sink,
  in the bathtub, behind the bookcase, inside a cupboard`);

/** High places to be stuck in. */
export const highPlace = list(`
  in a tall tree, on the roof, on a high shelf, on top of the fence, on a thin branch, on the chimney,
  on top of the wall, at the top of the ladder, on a steep rock, on a high window`);
