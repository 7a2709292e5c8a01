import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json';
import { starmind, temporaryFolder } from './starmind';

const [matcher] = manifest.contributes.problemMatchers;

/** The problems that VS Code lists of a task's output. */
function listed(output: string) {
  const { regexp, file, line, column, severity, code } = matcher!.pattern;
  return output.split('\n').flatMap((text) => {
    const match = new RegExp(regexp).exec(text);
    if (!match) return [];
    const place = [match[file], Number(match[line]), Number(match[column])];
    return [{ place, severity: match[severity], code: match[code] }];
  });
}

const model = `{
  "version": 1,
  "architecture": {
    "vocab_size": 64, "dim": 16, "hidden_dim": 32, "n_layers": 1, "n_heads": 2, "max_seq_len": 32
  },
  "data": { "source": "nothing.txt" },
  "training": { "stepz": 3 }
}
`;

test('a task lists problems of a model.json at their place', async () => {
  const file = join(temporaryFolder(), 'model.json');
  writeFileSync(file, model);
  const { stderr } = await starmind(['train', file], { env: { STARMIND_EDITOR: '1' } });
  expect(listed(stderr)).toEqual([
    { place: [file, 7, 26], severity: 'warning', code: 'field.unknown' },
    { place: [file, 6, 23], severity: 'error', code: 'data.missing' },
  ]);
});

test('a terminal gets sentences only', async () => {
  const file = join(temporaryFolder(), 'model.json');
  writeFileSync(file, model);
  const { stderr } = await starmind(['train', file], { env: { STARMIND_EDITOR: '' } });
  expect(listed(stderr)).toEqual([]);
  expect(stderr).toContain('warning: training.stepz: Unknown field');
});
