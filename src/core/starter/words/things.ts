import { list, things, type Entry } from '../pools';

const colors =
  'red, blue, green, yellow, purple, pink, orange, white, black, golden, silver, brown';

/** Things one owns, carries, loses and lends. */
export const toy: Entry[] = [
  ...things(
    `${colors}, new, big, small, shiny`,
    `ball, kite, balloon, boat, truck, train, bike, scooter, wagon, drum, robot, yo-yo, top, rocket,
     bucket, hat, scarf, backpack, umbrella, ribbon, crayon, whistle, marble, jump rope, sled, cap,
     helmet, tricycle, trumpet, canoe, pinwheel, frisbee, airplane, tractor, purse, bracelet, mitten`,
  ),
  ...things(
    'soft, little, old, brown, fluffy, cuddly, striped, furry',
    'doll, teddy bear, blanket, puppet, pillow, toy rabbit, toy lion, toy elephant, sock monkey',
  ),
  ...things(
    'shiny, pretty, tiny, special, old, round, golden, silver, lucky',
    `key, coin, bell, button, ring, necklace, watch, seashell, feather, stone, pearl, medal, locket,
     music box, magnet, badge, pin, lantern, compass, magnifying glass`,
  ),
  ...things(
    'old, new, colorful, special, beautiful, lovely, fancy',
    'book, puzzle, paintbrush, notebook, card, map, picture, flute, guitar, paint set, storybook, toy castle',
  ),
];

/** Things that break when they fall. */
export const fragile: Entry[] = things(
  'pretty, blue, white, large, beautiful, old, special, green, painted, precious',
  'vase, cup, plate, lamp, mirror, bowl, teapot, glass, jar, clock, mug, flower pot, dish, pitcher',
);

/** Food that one eats up, each with its article. */
export const food: Entry[] = things(
  'big, small, fresh, sweet, tasty, warm, yummy, delicious, juicy',
  `apple, pear, peach, sandwich, cookie, muffin, bun, banana, carrot, cupcake, pancake, orange, pie,
   tart, plum, biscuit, waffle, pretzel, melon, mango, sausage, dumpling, tomato, potato, donut, bagel`,
);

/** Food in the plural. */
export const snacks = list(`
  berries, nuts, cookies, grapes, cherries, crackers, seeds, strawberries, carrots, raisins, apples,
  muffins, peanuts, blueberries, pancakes, sandwiches, noodles, beans, peas, candies, plums, chestnuts`);

/** Dishes to bake or cook for a character. */
export const dish: Entry[] = things(
  'big, round, sweet, tasty, special, warm, tall, yummy',
  `cake, pie, apple pie, loaf of bread, chocolate cake, pudding, carrot cake, cherry tart, honey cake,
   birthday cake, lemon cake, gingerbread house, cheesecake, sponge cake, fruit cake`,
);

/** Ingredients that a dish may lack. */
export const ingredient = list(`
  flour, sugar, butter, milk, honey, salt, cream, oil, cinnamon, vanilla, chocolate, yeast, syrup,
  lemon juice, jam, cocoa, baking powder, ginger, nutmeg`);

/** Things to gather, in the plural. */
export const treasures = list(`
  shells, stones, leaves, feathers, flowers, acorns, sticks, pine cones, pebbles, buttons, stamps,
  marbles, stickers, coins, crystals, ribbons, bottle caps, petals, daisies, mushrooms`);

/** Things to plant, and the plants that grow from them. */
export const plant: Entry[] = [
  ...list('sunflower, tulip, rose, daisy, poppy, lily, daffodil, violet, marigold').map((base) => ({
    base,
    crop: `a [beautiful|lovely|bright|tall] ${base}`,
  })),
  ...list('pumpkin, tomato, strawberry, bean, carrot, melon, cucumber, turnip, cabbage').map(
    (base) => ({ base, crop: `a [big|huge|giant|fine] ${base}` }),
  ),
  ...list('apple, cherry, oak, lemon, pear, plum, willow, maple').map((base) => ({
    base,
    crop: `a [strong|fine|lovely|little] young ${base} tree`,
  })),
];

/** Things to build, their material, and the work. */
export const building: Entry[] = [
  { base: 'sandcastle', stuff: 'sand', place: 'on the beach', past: 'dug and patted the sand' },
  { base: 'snowman', stuff: 'snow', place: 'in the yard', past: 'rolled big balls of snow' },
  { base: 'tower', stuff: 'blocks', place: 'on the floor', past: 'stacked the blocks' },
  { base: 'tree house', stuff: 'wood', place: 'in the big tree', past: 'sawed and hammered' },
  { base: 'fort', stuff: 'pillows', place: 'in the living room', past: 'piled up the pillows' },
  { base: 'birdhouse', stuff: 'wood', place: 'in the garage', past: 'measured and painted' },
  { base: 'raft', stuff: 'logs', place: 'by the river', past: 'tied the logs together' },
  { base: 'igloo', stuff: 'snow', place: 'on the hill', past: 'carried blocks of snow' },
  { base: 'castle', stuff: 'boxes', place: 'in the yard', past: 'cut and taped the boxes' },
  { base: 'bridge', stuff: 'stones', place: 'over the stream', past: 'lifted heavy stones' },
  { base: 'tent', stuff: 'blankets', place: 'in the bedroom', past: 'hung up the blankets' },
  { base: 'rocket', stuff: 'paper', place: 'on the table', past: 'folded and glued the paper' },
  { base: 'scarecrow', stuff: 'straw', place: 'in the field', past: 'stuffed a coat with straw' },
  { base: 'dam', stuff: 'sticks', place: 'in the creek', past: 'dragged sticks to the water' },
  {
    base: 'doghouse',
    stuff: 'boards',
    place: 'behind the house',
    past: 'nailed the boards together',
  },
];
