import type { Dice } from './dice';
import { original } from './originals';

/** Spoils a text somewhere. */
export type Mutation = (text: string, dice: Dice) => string;

/** Longest piece that is cut or repeated at once: texts neither vanish nor explode. */
const longestPiece = 200;

function insert(text: string, offset: number, piece: string): string {
  return text.slice(0, offset) + piece + text.slice(offset);
}

function insertAnywhere(text: string, piece: string, dice: Dice): string {
  return insert(text, dice.below(text.length + 1), piece);
}

function somePiece(text: string, dice: Dice): [start: number, end: number] {
  const start = dice.below(text.length + 1);
  return [start, Math.min(text.length, start + 1 + dice.below(longestPiece))];
}

/** A bit of the file on the disk falls over, in the middle of a character as well as not. */
const flipBit: Mutation = (text, dice) => {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return text;
  const at = dice.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8));
  return bytes.toString();
};

const deletePiece: Mutation = (text, dice) => {
  const [start, end] = somePiece(text, dice);
  return text.slice(0, start) + text.slice(end);
};

const cutOff: Mutation = (text, dice) => text.slice(0, dice.below(text.length + 1));

const repeatPiece: Mutation = (text, dice) => {
  const [start, end] = somePiece(text, dice);
  return insert(text, end, text.slice(start, end).repeat(1 + dice.below(3)));
};

/** The beginning of this text and the end of another, like a merge gone wrong. */
const splice: Mutation = (text, dice) => {
  const other = original(dice);
  return text.slice(0, dice.below(text.length + 1)) + other.slice(dice.below(other.length + 1));
};

const strayCharacters = [...'{}[]",:/*\\\n\r\t 0-+.eE'].concat(
  '\u00e9',
  '\u2028',
  '\0',
  '\u{1f600}',
);

const strayCharacter: Mutation = (text, dice) =>
  insertAnywhere(text, dice.pick(strayCharacters), dice);

const loneSurrogate: Mutation = (text, dice) =>
  insertAnywhere(text, dice.pick(['\ud800', '\udfff', '\\ud83d', '\\udc00']), dice);

const comments = [
  '// note\n',
  '/* note */',
  '/* "dim": 1,\n */',
  '/**/',
  '// {[\r\n',
  '/* open',
  '/',
];

/** Behind a bracket or a comma, where a comment is no harm, or anywhere. */
const comment: Mutation = (text, dice) => {
  const places = [...text.matchAll(/[{[,:]/g)].map(({ index }) => index + 1);
  const between = places.length > 0 && dice.chance(0.8);
  const offset = between ? dice.pick(places) : dice.below(text.length + 1);
  return insert(text, offset, dice.pick(comments));
};

const trailingComma: Mutation = (text, dice) => {
  const places = [...text.matchAll(/[}\]]/g)].map(({ index }) => index);
  return places.length > 0 ? insert(text, dice.pick(places), ',') : text;
};

const lineEnds: Mutation = (text, dice) =>
  text.replace(/\r?\n/g, dice.pick(['\r\n', '\r', '\n\n']));

const tabs: Mutation = (text) => text.replace(/ {2}/g, '\t');

const byteOrderMark: Mutation = (text, dice) =>
  dice.chance(0.9) ? `\ufeff${text}` : insertAnywhere(text, '\ufeff', dice);

/** Often far deeper than any parser that calls itself can follow. */
const nesting: Mutation = (text, dice) => {
  const opening = dice.pick(['[', '{"a":', '[{"b":', '[},', '{],"c":']);
  const depth = dice.chance(0.3) ? 10_000 : 1 + dice.below(200);
  return insertAnywhere(text, opening.repeat(depth), dice);
};

export const textMutations: readonly Mutation[] = [
  flipBit,
  deletePiece,
  cutOff,
  repeatPiece,
  splice,
  strayCharacter,
  loneSurrogate,
  comment,
  trailingComma,
  lineEnds,
  tabs,
  byteOrderMark,
  nesting,
];
