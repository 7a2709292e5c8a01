import type { Plot } from './plot';

export const hurtCreature: Plot = {
  name: 'hurt animal',
  acts: [
    [
      ['{opening}'],
      ['{atPlay}'],
      [
        '{hiding}, {hero.he} found {a creature.full}. Its {creature.limb} was hurt.',
        'Then {hero.he} heard a small sound. "{creature.sound}, {creature.sound}!" It was {a creature.full} with a hurt {creature.limb}.',
      ],
    ],
    [
      [
        '"You poor little thing," said {hero}. "I will help you."',
        '"Do not be afraid," said {hero} in a soft voice.',
      ],
      [
        '{hero} picked it up very gently and took it home.',
        '{hero} wrapped it in {hero.his} scarf and carried it to {hero.his} {elder}.',
        '{hero} ran to get {helper}, who knew a lot about animals.',
      ],
      [
        'They put a bandage on its {creature.limb} and gave it some {snacks}.',
        'They made a bed for it in a box and gave it water.',
      ],
      [
        'Every day, {hero} fed the {creature} and talked to it.',
        'The {creature} slept a lot. {hero} sat next to it and {indoorFun.past}.',
      ],
    ],
    [
      [
        '{after} the {creature} was well again.',
        'After a week, its {creature.limb} was strong again.',
      ],
      [
        '{hero} took it back {outdoors.to}. The {creature} looked at {hero.him} and then {creature.away}.',
        '"It is time to say goodbye," said {hero.his} {elder}. The {creature} {creature.away}.',
      ],
      [
        '{hero} was a little sad, but also {glad}.',
        '"Goodbye, little friend!" called {hero}.',
        'Sometimes the {creature} came back to say hello.',
      ],
      ['{ending}', ''],
    ],
  ],
};

export const stuck: Plot = {
  name: 'stuck up high',
  acts: [
    [
      ['{openingWithFriend}'],
      ['{friendsAtPlay}'],
      [
        'Then they heard a sound. "{creature.sound}, {creature.sound}!" There was {a creature.full} {highPlace}. It was stuck.',
        '"Look!" said {friend}. {a creature.full} was {highPlace}, and it could not get down.',
      ],
    ],
    [
      ['"We must help it," said {hero}.', '"It is so afraid," said {hero}. "What can we do?"'],
      [
        '{hero} jumped as high as {hero.he} could, but {hero.he} could not reach it.',
        '{hero} climbed on a box, but it was still too high.',
        '{friend} stood on the back of {hero}, but they both fell down.',
      ],
      [
        '{friend} had an idea. "Let us ask {helper}!" {friend.he} said.',
        '"I know who can help," said {hero}, and they ran to {helper}.',
      ],
      [
        '{helper} came with a long ladder and climbed up.',
        '{helper} brought a big basket on a rope.',
        '{helper} held out some {snacks} and called softly.',
      ],
    ],
    [
      [
        'Slowly, the {creature} came down. It was safe!',
        'Soon the {creature} was safe on the ground.',
      ],
      [
        '"{creature.sound}!" said the {creature}, and it {creature.away}.',
        'The {creature} looked at them as if to say thank you.',
      ],
      ['"Thank you!" said {hero} and {friend}.', '"We make a good team," said {helper}.'],
      ['{endingTogether}'],
    ],
  ],
};

export const missingIngredient: Plot = {
  name: 'missing ingredient',
  acts: [
    [
      ['{opening}'],
      [
        '{oneDay}{hero} wanted to make {a dish.full} for {hero.his} {elder}.',
        '{oneDay}{hero} and {hero.his} {elder} wanted to make {a dish.full}.',
      ],
      [
        '{hero} put on an apron and got a big bowl.',
        '{hero} washed {hero.his} hands and opened the cupboard.',
      ],
    ],
    [
      ['But there was no {ingredient}!', '"Oh no," said {hero}. "We have no {ingredient}."'],
      [
        '{hero} went to {friend}, who lived next door. "Do you have some {ingredient}?" {hero.he} asked.',
        'So {hero} ran to {helper}. "Can I have some {ingredient}, please?" {hero.he} asked.',
      ],
      [
        '"Of course," was the answer. "But save a piece for me!"',
        '"Here you are," was the answer. {hero} said thank you and ran home.',
      ],
      [
        '{hero} mixed the {ingredient} with {ingredient2} and [stirred|stirred and stirred|counted to one hundred].',
        'They put in the {ingredient} and some {ingredient2}. Then they waited.',
      ],
    ],
    [
      ['Soon the whole house smelled good.', '{after} the {dish} was ready. It smelled wonderful.'],
      [
        '{hero} gave everyone a piece. "Yum!" they all said.',
        '"This is the best {dish} I have ever had," said {hero.his} {elder}.',
        'They all ate until they were full.',
      ],
      [
        'And of course, {hero} gave some to those who had helped.',
        '{hero} was {gladThat} that {hero.he} had made it.',
        '{ending}',
      ],
    ],
  ],
};

