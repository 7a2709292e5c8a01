import { female, male, type Pronouns } from '../english';
import { list, type Entry } from '../pools';

const girls = list(`
  Lily, Mia, Anna, Sara, Emma, Lucy, Nora, Zoe, Ruby, Ella, Molly, Rosie, Clara, Daisy, Ivy, Maya,
  Tara, Jane, Kate, Poppy, Hana, Leila, Nina, Olive, Penny, Amy, Betsy, Carla, Dora, Elsie, Fern,
  Abby, Bella, Chloe, Diana, Flora, Gina, Helen, Ida, Julia, Kim, Laura, Mara, Naomi, Paula, Rachel,
  Stella, Tina, Violet, Yara, Ayla, Grace, Hazel, Iris, June, Kira, Lena, Mabel, Nell, Priya, Rita, Sofia, Tess, Una, Vera, Wendy`);

const boys = list(`
  Tom, Ben, Sam, Max, Leo, Jack, Finn, Noah, Tim, Eli, Oscar, Hugo, Sami, Luca, Omar, Theo, Peter,
  Adam, Dan, Felix, George, Henry, Ivan, Joe, Ken, Louis, Mark, Nico, Otto, Paul, Ravi, Simon, Toby,
  Alex, Billy, Charlie, David, Edgar, Freddy, Greg, Hans, Isaac, Jimmy, Kevin, Liam, Mario, Nathan,
  Owen, Pedro, Robin, Steve, Tariq, Walter, Victor, Will, Yusuf, Zack, Arlo, Bruno, Carlos, Dylan, Emil, Frank, Gus, Harry, Jonas`);

const animalNames = list(`
  Pip, Coco, Nutmeg, Button, Biscuit, Pepper, Ziggy, Momo, Tiggy, Bramble, Pickle, Waffle, Clover,
  Rolo, Dot, Fuzzy, Patch, Twig, Sunny, Bobo, Minty, Scout, Tink, Pudding, Rusty, Snowy, Peanut,
  Whiskers, Bubbles, Cookie, Maple, Noodle, Pebble, Sprout, Tumble, Velvet, Widget, Acorn, Basil, Truffle, Olaf, Sesame, Tofu, Jasper, Mango, Cricket, Dusty,
  Freckles, Hopper, Lulu, Misty, Speedy, Teddy, Wally, Fidget`);

const furry = 'small, little, brown, gray, white, fluffy, soft, young, quick, shy, round, tiny';
const animalKinds: [adjectives: string, kinds: string][] = [
  [furry, 'rabbit, mouse, squirrel, cat, dog, hamster, fox, puppy, kitten, bunny, chipmunk, otter'],
  ['big, brown, strong, gentle, sleepy, young, hungry', 'bear, pony, donkey, goat, lion, badger'],
  ['little, spotted, green, slow, wise, tiny, happy', 'turtle, frog, ladybug, lizard, snail, toad'],
  ['small, gray, yellow, noisy, young, clever, blue', 'duck, owl, parrot, penguin, crow, chick'],
  ['playful, little, funny, young, clever, busy', 'monkey, raccoon, beaver, panda, mole, piglet'],
];

function child(kind: string, pronouns: Pronouns): (name: string) => Entry {
  return (name) => ({
    ...pronouns,
    base: name,
    kind,
    who: name,
    home: '{home}',
    intro: `[little|little|young|small|clever|kind|happy|quiet|brave|curious|cheerful] ${kind} named ${name}`,
  });
}

/** Each kind of animal has half of the names, boys and girls in turn. */
function animals(): Entry[] {
  return animalKinds.flatMap(([adjectives, kinds]) =>
    list(kinds).flatMap((kind, k) =>
      animalNames
        .filter((_, n) => (n + k) % 2 === 0)
        .map((name, n) => ({
          ...((n + k) % 3 === 0 ? female : male),
          base: name,
          kind,
          who: `${name} the ${kind}`,
          home: '{den}',
          intro: `[${list(adjectives).join('|')}] ${kind} named ${name}`,
        })),
    ),
  );
}

const girlEntries = girls.map(child('girl', female));
const boyEntries = boys.map(child('boy', male));
const children = [...girlEntries, ...boyEntries];

/** Possible main characters: two times in three a child. */
export const character: Entry[] = balanced(children, animals(), 2);

/** Repeats the first list until it is `times` as long as the second. */
function balanced(often: Entry[], seldom: Entry[], times: number): Entry[] {
  const copies = Math.ceil((times * seldom.length) / often.length);
  return [...Array.from({ length: copies }, () => often).flat(), ...seldom];
}

function relative(base: string, name: string, pronouns: Pronouns): Entry {
  return { ...pronouns, base, name };
}

/** "her {elder}"; `name` is how one calls to them. */
export const elder: Entry[] = [
  relative('mom', 'Mom', female),
  relative('mom', 'Mom', female),
  relative('dad', 'Dad', male),
  relative('dad', 'Dad', male),
  relative('grandma', 'Grandma', female),
  relative('grandpa', 'Grandpa', male),
  relative('aunt', 'Auntie', female),
  relative('uncle', 'Uncle', male),
  relative('big sister', 'sister', female),
  relative('big brother', 'brother', male),
];

function helper(base: string, pronouns: Pronouns): Entry {
  return { ...pronouns, base: `the ${base}`, intro: `[kind|friendly|helpful|jolly|wise] ${base}` };
}

/** Grown-ups to meet; `intro` needs an article. */
export const helperPool: Entry[] = [
  ...list(
    'farmer, baker, fisherman, mailman, fireman, gardener, shopkeeper, carpenter, painter, old man, bus driver, sailor, cook, janitor, blacksmith, shepherd, pilot, clown, plumber',
  ).map((base) => helper(base, male)),
  ...list(
    'teacher, doctor, nurse, neighbor, librarian, old woman, policewoman, dancer, tailor, singer, painter, beekeeper, postwoman, lady, scientist, waitress, weaver, florist, zookeeper',
  ).map((base) => helper(base, female)),
];

export const trait = list(`
  kind, brave, curious, clever, gentle, cheerful, careful, friendly, patient, playful, polite, helpful,
  thoughtful, honest, lively, silly, quiet, busy, generous, hopeful, bold, calm, loyal, adventurous`);
