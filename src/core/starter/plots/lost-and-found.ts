import type { Plot } from './plot';

export const lostToy: Plot = {
  name: 'lost toy',
  acts: [
    [
      ['{opening}'],
      [
        '{hero} had {a toy.full}. {hero.he} took it everywhere.',
        '{hero.his} favorite thing was {a toy.full}.',
        '{hero} had {a toy.full} that {hero.he} loved very much.',
      ],
      ['{atPlay}'],
    ],
    [
      [
        'When it was time to go home, {hero} could not find the {toy}.',
        '{after} {hero} looked around. The {toy} was gone!',
        'Suddenly, {hero} saw that the {toy} was not there any more.',
      ],
      [
        '{hero} felt {sad}.',
        '{hero} {wept}.',
        '"[Oh no|Oh dear]! Where is my {toy}?" {hero} cried.',
      ],
      [
        '{friend.who} heard {hero.him}. "What is wrong?" asked {friend}.',
        '{a friend.intro} came along. "Why are you so sad?" {friend.he} asked.',
        'Just then, {hero} met {friend.who}. "Can I help you?" asked {friend}.',
      ],
      [
        '"I lost my {toy}," said {hero}.',
        '"My {toy} is gone," said {hero}. "I have looked [everywhere|all over]."',
      ],
      [
        '"Do not worry," said {friend}. "We will find it together."',
        '"I will help you look for it," said {friend}.',
        '"Let us look for it," said {friend}.',
      ],
    ],
    [
      [
        'They looked {hiding}, but it was not there. Then they looked {hiding2}.',
        'First they looked {hiding}. Then they looked {hiding2}.',
        'They looked {hiding}. They [found|saw] only {a toy2.full}. Then they looked {hiding2}.',
      ],
      [
        'There was the {toy}!',
        'And there it was!',
        '"I see it!" shouted {friend}. It was the {toy}!',
      ],
      ['{thanks}', '{hero} {rejoiced}. {thanks}'],
      ['{endingTogether}', '{ending}'],
    ],
  ],
};

export const lostChild: Plot = {
  name: 'lost in a crowd',
  acts: [
    [
      ['{opening}'],
      [
        '{oneDay}{hero} went to the [market|fair|zoo|museum|train station|big shop] with {hero.his} {elder}. There were many people.',
        '{oneDay}{hero.his} {elder} took {hero} to the [market|fair|zoo|circus|parade|harbor].',
      ],
      [
        '{hero} stopped to look at {a toy.full}.',
        '{hero} saw {a toy.full} in a window and stopped.',
        'There was so much to see. {hero} ran to look at {a toy.full}.',
      ],
    ],
    [
      [
        'When {hero} turned around, {hero.his} {elder} was not there.',
        'When {hero.he} looked up, {hero.he} could not see {hero.his} {elder}.',
      ],
      ['{hero} was {afraid}.', '{hero} {wept}.', '"{elder.name}, where are you?" {hero} called.'],
      [
        '{a helper.intro} saw {hero.him}. "Are you lost?" {helper.he} asked.',
        '{helper} [stopped|came over] and asked, "Are you all alone?"',
      ],
      [
        '"Yes," said {hero}. "I cannot find my {elder}."',
        '{hero} nodded. "I want my {elder}," {hero.he} said.',
      ],
      [
        '"Stay here with me," said {helper}. "We will wait together."',
        '"What does {elder.he} look like?" asked {helper}. "{elder.he} has [a red hat|a green coat|a kind face|curly hair|big glasses|a blue scarf]," said {hero}.',
      ],
    ],
    [
      [
        'Soon {hero} heard a voice. It was {hero.his} {elder}!',
        '{after} {hero.his} {elder} came running.',
        'Then {hero} saw {hero.his} {elder} and ran to {elder.him}.',
      ],
      [
        '{elder.he} hugged {hero} for a long time.',
        '"I looked for you everywhere!" said {hero.his} {elder}.',
        '"I am so glad that I found you," said {hero.his} {elder}.',
      ],
      [
        '{hero} thanked {helper} and held on to {hero.his} {elder} all the way home.',
        '"Next time, I will hold your hand," said {hero}.',
        '{hero} and {hero.his} {elder} thanked {helper}.',
      ],
      ['{ending}', ''],
    ],
  ],
};

