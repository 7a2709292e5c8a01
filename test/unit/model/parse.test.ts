import { describe, expect, it } from 'vitest';
import { editText } from '../../../src/core/model/edit';
import { parseModel } from '../../../src/core/model/parse';
import { presets } from '../../../src/core/model/presets';
import { seededRandom } from '../../../src/core/random';

const architecture = {
  ...{ vocab_size: 64, dim: 8, hidden_dim: 32, n_layers: 1, n_heads: 4, max_seq_len: 32 },
};

function textOf(changes: object = {}, shape: object = {}): string {
  const file = { version: 1, architecture: { ...architecture, ...shape }, ...changes };
  return JSON.stringify(file, null, 2);
}

/** The only problem of a text, with the text it is placed on. */
function onlyProblem(text: string) {
  const { value, problems } = parseModel(text);
  expect(problems).toHaveLength(1);
  const [first] = problems;
  if (!first) throw new Error('There is no problem.');
  const { range, ...problem } = first;
  const placed = range && text.slice(range.offset, range.offset + range.length);
  return { value, problem, placed };
}

describe('a model file', () => {
  it('gets defaults for absent fields', () => {
    const { value, problems } = parseModel(textOf(), 'folder');
    expect(problems).toEqual([]);
    expect(value?.name).toBe('folder');
    expect(value?.architecture).toMatchObject({ n_kv_heads: 4, head_dim: 2, norm: 'rmsnorm' });
    expect(value?.training).toMatchObject({ steps: 2000, context: 32 });
  });

  it('has heads of at least one feature when there are more heads than dim', () => {
    const { value } = parseModel(textOf({}, { dim: 2, n_heads: 6, position: 'none' }));
    expect(value?.architecture.head_dim).toBe(1);
  });

  it('may have comments and trailing commas', () => {
    const text = textOf().replace('"version"', '// the format\n"version"').replace(/}$/, ',}');
    expect(parseModel(text).problems).toEqual([]);
  });

  it('may begin with a byte order mark, which stays when it is edited', () => {
    const text = `\ufeff${textOf()}\n`;
    expect(parseModel(text).problems).toEqual([]);
    const edited = editText(text, [{ path: ['architecture', 'dim'], value: 16 }]);
    expect(edited).toBe(text.replace('"dim": 8', '"dim": 16'));
    expect(edited).not.toBe(text);
  });

  it.each(presets.map(({ name, file }) => [name, file] as const))(
    'preset %s is valid',
    (_, file) => {
      expect(parseModel(JSON.stringify(file)).problems).toEqual([]);
    },
  );
});

