import { list, type Entry } from '../pools';

/** Verb phrases in the three forms that stories need, one for each of the rests. */
function acts(base: string, past: string, ing: string, rests: string): Entry[] {
  return list(rests).map((rest) => ({
    base: `${base} ${rest}`,
    past: `${past} ${rest}`,
    ing: `${ing} ${rest}`,
  }));
}

export const outdoorFun: Entry[] = [
  ...acts('play', 'played', 'playing', 'ball, tag, hide and seek, catch, soccer, games, leapfrog'),
  ...acts('climb', 'climbed', 'climbing', 'trees, rocks'),
  ...acts('run', 'ran', 'running', 'in the grass, in circles'),
  ...acts('fly', 'flew', 'flying', 'a kite, a paper plane'),
  ...acts('look for', 'looked for', 'looking for', '{treasures}, worms, beetles'),
  ...acts('pick', 'picked', 'picking', 'flowers, berries, apples, dandelions'),
  ...acts(
    'watch',
    'watched',
    'watching',
    'the birds, the clouds, the ducks, the bees, the fish, the boats, the butterflies, the ants',
  ),
  ...acts('splash', 'splashed', 'splashing', 'in the water, in the puddles'),
  ...acts('roll', 'rolled', 'rolling', 'down the hill, in the leaves'),
  ...acts('feed', 'fed', 'feeding', 'the ducks, the birds, the chickens, the goats, the geese'),
  ...acts('jump', 'jumped', 'jumping', 'over the rocks, over the puddles, over the logs'),
  ...acts('chase', 'chased', 'chasing', 'butterflies, bubbles, leaves, grasshoppers'),
  ...acts('dig', 'dug', 'digging', 'in the sand, in the dirt, in the mud'),
  ...acts('have', 'had', 'having', 'a picnic'),
  ...acts('blow', 'blew', 'blowing', 'bubbles'),
  ...acts('swing', 'swung', 'swinging', 'on the swings'),
  ...acts('skip', 'skipped', 'skipping', 'with a rope'),
];

export const indoorFun: Entry[] = [
  ...acts('draw', 'drew', 'drawing', 'pictures, funny faces, {animals}'),
  ...acts('read', 'read', 'reading', 'books, stories, a book about {animals}'),
  ...acts('sing', 'sang', 'singing', 'songs'),
  ...acts('dance', 'danced', 'dancing', 'to the music, on the carpet'),
  ...acts('paint', 'painted', 'painting', 'pictures, with bright colors'),
  ...acts('build', 'built', 'building', 'with blocks, paper boats'),
  ...acts('bake', 'baked', 'baking', 'bread, cookies, gingerbread'),
  ...acts(
    'play',
    'played',
    'playing',
    'cards, with toys, the drum, dress up, the piano, board games, dominoes, chess',
  ),
  ...acts('listen', 'listened', 'listening', 'to music, to stories, to the radio'),
  ...acts('make', 'made', 'making', 'puppets, masks, hats, paper airplanes, bracelets'),
  ...acts('do', 'did', 'doing', 'puzzles, magic tricks, riddles'),
  ...acts('count', 'counted', 'counting', '{treasures}'),
];

/** Plural subjects of drawings, dreams and tales. */
export const animals = list(`
  dragons, horses, whales, lions, dinosaurs, pirates, stars, trains, castles, kings, queens,
  elephants, monsters, wizards, knights, princesses, mermaids, giants, crocodiles, hippos,
  leopards, peacocks, unicorns, volcanoes, spaceships, tigers, giraffes, sharks, dolphins,
  fairies, robots, bees, wolves, camels, zebras, kangaroos`);