export const treasureMap: Plot = {
  name: 'treasure map',
  acts: [
    [
      ['{openingWithFriend}'],
      [
        '{oneDay}{hero} found an old map {hidingIndoors}.',
        '{oneDay}{hero} opened an old book, and a map fell out.',
        '{oneDay}{friend} came with a big smile. "Look, I found a map!" {friend.he} said.',
      ],
      [
        '"It shows the way to a treasure!" said {hero}.',
        'There was a red cross on it. "That must be a treasure," said {friend}.',
      ],
    ],
    [
      [
        'They walked {outdoors.to}. Then they went past an old tree and over a little bridge.',
        'They followed the map {outdoors.to}. They counted [ten|twenty|thirty|one hundred] steps.',
        'First the map took them {outdoors.to}, and then {outdoors2.to}.',
      ],
      [
        '"I am tired," said {friend}. "We are almost there," said {hero}.',
        'It began to rain, but they did not stop.',
        'The way was long, but they sang a song as they walked.',
        '',
      ],
      [
        'They began to dig {digging}. They dug and dug.',
        'The red cross was {digging}. They dug with their hands.',
      ],
      [
        '{after} they found a box. In the box was {a toy.full}!',
        '{after} they found a small box full of {treasures}!',
      ],
    ],
    [
      [
        '"We are rich!" laughed {hero}.',
        '"This is the best treasure in the world," said {friend}.',
        '"Who put it here?" asked {hero}. "I did," said {hero.his} {elder}, who stood behind a tree and laughed.',
      ],
      ['They shared the treasure and {rejoiced}.', 'They took it home to show it to everyone.'],
      ['{endingTogether}'],
    ],
  ],
};

export const tidyRoom: Plot = {
  name: 'messy room',
  acts: [
    [
      ['{opening}'],
      [
        '{hero} never [cleaned|tidied] up. {hero.his} room was full of toys and {treasures}.',
        '{hero.his} room was a big mess. There was {a toy.full} on the floor and {a toy2.full} on the bed.',
      ],
      [
        '{oneDay}{hero.his} {elder} said, "{hero}, please clean your room."',
        '{oneDay}{hero.his} {elder} came in. "What a mess!" {elder.he} said.',
      ],
      [
        '"I do not want to," said {hero}.',
        '"Not now," said {hero}. "I want to {indoorFun}."',
        '"Later," said {hero}, and went {outdoors.to}.',
      ],
    ],
    [
      [
        '{after} {hero} wanted to play with {hero.his} {toy3}, but {hero.he} could not find it.',
        'Then {hero} looked for {hero.his} {toy3.full}. It was not there.',
      ],
      ['{hero} {wept}.', '{hero} felt {sad}.', '"Where can it be?" {hero.he} asked.'],
      [
        '"Maybe it is under the mess," said {hero.his} {elder}. "Let us clean up together."',
        '"If you clean your room, you will find it," said {hero.his} {elder}.',
      ],
      [
        'They put the books on the shelf and the toys in the box.',
        '{hero} picked up the toys, one by one. {elder.he} helped with the clothes.',
        '{hero} put the {toy} away, and then the {toy2}.',
      ],
    ],
    [
      [
        'And then {hero} saw the {toy3} {hidingIndoors}!',
        'At the very bottom, {hidingIndoors}, was the {toy3}!',
      ],
      ['{hero} {rejoiced}.', '"I found it!" {hero} shouted.'],
      [
        'Now {hero} likes a clean room, because {hero.he} can find {hero.his} things.',
        'After that, {hero} cleaned {hero.his} room every [week|day|evening].',
        '"A clean room is a good room," said {hero.his} {elder}.',
      ],
    ],
  ],
};
