import type { Plot } from './plot';

export const stormNight: Plot = {
  name: 'storm',
  acts: [
    [
      ['{opening}'],
      [
        'One night, there was {a storm}. {hero} could not sleep.',
        '{oneDay}{hero} was {indoorFun.ing} at home when {a storm} came.',
      ],
      [
        'Boom! went the thunder. The lights went out.',
        'The wind howled, and the windows shook.',
        'The sky was dark, and there was a loud boom.',
      ],
    ],
    [
      [
        '{hero} was {afraid} and hid {hidingIndoors}.',
        '{hero} was {afraid}. {hero.he} held {hero.his} {toy} tight.',
        '"I do not like this," said {hero}.',
      ],
      [
        '{comfort} {hero.his} {elder}. {elder.he} lit a candle.',
        '{hero.his} {elder} came in with a lamp. {comfort} {hero.his} {elder}.',
      ],
      [
        '"The storm is only the sky making music," {elder.he} said. "Listen!"',
        '"Let us count after each flash," {elder.he} said. "One, two, three."',
        '{elder.he} told a story about {animals}, and {hero} forgot to be afraid.',
      ],
    ],
    [
      [
        'They {indoorFun2.past} by the light of the candle.',
        'They drank warm milk and {indoorFun2.past}.',
        'They made shadows on the wall: a bird, a dog, and a rabbit.',
      ],
      [
        '{after} the storm was over.',
        'In the morning, the sun came out.',
        'Then it was quiet again.',
      ],
      [
        '"Look, a rainbow!" said {hero}.',
        '"I was brave," said {hero}. "Yes, you were," said {hero.his} {elder}.',
        '{hero} was not afraid any more.',
      ],
      ['{ending}', ''],
    ],
  ],
};

export const nightNoise: Plot = {
  name: 'noise in the night',
  acts: [
    [
      ['{opening}'],
      [
        'One night, {hero} was in bed when {hero.he} heard a noise {noise.where}. "{noise}!"',
        'It was late, and the house was dark. {hero} heard something {noise.where}. "{noise}!"',
      ],
    ],
    [
      [
        '"Is it a monster?" thought {hero}. {hero.he} pulled the blanket over {hero.his} head.',
        '{hero} was {afraid}. "Who is there?" {hero.he} asked. Nobody answered.',
      ],
      ['"{noise}." There it was again!', 'Then {hero.he} heard it again, "{noise}."'],
      [
        '{hero} called {hero.his} {elder}. "Let us look together," {elder.he} said.',
        '{hero} took {hero.his} {toy.full} in one hand and a lamp in the other. {hero.he} wanted to be brave.',
        '{hero} got out of bed on the tips of {hero.his} toes.',
      ],
    ],
    [
      [
        'Slowly, {hero.he} went to look. It was only {noise.cause}!',
        'And what was it? It was only {noise.cause}.',
      ],
      ['{hero} laughed. "I was afraid of that?" {hero.he} said.', '{hero} had to laugh.'],
      [
        '"Most scary things are not so scary in the light," said {hero.his} {elder}.',
        'Now {hero} knew that there was no monster.',
      ],
      [
        '{hero} went back to bed and slept until morning.',
        '{hero} closed {hero.his} eyes and dreamed of {animals}.',
        '{ending}',
      ],
    ],
  ],
};

