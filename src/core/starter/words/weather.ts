import { list } from '../pools';

/** Whole sentences that set a fine day. */
export const fineDay = [
  'The sun was [bright|warm|shining].',
  'The sky was [blue|clear] and the birds [sang|were singing].',
  'It was a [warm|sunny|lovely|beautiful|perfect] [morning|afternoon|day].',
  'A [soft|cool|gentle] wind blew [over the grass|through the trees|from the sea].',
  'The [flowers|trees] were [full of color|bright and green|moving in the wind].',
  'There was not a cloud in the sky.',
  'The air [smelled of flowers|was fresh and cool|was warm and sweet].',
  'Butterflies [danced in the air|flew over the flowers].',
];

export const storm = list(`
  storm, thunderstorm, heavy rain, snowstorm, strong wind, thick fog, lightning storm, hailstorm`);

/** Adjectives of a day. */
export const kindOfDay = list(`
  sunny, warm, cool, cloudy, windy, bright, lovely, quiet, beautiful, chilly, spring, summer, autumn,
  breezy, fine, rainy, winter`);

export const cold = list('cold, snowy, windy, icy, frosty, freezing, rainy, stormy, gray');