/** Something to learn: how it fails, a piece of advice, and how it goes in the end. */
export const skill: Entry[] = [
  {
    base: 'ride a bike',
    fail: '{hero.he} [fell off|fell into the grass|bumped into a bush]',
    advice: 'keep looking straight ahead',
    past: 'rode all the way [down the street|to the gate|around the yard]',
  },
  {
    base: 'swim',
    fail: '{hero.he} [swallowed some water|sank like a stone|splashed and coughed]',
    advice: 'kick your legs and breathe slowly',
    past: 'swam all the way [across the pond|to the other side|to the rope]',
  },
  {
    base: 'skate',
    fail: '{hero.his} feet [slid away|went the wrong way] and {hero.he} sat down hard',
    advice: 'bend your knees and take small steps',
    past: 'skated [in a circle|across the ice|all the way around]',
  },
  {
    base: 'fly a kite',
    fail: 'the kite [crashed into the ground|got stuck in a tree|fell down]',
    advice: 'wait for the wind and then run',
    past: 'made the kite fly [over the houses|high in the sky|above the trees]',
  },
  {
    base: 'whistle',
    fail: 'only [air|a funny sound] came out',
    advice: 'make your lips round and blow softly',
    past: 'whistled [a whole song|a clear note|like a bird]',
  },
  {
    base: 'tie a knot',
    fail: 'the string [came loose|got all tangled|slipped away]',
    advice: 'make two loops like rabbit ears',
    past: 'tied [a neat bow|a strong knot|a perfect knot]',
  },
  {
    base: 'juggle',
    fail: 'the balls [fell on the floor|rolled under the chair|hit {hero.him} on the nose]',
    advice: 'start with one ball',
    past: 'juggled [three balls|for a whole minute|without a mistake]',
  },
  {
    base: 'climb the big tree',
    fail: '{hero.his} [foot slipped|hands slipped] and {hero.he} slid back down',
    advice: 'hold on with both hands and go slowly',
    past: 'climbed up to [the first branch|the very top]',
  },
  {
    base: 'bake bread',
    fail: 'the bread came out [black|flat|as hard as a rock]',
    advice: 'give the dough time to rise',
    past: 'baked a [golden|soft|perfect] loaf',
  },
  {
    base: 'read a whole book',
    fail: 'the words [were too long|got mixed up]',
    advice: 'say each sound slowly',
    past: 'read [the last page|every word|the story out loud]',
  },
  {
    base: 'play the drum',
    fail: 'it [sounded like thunder|made everyone cover their ears|was much too loud]',
    advice: 'count to four as you play',
    past: 'played [a real march|a fine beat|along with the band]',
  },
  {
    base: 'dance',
    fail: '{hero.he} [tripped over {hero.his} own feet|turned the wrong way|got dizzy]',
    advice: 'listen to the music first',
    past: 'danced [across the floor|like a leaf in the wind|the whole song]',
  },
  {
    base: 'throw a ball',
    fail: 'the ball [went the wrong way|flew over the fence|landed in the mud]',
    advice: 'look at the place where you want it to go',
    past: 'threw the ball [right into the basket|farther than ever|straight to the target]',
  },
  {
    base: 'draw a horse',
    fail: 'it looked like [a potato|a chair|a dog with long ears]',
    advice: 'begin with a circle and a line',
    past: 'drew [a beautiful horse|a horse that seemed to run]',
  },
  {
    base: 'catch a fish',
    fail: 'the fish [took the worm and swam away|were too fast|only laughed]',
    advice: 'sit still and wait',
    past: 'caught [a silver fish|the biggest fish of the day] and let it go again',
  },
  {
    base: 'play the flute',
    fail: 'it [squeaked like a mouse|made no sound at all]',
    advice: 'blow gently, as if to cool your soup',
    past: 'played [a sweet tune|a little song|a lullaby]',
  },
  {
    base: 'row a boat',
    fail: 'the boat [went in circles|hit the shore|did not move]',
    advice: 'pull both oars together',
    past: 'rowed [across the lake|to the little island|past the ducks]',
  },
  {
    base: 'jump rope',
    fail: 'the rope [caught {hero.his} feet|got tangled]',
    advice: 'listen for the rope and then jump',
    past: 'jumped [ten times in a row|twenty times|until {hero.he} was out of breath]',
  },
];

