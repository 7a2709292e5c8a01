import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { Dice } from './dice';
import { tooDeepAt } from '../../src/core/model/json-tree';
import type { Mutation } from './text-mutations';

/** Numbers at which arithmetic, or a format of numbers, ends. */
const numbers = [
  ...['1e308', '-1e308', '1e999', '-1e999', '-0', '0', '0.1', '-1', '1', '2', '1.5', '5e-324'],
  ...['9007199254740992', '9007199254740993', '4294967296', '2147483648', '65535', '65536'],
  ...[
    '32767',
    '32768',
    '4096',
    '1e3',
    '1E+2',
    '00',
    '0x10',
    '.5',
    '1.',
    '1e',
    '-',
    'NaN',
    'Infinity',
  ],
];

const otherValues = [
  'null',
  'true',
  'false',
  '""',
  '"text"',
  '[]',
  '{}',
  '[[1], {"a": null}]',
].concat(
  '"\\ud800"',
  '"\\u0000"',
  '"/"',
  '"../../x"',
  '"*.{txt,[a-z"',
  '"%"',
  '"a b\\nc"',
  '{"dim": {"dim": {}}}',
);

/** Names that every JavaScript object inherits, and others that a program may mishandle. */
const names = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  '0',
  'a.b',
].concat('architecture.dim', 'dim ', 'Dim', 'n_head', '\\u0064im', '\\ud800', 'value');

/** Values, or names of fields, in the readable part of a text. */
function nodesOf(text: string, wanted: 'values' | 'names' | 'objects'): Node[] {
  if (tooDeepAt(text) !== undefined) return [];
  const found: Node[] = [];
  const collect = (node: Node): void => {
    const [name, value] = node.type === 'property' ? (node.children ?? []) : [];
    if (wanted === 'names' && name) found.push(name);
    if (wanted === 'objects' && node.type === 'object') found.push(node);
    if (node.type === 'property') {
      if (wanted === 'values' && value) found.push(value);
      if (value) collect(value);
    } else {
      for (const child of node.children ?? []) collect(child);
    }
  };
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root) collect(root);
  return found.filter(({ length }) => length >= 0);
}

function replace(text: string, { offset, length }: Node, content: string): string {
  return text.slice(0, offset) + content + text.slice(offset + length);
}

/** Puts something in the place of one of the nodes, where there is any. */
function replaceOne(text: string, nodes: readonly Node[], content: string, dice: Dice): string {
  return nodes.length > 0 ? replace(text, dice.pick(nodes), content) : text;
}

const extremeNumber: Mutation = (text, dice) => {
  const values = nodesOf(text, 'values').filter(({ type }) => type === 'number');
  return replaceOne(text, values, dice.pick(numbers), dice);
};

/** A size of the network becomes another that the schema allows, which leads further than to it. */
const plausibleSize: Mutation = (text, dice) => {
  const root = tooDeepAt(text) === undefined ? parseTree(text) : undefined;
  const architecture = root && findNodeAtLocation(root, ['architecture']);
  const values = (architecture?.children ?? [])
    .flatMap(({ children }) => children?.[1] ?? [])
    .filter(({ type }) => type === 'number');
  return replaceOne(text, values, String(1 + dice.below(2 ** dice.below(17))), dice);
};

const otherType: Mutation = (text, dice) =>
  replaceOne(text, nodesOf(text, 'values'), dice.pick(otherValues), dice);

const swapValues: Mutation = (text, dice) => {
  const values = nodesOf(text, 'values');
  if (values.length === 0) return text;
  const { offset, length } = dice.pick(values);
  return replaceOne(text, values, text.slice(offset, offset + length), dice);
};

const otherName: Mutation = (text, dice) =>
  replaceOne(text, nodesOf(text, 'names'), `"${dice.pick(names)}"`, dice);

const extraField: Mutation = (text, dice) => {
  const objects = nodesOf(text, 'objects');
  if (objects.length === 0) return text;
  const { offset } = dice.pick(objects);
  const field = `"${dice.pick(names)}": ${dice.pick(otherValues)},`;
  return text.slice(0, offset + 1) + field + text.slice(offset + 1);
};

const longString: Mutation = (text, dice) => {
  const length = dice.chance(0.004) ? 100_000 : 100 + dice.below(5000);
  const content = `"${dice.pick(['x', 'a/', '\\n', '\\ud83d', '\u00e9', '/']).repeat(length)}"`;
  return replaceOne(text, nodesOf(text, dice.pick(['values', 'names'])), content, dice);
};

export const valueMutations: readonly Mutation[] = [
  extremeNumber,
  plausibleSize,
  plausibleSize,
  otherType,
  swapValues,
  otherName,
  extraField,
  longString,
];
