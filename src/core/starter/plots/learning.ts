import type { Plot } from './plot';

export const newSkill: Plot = {
  name: 'learning something',
  acts: [
    [
      ['{opening}'],
      [
        '{hero} wanted to learn to {skill}.',
        'More than anything, {hero} wanted to {skill}.',
        '{hero.his} friend {friend} could {skill}, and {hero} wanted to do it too.',
      ],
      ['{oneDay}{hero} tried for the first time.', '{oneDay}{hero.he} gave it a try.'],
    ],
    [
      ['But {skill.fail}.', '{hero} tried hard, but {skill.fail}.'],
      ['{hero} tried again. It was no better.', '{hero.he} tried again and again.', ''],
      [
        '"I cannot do it!" cried {hero}.',
        '"It is too hard," said {hero}, and {hero.he} {wept}.',
        '{hero} felt {sad}. {hero.he} wanted to give up.',
      ],
      [
        '{hero.his} {elder} sat down next to {hero.him}. "Do not give up," {elder.he} said.',
        '{friend} came by and said, "It took me a long time too."',
        '"Everyone has to practice," said {hero.his} {elder}.',
      ],
      [
        '"Try to {skill.advice}," said {hero.his} {elder}.',
        '"The secret is to {skill.advice}," said {hero.his} {elder}.',
      ],
    ],
    [
      [
        'So {hero} practiced every day. {after} {hero.he} {skill.past}!',
        '{hero} tried one more time. This time {hero.he} {skill.past}!',
        'The next day, {hero} tried again. Slowly, it got better. Then {hero.he} {skill.past}!',
      ],
      ['"I did it!" {hero} shouted.', '{hero} {rejoiced}.', '"Look at me!" called {hero}.'],
      [
        '"I am so proud of you," said {hero.his} {elder}.',
        'Everyone clapped.',
        '{hero} was {gladThat} that {hero.he} did not give up.',
      ],
      ['{ending}', ''],
    ],
  ],
};

export const brokenThing: Plot = {
  name: 'telling the truth',
  acts: [
    [
      ['{opening}'],
      [
        '{oneDay}{hero} was playing with {a toy.full} {room.in}.',
        '{oneDay}it was raining, so {hero} ran around {room.in}.',
        '{oneDay}{hero} was dancing {room.in}.',
      ],
      [
        'Crash! The {fragile.full} fell on the floor and broke.',
        '{hero} bumped into the table, and {a fragile.full} fell down. It broke into many pieces.',
      ],
      [
        'It was the favorite {fragile} of {hero.his} {elder}.',
        '"Oh no!" said {hero}. "{elder.name} loves that {fragile}."',
      ],
    ],
    [
      [
        '{hero} was {afraid}. {hero.he} hid the pieces {hidingIndoors}.',
        '{hero} put the pieces {hidingIndoors} and did not tell anyone.',
      ],
      [
        '{after} {hero.his} {elder} came in. "Where is my {fragile}?" {elder.he} asked.',
        'In the evening, {hero.his} {elder} looked for the {fragile}. "Have you seen it?" {elder.he} asked.',
      ],
      [
        '"I do not know," said {hero}. But {hero.his} tummy felt funny.',
        '{hero} wanted to say no, but {hero.he} could not.',
        '{hero} looked down. {hero.his} face was red.',
      ],
      [
        'Then {hero} took a deep breath. "I broke it," {hero.he} said. "I am very sorry."',
        '{hero} began to cry. "It was me," {hero.he} said. "I am sorry."',
      ],
    ],
    [
      [
        '{hero}\'s {elder} was not angry. "Thank you for telling the truth," {elder.he} said.',
        '"It was only {a fragile}," said {hero.his} {elder}. "You are more important."',
        '{hero.his} {elder} hugged {hero.him}. "I am glad that you told me," {elder.he} said.',
      ],
      [
        'They glued the pieces together.',
        'Together they swept up the pieces.',
        '{hero} made a card for {hero.his} {elder} to say sorry.',
        '',
      ],
      [
        '{hero} learned that it is best to tell the truth.',
        'After that, {hero} always told the truth.',
        '{hero} felt much better.',
      ],
    ],
  ],
};

export const brokenRule: Plot = {
  name: 'broken rule',
  acts: [
    [
      ['{opening}'],
      [
        '{hero.his} {elder} always said, "{hero}, do not {rule}."',
        '{oneDay}{hero.his} {elder} said, "Please do not {rule}." "I will not," said {hero}.',
      ],
      [
        'But {hero} wanted to know why.',
        'But {hero} did not listen.',
        'But {hero} thought that it would be fun.',
      ],
    ],
    [
      [
        'When nobody was looking, {hero.he} {rule.past}.',
        'Soon {hero} was alone. {hero.he} {rule.past}.',
      ],
      ['Then {rule.harm}!', 'Suddenly {rule.harm}.', 'And what happened? {rule.harm}!'],
      [
        '"[Ow|Oh no|Help]!" cried {hero}.',
        '{hero} {wept}.',
        '{hero} was {afraid} and called for help.',
      ],
      [
        '{hero.his} {elder} came running and helped {hero.him}.',
        '{helper} heard {hero.him} and came to help.',
        '{hero.his} {elder} came at once. {elder.he} made everything right again.',
      ],
    ],
    [
      ['"I am sorry," said {hero}. "I did not listen."', '"I should have listened," said {hero}.'],
      [
        '"I only want you to be safe," said {hero.his} {elder}.',
        '"Now you know why," said {hero.his} {elder}, and kissed {hero.him}.',
        '{elder.he} gave {hero} a hug. "I love you," {elder.he} said.',
      ],
      [
        'After that, {hero} always listened to {hero.his} {elder}.',
        '{hero} never did it again.',
        '{hero} learned to listen.',
      ],
    ],
  ],
};

export const garden: Plot = {
  name: 'growing a plant',
  acts: [
    [
      ['{opening}'],
      [
        '{oneDay}{hero.his} {elder} gave {hero.him} {a plant} seed.',
        '{oneDay}{helper} gave {hero} a tiny seed. "It is {a plant} seed," {helper.he} said.',
      ],
      [
        '{hero} dug a little hole and put the seed in.',
        '{hero} planted it [in the garden|in a pot|behind the house|near the fence] and gave it some water.',
      ],
    ],
    [
      [
        'The next day, {hero} ran to look. There was nothing.',
        '{hero} waited and waited, but nothing happened.',
      ],
      [
        '"Why does it not grow?" {hero} asked.',
        '"Maybe it is asleep," said {hero}.',
        '{hero} felt {sad}.',
      ],
      [
        '"You must be patient," said {hero.his} {elder}. "Give it water and sun."',
        '"Good things take time," said {hero.his} {elder}.',
      ],
      [
        'Every [day|morning], {hero} gave it water. {hero.he} even sang to it.',
        '{hero} pulled out the weeds and chased away the [snails|crows|bugs|slugs].',
      ],
    ],
    [
      [
        '{after} a small green leaf came out of the ground. It grew and grew.',
        'Then, one {kindOfDay2} morning, there was a tiny green plant!',
      ],
      ['It grew all summer long. At last it was {plant.crop}!', 'It became {plant.crop}.'],
      [
        '{hero} {rejoiced} and showed it to {friend}.',
        '{hero} was {glad}. "I grew it all by myself!" {hero.he} said.',
        '"You took good care of it," said {hero.his} {elder}.',
      ],
      ['{ending}', ''],
    ],
  ],
};
