import { list } from '../pools';

export const glad = list(`
  happy, glad, proud, joyful, cheerful, excited, pleased, delighted, thankful, thrilled, very happy,
  very proud, so happy, so glad, content, merry, overjoyed`);

/** Before "that ...". */
export const gladThat = list('glad, happy, so glad, very happy, pleased, delighted, so happy');

export const sad = list(`
  sad, upset, unhappy, worried, very sad, so sad, disappointed, miserable, gloomy,
  heartbroken, sorrowful, very upset`);

export const afraid = list(`
  afraid, scared, frightened, nervous, very scared, worried, a little afraid, so scared, shaky, alarmed`);

export const angry = list('angry, cross, mad, grumpy, very angry, annoyed, upset, furious');

export const sorry = list('sorry, ashamed, very sorry, sad and sorry, guilty, so sorry');

/** Actions of a happy character. */
export const rejoiced = list(`
  smiled, laughed, jumped for joy, clapped, danced around, cheered, grinned, gave a big smile, giggled,
  sang a happy song, hopped up and down, twirled around, beamed, whistled a tune`);

/** Actions of a sad character. */
export const wept = list(`
  cried, began to cry, sighed, sat down and cried, looked at the ground, felt a tear on {hero.his} cheek,
  hung {hero.his} head, sobbed, frowned, sniffled, whimpered, wanted to cry`);