export const building: Plot = {
  name: 'building together',
  acts: [
    [
      ['{openingWithFriend}'],
      [
        '{oneDay}they wanted to build {a building} {building.place}.',
        '{oneDay}{hero} said, "Let us build {a building}!" "Yes!" said {friend}.',
      ],
      [
        'They got a lot of {building.stuff}. They {building.past} all [day|morning|afternoon].',
        'They {building.past} until they were tired.',
      ],
    ],
    [
      [
        'Then a [big wind|big dog|strong gust] came, and the {building} fell down.',
        'Crash! The {building} fell down.',
      ],
      [
        '"Now it is all gone," said {friend}, and {friend.he} was {sad}.',
        '{hero} was {angry}. "It is your fault!" {hero.he} said. "No, it is your fault!" said {friend}.',
      ],
      [
        'They sat down and did not talk for a long time.',
        '{hero.his} {elder} saw them. "You can build it again," {elder.he} said. "This time, make it stronger."',
      ],
      [
        'Then {hero} said, "Let us try again. We can make it better."',
        '"I am sorry," said {hero}. "Let us start again."',
      ],
    ],
    [
      [
        'They worked side by side. {hero} held the {building.stuff}, and {friend} did the rest.',
        'They used more {building.stuff} this time, and they did not hurry.',
      ],
      [
        '{after} the new {building} was done. It was bigger than before!',
        'The new {building} was [strong|tall|beautiful], and it did not fall.',
      ],
      ['They put {a toy.full} on top and {rejoiced}.', '"We did it together!" said {friend}.'],
      ['{endingTogether}'],
    ],
  ],
};

export const birthday: Plot = {
  name: 'birthday surprise',
  acts: [
    [
      ['{openingWithFriend}'],
      [
        'It was the birthday of {friend}, and {hero} wanted to give {friend.him} something special.',
        'Tomorrow was the birthday of {friend}. "What can I give {friend.him}?" thought {hero}.',
      ],
    ],
    [
      [
        '{hero} looked in the shop. There was {a toy.full}, but {hero.he} had only [one coin|two coins|three coins].',
        '{hero} wanted to buy {a toy.full}, but it cost too much.',
      ],
      ['{hero} felt {sad}.', '{hero} went home and {wept}.', ''],
      [
        '"You can make something," said {hero.his} {elder}.',
        'Then {hero} had an idea. "I will make a gift!" {hero.he} said.',
      ],
      [
        '{hero} took some {treasures} and some [paper|string|glue|paint|wool] and went to work.',
        '{hero} got up early and made {a dish.full} with {hero.his} {elder}.',
        '{hero} painted a picture of {friend} and put some {treasures} around it.',
      ],
    ],
    [
      [
        'When {friend} came, everyone shouted, "Surprise!"',
        'The next day, {hero} went to the party. There were balloons and {snacks}.',
      ],
      [
        '{hero} gave {friend} the gift. {friend} opened {friend.his} eyes wide.',
        '"This is for you," said {hero}. "I made it."',
      ],
      [
        '"It is the best gift of all," said {friend}.',
        '"I love it!" said {friend}. "Thank you, {hero}!"',
      ],
      [
        'They {indoorFun.past} and ate [cake|ice cream|pie] until it was dark.',
        '{hero} was {glad}. A gift from the heart is the best gift.',
      ],
    ],
  ],
};