export const firstDay: Plot = {
  name: 'first day of school',
  acts: [
    [
      ['{opening}'],
      [
        'It was the first day of school. {hero} put {a toy.full} and {a food.full} in {hero.his} bag.',
        '"Today you will go to school," said {hero.his} {elder}. {hero} was {afraid}.',
      ],
      ['"What if nobody likes me?" asked {hero}.', '"I want to stay at home," said {hero}.'],
      [
        '"Just be {trait2}," said {hero.his} {elder}. "Then you will find a friend."',
        '{hero.his} {elder} held {hero.his} hand all the way.',
      ],
    ],
    [
      [
        'At school, everyone was {indoorFun.ing}. {hero} stood at the door and did not say a word.',
        'In the classroom there were many new faces. {hero} sat down in the last row.',
      ],
      [
        'Next to {hero.him} sat {a friend.intro}. {friend} looked {afraid} too.',
        '{a friend.intro} came up to {hero.him}. "You can sit with me," said {friend}.',
      ],
      [
        '"Would you like half of my {food}?" asked {hero}.',
        '"Do you like to {indoorFun2}?" asked {friend}. "Yes, I do!" said {hero}.',
        '"Is it your first day too?" asked {hero}. {friend} nodded.',
      ],
    ],
    [
      [
        'They sat together and {indoorFun2.past}. The teacher told a story about {animals}.',
        'They learned a song, and at noon they {outdoorFun.past} in the yard.',
      ],
      [
        'When {hero.his} {elder} came, {hero} did not want to go home.',
        '"How was it?" asked {hero.his} {elder}. "I have a friend now!" said {hero}.',
      ],
      [
        '{hero} was {glad}. {hero.he} could not wait for the next day.',
        '{endingTogether}',
        '{ending}',
      ],
    ],
  ],
};

export const wish: Plot = {
  name: 'a wish on a star',
  acts: [
    [
      ['{opening}'],
      [
        'One night, {hero} looked out of the window and saw a falling star.',
        'One night, {hero} and {hero.his} {elder} lay in the grass and looked at the stars.',
      ],
      [
        '"Make a wish!" said {hero.his} {elder}.',
        '"I wish that I could talk to {animals}," said {hero}.',
        '"I wish for {a toy.full}," {hero} said.',
      ],
    ],
    [
      [
        'Then a strange thing happened. A tiny star landed {hiding}.',
        'Suddenly there was a small light {hiding}. It was the star!',
      ],
      [
        '"I fell down," said the star. "Can you help me go back?"',
        '"I am lost," said the star in a small voice. "I want to go home."',
      ],
      [
        '{hero} forgot {hero.his} wish. "I will help you," {hero.he} said.',
        '"Of course," said {hero}. "Home is the best place."',
      ],
      [
        '{hero} tied the star to a kite, and the wind took it up, up, up.',
        '{hero} climbed the highest hill and threw the star as high as {hero.he} could.',
        '{hero} asked an owl, and the owl carried the star into the sky.',
      ],
    ],
    [
      [
        '"Thank you!" called the star, and it shone brighter than all the others.',
        'Now the star was back with its mother, the moon.',
      ],
      [
        'The next morning, there was {a toy2.full} on the bed. {hero} {rejoiced}.',
        'Every night, the star blinks at {hero}, and {hero} waves back.',
        '{hero} went to bed and dreamed of {animals}.',
      ],
      ['{ending}', ''],
    ],
  ],
};

export const rainyDay: Plot = {
  name: 'rainy day',
  acts: [
    [
      ['{openingWithFriend}'],
      [
        '{oneDay}they wanted to {outdoorFun} {outdoors.in}, but it rained and rained.',
        '{oneDay}{hero} looked out of the window. "It is raining," {hero.he} said. "Now we cannot {outdoorFun}."',
      ],
      [
        '{friend} was {sad}. "What a boring day," {friend.he} said.',
        '"There is nothing to do," said {friend}, and sighed.',
      ],
    ],
    [
      [
        '"We can {indoorFun}," said {hero}. So they {indoorFun.past} {room.in}.',
        '{hero}\'s {elder} had an idea. "Why do you not {indoorFun}?" {elder.he} asked.',
      ],
      [
        'Then they found {a toy.full} {hidingIndoors} and made up a game.',
        'They put a blanket over the table. Now it was a ship full of {animals}!',
        'They put on old hats and were {animals} for an hour.',
      ],
      [
        '{hero.his} {elder} brought them some {snacks}.',
        'They made so much noise that {hero.his} {elder} came to play too.',
        '',
      ],
    ],
    [
      [
        'They had so much fun that they did not see the sun come out.',
        'When the rain stopped, they did not want to go out at all.',
        'Then the rain stopped, and they jumped into every puddle.',
      ],
      ['"I like rainy days," said {friend}.', '"Can we do that again tomorrow?" asked {friend}.'],
      ['{endingTogether}', '{hero} {rejoiced}.'],
    ],
  ],
};
