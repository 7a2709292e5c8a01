import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { distance } from 'fastest-levenshtein';
import { nearName } from '../near-name';
import type { Fix, JsonPath, JsonValue, Problem } from '../problem';
import { knownEncoding } from './encodings';
import { fieldAt, type SchemaField } from './fields';
import schema from './model.schema.json';
import { presets } from './presets';
import { mostOfAKind } from './unreadable';

/** Result of the schema check: a ModelFile when none of the problems is an error. */
export interface SchemaCheck {
  /** The value without the fields that the schema does not know, its encoding by the schema's name. */
  known: unknown;
  problems: Problem[];
}

/**
 * Checks a value against the schema of model.json. The validator interprets the schema: it makes no
 * code at run time, which a webview's content security policy would refuse.
 */
export function checkSchema(json: unknown): SchemaCheck {
  const unknown: JsonPath[] = [];
  const known = withoutUnknown(json, schema, [], unknown);
  nameEncoding(known);
  const { errors } = validator.validate(known);
  const problems = [
    ...unknown
      .slice(0, mostOfAKind)
      .map((path) => unknownField(path, objectAt(json, path.slice(0, -1)))),
    ...errors.flatMap((unit) => schemaProblem(unit, known) ?? []),
  ];
  return { known, problems };
}

const validator = new Validator(schema as Schema, '7', false);

/**
 * The schema's rule that the value of a field breaks, worded to follow "it"; undefined when it
 * breaks none.
 */
export function fieldProblem(path: string, value: JsonValue): string | undefined {
  const rule = fieldAt(path);
  if (!rule) return undefined;
  const [unit] = new Validator(rule as Schema, '7').validate(value).errors;
  return unit && expected(unit.keyword, rule[unit.keyword as keyof SchemaField]);
}

/** The parts of a schema that are read here beside the validator. */
interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
}

/**
 * A copy without the fields that the schema does not know, whose paths are added to `unknown`.
 * Ignoring them, whatever they hold, keeps files of later versions readable.
 */
function withoutUnknown(
  json: unknown,
  node: SchemaNode,
  path: JsonPath,
  unknown: JsonPath[],
): unknown {
  const { properties } = node;
  if (!properties || typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const known: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(json)) {
    const inner = [...path, field];
    const rule = Object.hasOwn(properties, field) ? properties[field] : undefined;
    if (rule) known[field] = withoutUnknown(value, rule, inner, unknown);
    else unknown.push(inner);
  }
  return known;
}

/** Replaces another spelling of an encoding, such as `Latin1`, by the name that the schema has. */
function nameEncoding(known: unknown): void {
  const { data } = (known ?? {}) as { data?: { encoding?: unknown } | null };
  if (typeof data?.encoding !== 'string') return;
  data.encoding = knownEncoding(data.encoding) ?? data.encoding;
}

function objectAt(json: unknown, path: JsonPath): object {
  const value = valueAt(json, path);
  return typeof value === 'object' && value !== null ? value : {};
}

/** @param object that has it */
function unknownField(path: JsonPath, object: object): Problem {
  const field = path.at(-1) ?? '';
  const parent = path
    .slice(0, -1)
    .reduce<SchemaNode | undefined>((node, step) => node?.properties?.[step], schema);
  const free = Object.keys(parent?.properties ?? {}).filter((name) => !Object.hasOwn(object, name));
  const near = nearName(field, free);
  const remove = {
    title: `Remove "${shortened(field)}"`,
    changes: [{ path, remove: true as const }],
  };
  return {
    code: 'field.unknown',
    severity: 'warning',
    path: path.join('.'),
    message: `Unknown field "${shortened(field)}" is ignored.`,
    fix: near === undefined ? 'Remove it.' : `Did you mean "${near}"?`,
    fixes:
      near === undefined
        ? [remove]
        : [{ title: `Rename to "${near}"`, changes: [{ path, rename: near }] }, remove],
  };
}

/** Enough of a text to know it again. */
function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `#/architecture/dim` -> [`architecture`, `dim`]; the schema's own names need no unescaping. */
function steps(pointer: string): string[] {
  return pointer.split('/').slice(1);
}

/** The part of a path that leads to the first list on it. */
function upToList(root: unknown, path: string[]): string[] {
  const at = path.findIndex((_, depth) => Array.isArray(valueAt(root, path.slice(0, depth))));
  return at < 0 ? path : path.slice(0, at);
}

function valueAt(root: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], root);
}

