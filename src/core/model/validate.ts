import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { closest, distance } from 'fastest-levenshtein';
import type { Fix, JsonPath, JsonValue, Problem } from '../problem';
import { fieldAt, type SchemaField } from './fields';
import schema from './model.schema.json';
import { presets } from './presets';
import { mostOfAKind } from './unreadable';

/** A value by the schema: a ModelFile when none of the problems is an error. */
export interface SchemaCheck {
  /** The value without the fields that the schema does not know. */
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

/** What the schema demands of the value of a field, after "it"; undefined when it has that. */
export function fieldProblem(path: string, value: JsonValue): string | undefined {
  const rule = fieldAt(path);
  if (!rule) return undefined;
  const [unit] = new Validator(rule as Schema, '7').validate(value).errors;
  return unit && expected(unit.keyword, rule[unit.keyword as keyof SchemaField]);
}

/** What is read of a schema beside the validator. */
interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
}

/**
 * A copy without the fields that the schema does not know, whose paths are added to `unknown`. They
 * are ignored, whatever they hold, so that a later version's file can still be read.
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

/** The name that was meant, when no more than a third of the letters differ. */
function nearName(written: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || written.length > longestName) return undefined;
  const near = closest(written, [...names]);
  const most = Math.max(1, Math.floor(written.length / 3));
  return distance(written, near) <= most ? near : undefined;
}

/** No field of ours is misspelt at such length. */
const longestName = 40;

/** Enough of a text to know it again. */
function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `#/architecture/dim` -> [`architecture`, `dim`]; the schema's own names need no unescaping. */
function steps(pointer: string): string[] {
  return pointer.split('/').slice(1);
}

function valueAt(root: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], root);
}

function schemaProblem(unit: OutputUnit, json: unknown): Problem | undefined {
  // Only says that something inside is wrong; the inside speaks for itself.
  if (unit.keyword === 'properties') return undefined;
  const place = steps(unit.instanceLocation);
  const path = place.join('.');
  const name = path || 'model.json';
  const shown = shortened(JSON.stringify(valueAt(json, place)));
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
      // What is no object has none of them: it passes no `not`, and no type either.
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
      const code = unit.keyword === 'type' ? 'value.type' : 'value.range';
      const message = `${name} is ${shown}: it ${expected(unit.keyword, rule)}.`;
      return error(code, message, parent.description, nearestValues(unit.keyword, rule, place));
    }
  }
}

/** A list that nobody reads to its end is cut to the choices most like what was written. */
function nearestChoices(written: string, choices: JsonValue[]): JsonValue[] {
  if (choices.length <= mostChoices) return choices;
  const far = (choice: JsonValue) => distance(written.toLowerCase(), JSON.stringify(choice));
  return [...choices].sort((a, b) => far(a) - far(b)).slice(0, 3);
}

const mostChoices = 8;

/** What can stand in for a field of the first level: there is one version, and presets have shapes. */
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

/** The limit that a number broke, when it may be reached. */
function nearestValues(keyword: string, rule: unknown, path: JsonPath): Fix[] | undefined {
  if ((keyword !== 'minimum' && keyword !== 'maximum') || typeof rule !== 'number') {
    return undefined;
  }
  return [{ title: `Use ${rule}`, changes: [{ path, value: rule }] }];
}

/** What a value must be, after "it". */
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