/** Noises in the night, where they come from and what makes them. */
export const noise: Entry[] = [
  { base: 'tap, tap, tap', where: 'at the window', cause: 'a branch moving in the wind' },
  { base: 'scratch, scratch', where: 'under the bed', cause: 'the cat with a ball of wool' },
  { base: 'thump, thump', where: 'on the roof', cause: 'apples falling from the tree' },
  { base: 'hoo, hoo', where: 'in the dark tree', cause: 'an owl singing to the moon' },
  { base: 'drip, drop', where: 'in the kitchen', cause: 'water from the tap' },
  {
    base: 'creak, creak',
    where: 'on the stairs',
    cause: '{hero.his} {elder} bringing a glass of milk',
  },
  { base: 'squeak, squeak', where: 'behind the wall', cause: 'a family of mice having supper' },
  { base: 'rustle, rustle', where: 'in the closet', cause: 'a kitten asleep in a paper bag' },
  { base: 'bump, bump', where: 'in the attic', cause: 'an old ball rolling over the floor' },
  { base: 'rattle, rattle', where: 'at the door', cause: 'the wind that wanted to come in' },
  { base: 'buzz, buzz', where: 'near the lamp', cause: 'a little moth looking for light' },
  { base: 'crunch, crunch', where: 'in the garden', cause: 'a hedgehog eating an apple' },
  { base: 'click, clack', where: 'in the hall', cause: 'the dog with a bone' },
  { base: 'whoosh, whoosh', where: 'outside', cause: 'snow sliding off the roof' },
];

/** Rules that a character breaks, with the consequences. */
export const rule: Entry[] = [
  {
    base: 'touch the hot stove',
    past: 'reached out and touched the stove',
    harm: 'it burned {hero.his} finger',
  },
  {
    base: 'eat all the [cookies|candy|cake]',
    past: 'ate one piece, and then another, until nothing was left',
    harm: '{hero.his} tummy began to hurt',
  },
  {
    base: 'go near the deep water',
    past: 'went to the edge of the water to look',
    harm: '{hero.he} slipped and fell in with a splash',
  },
  {
    base: 'play with the scissors',
    past: 'took the scissors and cut and cut',
    harm: '{hero.he} cut a big hole in {hero.his} best shirt',
  },
  {
    base: 'open the gate',
    past: 'opened the gate just a little',
    harm: 'all the [chickens|goats|sheep|ducks|pigs] ran out',
  },
  {
    base: 'run in the house',
    past: 'ran around the table as fast as {hero.he} could',
    harm: '{hero.he} hit {hero.his} head on a chair',
  },
  {
    base: 'climb on the shelf',
    past: 'climbed up to the very top',
    harm: 'the shelf shook and everything came down',
  },
  {
    base: 'pull the tail of the [cat|dog|donkey|goat|horse]',
    past: 'pulled the tail as hard as {hero.he} could',
    harm: 'the animal gave {hero.him} a push into the mud',
  },
  {
    base: 'leave the path',
    past: 'followed a butterfly into the dark trees',
    harm: '{hero.he} could not see the path any more',
  },
  {
    base: 'shake the [bottle|jar]',
    past: 'shook it and shook it',
    harm: 'it went pop and sprayed all over {hero.him}',
  },
  {
    base: 'poke the bee hive',
    past: 'poked the hive with a long stick',
    harm: 'the bees came out and chased {hero.him}',
  },
  {
    base: 'stay up late',
    past: 'stayed awake the whole night',
    harm: '{hero.he} fell asleep in {hero.his} soup the next day',
  },
  {
    base: 'walk on the thin ice',
    past: 'put one foot on the ice',
    harm: 'the ice cracked and {hero.his} boots got full of cold water',
  },
  {
    base: 'paint the walls',
    past: 'painted a long blue line on the wall',
    harm: 'the bucket fell over and made a big mess',
  },
];
