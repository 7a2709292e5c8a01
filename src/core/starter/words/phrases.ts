/** Sentences that many plots begin, join or end with. */
const opening = [
  'Once upon a time, there was {a hero.intro}. {hero} lived in {hero.home}.',
  'Once upon a time, there was {a hero.intro}. {hero.he} lived in {hero.home} with {hero.his} {elder}.',
  'There was once {a hero.intro} who lived in {hero.home}.',
  'Once there was {a hero.intro}. {hero.he} [loved|liked] to {indoorFun}.',
  'Once there was {a hero.intro} who loved to {outdoorFun}.',
  'In {hero.home}, there lived {a hero.intro}. {hero} was [very |always |]{trait}.',
  'Once upon a time, {a hero.intro} lived in {hero.home}. Everyone said that {hero} was [very |]{trait}.',
  'Long ago, in {hero.home}, there lived {a hero.intro}.',
];

const openingWithFriend = [
  '{opening} {hero.his} best friend was {a friend.intro}.',
  '{hero} was {a friendlyKind} {hero.kind}. {hero.he} had a [good|best|dear] friend named {friend}.',
  'Once upon a time, there were two friends. One was {a hero.intro}, and the other was {a friend.intro}.',
  '{hero} and {friend} were [best|good] friends. They lived in {hero.home}.',
  '{hero.who} and {friend.who} were [best|good|great] friends. They liked to {outdoorFun} together.',
];

const friendlyKind = ['happy', 'little', 'young', 'cheerful', 'kind', 'lively', 'friendly'];

/** Beginnings of the day of the story. */
const oneDay = [
  'One {kindOfDay} [day|morning|afternoon], ',
  'One {kindOfDay} [day|morning|afternoon], ',
  'One day, ',
  'One [morning|afternoon], ',
];

const atPlay = [
  '{oneDay}{hero} went {outdoors.to} to {outdoorFun}.',
  '{oneDay}{hero} was {outdoorFun.ing} {outdoors.in}.',
  '{oneDay}{hero} and {hero.his} {elder} went {outdoors.to}. {fineDay}',
  '{oneDay}{hero} went {outdoors.to}. {fineDay} {hero} {outdoorFun.past}.',
];

const friendsAtPlay = [
  '{oneDay}{hero} and {friend} went {outdoors.to} to {outdoorFun}.',
  '{oneDay}the two friends were {outdoorFun.ing} {outdoors.in}. {fineDay}',
  '{oneDay}{friend} came to [visit|play with|see] {hero}. They went {outdoors.to} and {outdoorFun.past}.',
];

const after = ['After a while,', 'Soon,', 'At last,', 'A little later,', 'In the end,'];

/** Happy endings. */
const ending = [
  'From that day on, {hero} was [a little braver|never sad for long|always kind to others].',
  '{hero} {rejoiced}. It was the best day ever.',
  'That night, {hero} fell asleep with a smile.',
  'And {hero} never forgot that day.',
  '{hero} went home and told {hero.his} {elder} all about it.',
  '{hero} felt {glad} all day long.',
  'When the sun went down, {hero} went home, tired but {glad}.',
  'That evening, {hero} hugged {hero.his} {elder} and said, "[This was a good day|I had so much fun|What a day]!"',
  '',
];

const endingTogether = [
  'From that day on, {hero} and {friend} were the best of friends.',
  'They both {rejoiced} and {outdoorFun2.past} until the sun went down.',
  '{hero} and {friend} went home together, {glad} and tired.',
  'After that, they always helped each other.',
  'And they lived happily ever after.',
  'They sat down together and shared some {snacks}.',
  '"You are my best friend," said {hero}. "And you are mine," said {friend}.',
  'Then they went back to {outdoorFun2}.',
];

const thanks = [
  '"Thank you, {friend}!" said {hero}.',
  '"Thank you for helping me," said {hero}.',
  '"You are so kind, {friend}," said {hero}. "Thank you!"',
  '{hero} gave {friend} a big hug. "Thank you," {hero.he} said.',
];

const comfort = [
  '"Do not [worry|be afraid]," said',
  '"It will be all right," said',
  '"[Do not be afraid|Come here, dear|I am here]," said',
];

export const phrases = {
  opening,
  openingWithFriend,
  friendlyKind,
  oneDay,
  atPlay,
  friendsAtPlay,
  after,
  ending,
  endingTogether,
  thanks,
  comfort,
};