describe('a problem is placed on its value', () => {
  it.each<[string, string, string, string | undefined]>([
    ['a wrong type', textOf({}, { dim: 'wide' }), 'value.type', '"wide"'],
    ['a value out of range', textOf({}, { n_layers: 0 }), 'value.range', '0'],
    ['an unknown choice', textOf({}, { norm: 'batchnorm' }), 'value.choice', '"batchnorm"'],
    ['heads that do not divide', textOf({}, { n_kv_heads: 3 }), 'architecture.kv-heads', '3'],
    ['a long context', textOf({ training: { context: 64 } }), 'training.context', '64'],
    ['a small vocabulary', textOf({}, { vocab_size: 17 }), 'tokenizer.vocabulary', '17'],
    ['two budgets', textOf({ training: { steps: 1, minutes: 5 } }), 'training.budget', '5'],
    ['an unknown format', textOf({ quantization: { weights: 'int3' } }), 'value.choice', '"int3"'],
    ['a name that is a path', textOf({ name: '../x' }), 'value.range', '"../x"'],
    ['a clock that cannot be', textOf({ target: { clock_mhz: 139 } }), 'target.clock', '139'],
    ['a version to come', textOf().replace('"version": 1', '"version": 9'), 'value.version', '9'],
  ])('%s', (_, text, code, place) => {
    const { value, problem, placed } = onlyProblem(text);
    expect(problem).toMatchObject({ code, severity: 'error' });
    expect(placed).toBe(place);
    expect(value).toBeUndefined();
  });

  it('a missing field, on the object that lacks it', () => {
    const { problem, placed } = onlyProblem(
      '{"version": 1, "architecture": {"dim": 1}}'.replace(
        '"dim": 1',
        '"vocab_size": 64, "hidden_dim": 4, "n_layers": 1, "n_heads": 1, "max_seq_len": 8',
      ),
    );
    expect(problem).toMatchObject({
      code: 'field.missing',
      message: 'architecture.dim is missing.',
    });
    expect(placed).toMatch(/^\{"vocab_size"/);
  });

  it.each([
    ['latin', 'latin-1'],
    ['utf-', 'utf-8'],
    ['utf-16l', 'utf-16le'],
  ])('of many choices, those most like %s are offered', (written, meant) => {
    const { problem } = onlyProblem(textOf({ data: { encoding: written } }));
    expect(problem).toMatchObject({ code: 'value.choice', path: 'data.encoding' });
    expect(problem.fix).toContain(`Did you mean ${meant} or `);
    expect(problem.fixes).toHaveLength(3);
  });

  it('an unknown field is a warning with a near match', () => {
    const { value, problem } = onlyProblem(textOf({}, { n_kv_head: 4 }));
    expect(problem).toMatchObject({ severity: 'warning', path: 'architecture.n_kv_head' });
    expect(problem.fix).toContain('"n_kv_heads"');
    expect(value).toBeDefined();
  });

  it.each([
    ['is far from any', 'author'],
    ['is near one that is there already', 'n_head'],
    ['every object knows', 'constructor'],
  ])('an unknown field whose name %s can only be removed', (_, name) => {
    const { problem } = onlyProblem(textOf({}, { [name]: 4 }));
    expect(problem.fixes?.map(({ title }) => title)).toEqual([`Remove "${name}"`]);
  });

  it('an unknown field with a dot in its name', () => {
    const { placed } = onlyProblem(textOf({}, { 'a.b': { c: 1 } }));
    expect(placed).toMatch(/^\{\s+"c": 1/);
  });

  it('a duplicate field, on the second', () => {
    const text = textOf().replace('"dim": 8', '"dim": 8, "dim": 16');
    const { value, problem, placed } = onlyProblem(text);
    expect(problem).toMatchObject({ code: 'field.duplicate', path: 'architecture.dim' });
    expect(placed).toBe('"dim"');
    expect(value).toBeUndefined();
    const [fix] = problem.fixes ?? [];
    expect(editText(text, fix?.changes ?? [])).toBe(textOf().replace('"dim": 8', '"dim": 16'));
  });

  it('a number that is too large for any program', () => {
    const text = textOf({ training: { minutes: 7 } }).replace('7', '1e999');
    const { value, problem, placed } = onlyProblem(text);
    expect(problem).toMatchObject({ code: 'value.infinite', path: 'training.minutes' });
    expect(placed).toBe('1e999');
    expect(value).toBeUndefined();
  });

  it('a value that is very long is not shown whole', () => {
    const { problem } = onlyProblem(textOf({}, { norm: 'x'.repeat(1e6) }));
    expect(problem.message.length).toBeLessThan(200);
  });

  it('a text cut off, within the text', () => {
    for (const text of ['{"version": 1, "architecture": {"dim":', '{', '{"']) {
      for (const { range } of parseModel(text).problems) {
        expect((range?.offset ?? 0) + (range?.length ?? 0)).toBeLessThanOrEqual(text.length);
      }
    }
  });

  it('a tokenizer that is no object has only the wrong type', () => {
    for (const tokenizer of [null, 3, [], 'bpe']) {
      expect(onlyProblem(textOf({ tokenizer })).problem.code).toBe('value.type');
    }
  });

  it('a duplicate field, before any problem within the two', () => {
    const twice = '"training": { "length": 1 }, "training": {';
    const text = textOf({ training: { minutes: 1 } }).replace('"training": {', twice);
    const { problem, value } = onlyProblem(text);
    expect(problem).toMatchObject({ code: 'field.duplicate', path: 'training' });
    expect(value).toBeUndefined();
  });

  it('a duplicate field is ignored where no path leads', () => {
    const within = '"a": { "b": 1 }, "a": { "c": 1, "c": 2 }, "d": [{ "e": 1, "e": 2 }, 1e999],';
    const { problem } = onlyProblem(textOf().replace('{', `{ ${within}`));
    expect(problem).toMatchObject({ code: 'field.duplicate', path: 'a' });
  });

  it('positions that are never trained are a warning', () => {
    const { value, problem } = onlyProblem(textOf({ training: { context: 16 } }));
    expect(problem).toMatchObject({ code: 'training.untrained-positions', severity: 'warning' });
    expect(value).toBeDefined();
  });

  it('broken JSON, with line and column', () => {
    const { problem } = onlyProblem('{\n  "version": }');
    expect(problem).toMatchObject({ code: 'json.syntax' });
    expect(problem.message).toContain('Line 2, column 14');
  });

  it('an empty file', () => {
    expect(parseModel('').problems[0]?.code).toMatch(/^json\./);
  });
});

describe('any text', () => {
  it('yields a value or problems, and never an exception', () => {
    const random = seededRandom(3);
    const text = textOf({ training: { minutes: 1 }, target: { clock_mhz: 200 } });
    const pool = '{}[]",:0129.-eE\\ntruefalsnul/*\n x\u00e9';
    for (let round = 0; round < 3000; round++) {
      const characters = [...text];
      for (let edits = 1 + random() * 4; edits > 0; edits--) {
        const at = Math.floor(random() * characters.length);
        const put = random() < 0.4 ? '' : (pool[Math.floor(random() * pool.length)] ?? '');
        characters.splice(at, Math.floor(random() * 3), put);
      }
      const { value, problems } = parseModel(characters.join(''));
      if (!value) expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    }
  });
});