function schemaProblem(unit: OutputUnit, json: unknown): Problem | undefined {
  // This error only repeats that something inside is wrong, which has an error of its own.
  if (unit.keyword === 'properties' || unit.keyword === 'items') return undefined;
  const whole = steps(unit.instanceLocation);
  // Changes go to fields, so that a list is the place of what is wrong with one of its values.
  const place = upToList(json, whole);
  const path = place.join('.');
  const name = whole.join('.') || 'model.json';
  const shown = shortened(JSON.stringify(valueAt(json, whole)));
  const keyword = steps(unit.keywordLocation);
  const rule = valueAt(schema, keyword);
  const error = (code: string, message: string, fix?: string, fixes?: Fix[]): Problem => ({
    code,
    severity: 'error',
    path,
    message,
    fix,
    fixes,
  });
  switch (unit.keyword) {
    case 'required': {
      const field = /"([^"]+)"/.exec(unit.error)?.[1] ?? '';
      const missing = [...place, field].join('.');
      const fixes = additions([...place, field]);
      return error('field.missing', `${missing} is missing.`, `Add "${field}".`, fixes);
    }
    case 'enum': {
      const choices = nearestChoices(shown, rule as JsonValue[]);
      return error(
        'value.choice',
        `${name} is ${shown}.`,
        choices.length < (rule as JsonValue[]).length
          ? `Did you mean ${choices.join(' or ')}?`
          : `Choose one of ${choices.join(', ')}.`,
        choices.map((value) => ({
          title: `Use ${JSON.stringify(value)}`,
          changes: [{ path: place, value }],
        })),
      );
    }
    case 'const':
      return error(
        'value.version',
        `${name} is ${shown}.`,
        `This program reads ${name} ${String(rule)}.`,
      );
    case 'not': {
      const both = ['path', 'type'];
      const present = objectAt(json, place);
      // Only an object can have both fields: any other value fails the type check instead.
      if (!both.every((field) => Object.hasOwn(present, field))) return undefined;
      return error(
        'tokenizer.ambiguous',
        'The tokenizer has both a type and a path.',
        'Keep one: a type is learnt from the data, a path is read.',
        both.map((field) => ({
          title: `Remove ${field}`,
          changes: [{ path: [...place, field], remove: true }],
        })),
      );
    }
    default: {
      const parent = valueAt(schema, keyword.slice(0, -1)) as SchemaNode;
      const isInList = place.length < whole.length;
      const code = unit.keyword === 'type' ? 'value.type' : 'value.range';
      const message = `${name} is ${shown}: it ${expected(unit.keyword, rule)}.`;
      return isInList
        ? error(code, message, fieldAt(path)?.description)
        : error(code, message, parent.description, nearestValues(unit.keyword, rule, place));
    }
  }
}

/** Cuts a list that is too long to read to the choices most similar to the written one. */
function nearestChoices(written: string, choices: JsonValue[]): JsonValue[] {
  if (choices.length <= mostChoices) return choices;
  const far = (choice: JsonValue) => distance(written.toLowerCase(), JSON.stringify(choice));
  return [...choices].sort((a, b) => far(a) - far(b)).slice(0, 3);
}

const mostChoices = 8;

/**
 * Values to add for an absent field of the first level: the only version, and the presets' shapes.
 */
function additions(path: JsonPath): Fix[] | undefined {
  const [preset] = presets;
  if (!preset || path.length > 1) return undefined;
  const { version, architecture } = preset.file;
  const fixes: Record<string, Fix> = {
    version: { title: `Add version ${version}`, changes: [{ path, value: version }] },
    architecture: {
      title: `Add the architecture of preset ${preset.name}`,
      changes: [{ path, value: architecture }],
    },
  };
  return Object.entries(fixes).flatMap(([field, fix]) => (field === path[0] ? [fix] : []));
}

/** The limit that a number exceeds, if the limit itself is allowed. */
function nearestValues(keyword: string, rule: unknown, path: JsonPath): Fix[] | undefined {
  if ((keyword !== 'minimum' && keyword !== 'maximum') || typeof rule !== 'number') {
    return undefined;
  }
  return [{ title: `Use ${rule}`, changes: [{ path, value: rule }] }];
}

/** The rule for a value, worded to follow "it". */
function expected(keyword: string, rule: unknown): string {
  const limit = String(rule);
  switch (keyword) {
    case 'type':
      return `must be ${/^[aeiou]/.test(limit) ? 'an' : 'a'} ${limit}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${limit}`;
    case 'minItems':
      return `must name at least ${limit}`;
    case 'maxItems':
      return `must name at most ${limit}`;
    case 'minLength':
      return 'must not be empty';
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'pattern':
      return limit === schema.properties.name.pattern
        ? 'must begin with a letter or a digit, and go on with letters, digits, spaces, dots, underscores and hyphens'
        : `must match ${limit}`;
    default:
      return 'is not allowed';
  }
}
