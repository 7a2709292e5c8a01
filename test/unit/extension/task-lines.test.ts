import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelCommandLine } from '../../../src/extension/tasks/definition';

const file = join('project', 'model.json');

test('a training outlives its window only for who wants that', () => {
  expect(modelCommandLine('train', file, 'story').args).toEqual(['train', 'model.json']);
  expect(modelCommandLine('train', file, 'story', { outlivesWindow: true })).toEqual({
    cwd: 'project',
    args: ['train', 'model.json', '--background'],
  });
});

test('what is not a training knows no background', () => {
  const wishes = { outlivesWindow: true, prompt: 'Once' };
  expect(modelCommandLine('build', file, 'story', wishes).args).toEqual([
    'build',
    join('runs', 'story'),
  ]);
  expect(modelCommandLine('run', file, 'story', wishes).args.slice(-2)).toEqual([
    '--prompt',
    'Once',
  ]);
});
