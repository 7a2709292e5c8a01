import type { Plot } from './plot';

export const newFriend: Plot = {
  name: 'new friend',
  acts: [
    [
      ['{opening}'],
      [
        'But {hero} had no friends to play with.',
        '{hero} was often alone, and {hero.he} wanted a friend.',
        '{hero.he} wished for a friend.',
      ],
      ['{atPlay}'],
    ],
    [
      [
        'There {hero.he} saw {a friend.intro}. {friend} was sitting all alone.',
        'Then {hero.he} met {a friend.intro}.',
        '{hero} saw someone {hiding}. It was {a friend.intro}.',
      ],
      [
        '"Hello, I am {hero}," said {hero}. "What is your name?"',
        '{hero} was shy at first. Then {hero.he} said, "Hi! My name is {hero}."',
      ],
      [
        '"My name is {friend}," said the {friend.kind}.',
        '"I am {friend}," said the {friend.kind} in a small voice.',
      ],
      [
        '"Do you want to {outdoorFun2} with me?" asked {hero}.',
        '"Would you like {a food.full}?" asked {hero}.',
        '"Why are you alone?" asked {hero}. "I am new here," said {friend}.',
      ],
    ],
    [
      ['"Yes, please!" said {friend}.', '{friend} smiled. "I would love that," {friend.he} said.'],
      [
        'They {outdoorFun2.past} and laughed the whole day.',
        'They shared some {snacks} and {outdoorFun2.past}.',
        '{hero} showed {friend} {hero.his} {toy.full}, and they played with it all afternoon.',
      ],
      [
        '"Will you come again tomorrow?" asked {friend}. "Of course!" said {hero}.',
        '"I am {gladThat} that I met you," said {hero}.',
        'Now {hero} was not alone any more.',
      ],
      ['{endingTogether}', ''],
    ],
  ],
};

export const sharing: Plot = {
  name: 'sharing',
  acts: [
    [
      ['{openingWithFriend}'],
      [
        '{oneDay}{hero} got {a toy.full} from {hero.his} {elder}.',
        '{oneDay}{hero} brought {a toy.full} to play with.',
        '{oneDay}they found {a toy.full} {hiding}.',
      ],
      [
        '"Can I play with the {toy} too?" asked {friend}.',
        '{friend} wanted to play with the {toy} too.',
      ],
    ],
    [
      [
        '"No, it is mine!" said {hero}.',
        '{hero} held the {toy} tight. "No!" {hero.he} said.',
        '"I had it first!" said {hero}, and pulled the {toy} away.',
      ],
      [
        '{friend} was {sad} and went away.',
        '{friend} was {angry}. They both pulled, and the {toy} fell into the mud.',
        '{friend} sat down under a tree and did not say a word.',
      ],
      [
        '{hero} played with the {toy}, but it was no fun to play alone.',
        'Now {hero} had the {toy}, but {hero.he} had no one to play with.',
        '{hero.his} {elder} saw it. "A toy is more fun when you share it," {elder.he} said.',
      ],
    ],
    [
      [
        '{hero} felt {sorry}. {hero.he} went to {friend} and said, "I am sorry. Let us play together."',
        'So {hero} ran to {friend}. "I am sorry," {hero.he} said. "You can have a turn."',
        '{hero} took the {toy} to {friend}. "Here," {hero.he} said. "It is your turn."',
      ],
      ['{friend} smiled. "Thank you," {friend.he} said.', '"Thank you, {hero}!" said {friend}.'],
      [
        'First {friend} had a turn, and then {hero} had a turn.',
        'They played with the {toy} together and had a lot of fun.',
        'They took turns until it was time to go home.',
      ],
      [
        '{hero} learned that sharing makes everyone happy.',
        '{hero} was {gladThat} that {hero.he} had shared.',
        '{endingTogether}',
      ],
    ],
  ],
};

export const race: Plot = {
  name: 'race',
  acts: [
    [
      ['{openingWithFriend}'],
      [
        '{oneDay}there was a big race {outdoors.in}. The prize was {a toy.full}.',
        '{oneDay}{friend} said, "Let us have a race {outdoors.to}!"',
        '{oneDay}{helper} held a race for everyone. The winner would get {a food.full}.',
      ],
      [
        '"I am very fast," said {hero}. "I will win!"',
        '{hero} wanted to win more than anything.',
        '"Nobody is as fast as I am," said {hero}.',
      ],
    ],
    [
      ['"Ready, set, go!" They ran as fast as they could.', 'They lined up. One, two, three, go!'],
      [
        '{hero} was in front. {hero.he} could see the end.',
        'At first {friend} was in front, but then {hero} was faster.',
      ],
      [
        'Then {friend} tripped over a [stone|root|log|stick|rock] and fell. "Ouch, my knee!" cried {friend}.',
        'Suddenly {hero} heard a cry. {friend} had fallen into the mud.',
      ],
      [
        '{hero} stopped. {hero.he} wanted to win, but {friend} was hurt.',
        '{hero} looked at the end of the race, and then at {friend}. {hero.he} turned around.',
      ],
    ],
    [
      [
        '{hero} helped {friend} up. They walked to the end together.',
        '"Hold on to me," said {hero}. Side by side they crossed the line.',
      ],
      [
        'Someone else won, but everyone [clapped|cheered] for {hero}.',
        '"You did not win," said {friend}. "But you are a real friend."',
        '"Helping a friend is better than winning," said {hero.his} {elder}.',
      ],
      ['{hero} felt {glad}.', '{endingTogether}', '{hero} did not mind at all.'],
    ],
  ],
};

export const kindTrade: Plot = {
  name: 'warm gift',
  acts: [
    [
      ['{opening}'],
      [
        'It was {a cold} [day|morning|evening]. {hero} put on {hero.his} warm [coat|hat|scarf|boots|mittens].',
        'It was winter, and {hero} took a walk {outdoors.to} on {a cold} [day|morning].',
      ],
      [
        'On the way, {hero.he} saw {a creature.full}. It was shaking with cold.',
        'There {hero.he} met {a creature.full} that had no home.',
      ],
    ],
    [
      [
        '"You poor thing," said {hero}. "You must be so cold."',
        '"{creature.sound}, {creature.sound}," said the {creature}. It looked [hungry|sad|tired].',
      ],
      [
        '{hero} took off {hero.his} scarf and put it around the {creature}.',
        '{hero} held the {creature} under {hero.his} warm coat.',
        '{hero} gave it some {snacks} and held it in {hero.his} arms.',
      ],
      [
        'Then {hero.he} was cold {hero.himself}, but {hero.he} did not mind.',
        'The {creature} closed its eyes and was warm at last.',
      ],
      [
        'At home, {hero.his} {elder} [lit the fire|made some soup|warmed some milk]. "Can it stay?" asked {hero}.',
        'They went home to {hero.his} {elder}. "Please, can it live with us?" asked {hero}.',
      ],
    ],
    [
      [
        '"Yes," said {hero.his} {elder}. "You have a kind heart."',
        '"It can stay as long as it likes," said {hero.his} {elder}.',
      ],
      [
        'They made a soft bed for it [next to the fire|in a basket|near the window|in a box].',
        '{hero} gave the {creature} a name. {hero.he} called it [Snowflake|Lucky|Star|Mitten|Berry|Cloud|Muffin|Ginger].',
      ],
      [
        'The {creature} and {hero} were friends for ever.',
        'And when the spring came, they {outdoorFun.past} together.',
        '{ending}',
      ],
    ],
  ],
};
