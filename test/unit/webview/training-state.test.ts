import { expect, test } from 'vitest';
import type { RunCourse, ToTrainingPage } from '../../../src/core/train/page-messages';
import { nothingKnown, received } from '../../../webview/training/state';

const record = (step: number) => ({
  ...{ step, tokens: 1, loss: 1, lr: 1, grad_norm: 1, tokens_per_second: 1, seconds: 1 },
});
const sample = (step: number) => ({ step, prompt: 'a', text: 'b' });

function course(added: RunCourse, records: boolean, samples: boolean): ToTrainingPage {
  return { kind: 'course', run: 'story', isWhole: { records, samples }, added };
}

function runsOf(folder: string): ToTrainingPage {
  return { kind: 'runs', folder, project: 'same name', shown: 'story', runs: [] };
}

const both = { records: [record(1), record(2)], samples: [sample(1), sample(2)] };
const known = [runsOf('/a/runs'), course(both, true, true)].reduce(received, nothingKnown);

test('records that come whole leave the samples as they are', () => {
  const message = course({ records: [record(1)], samples: [sample(3)] }, true, false);
  expect(received(known, message).courses.get('story')).toEqual({
    records: [record(1)],
    samples: [sample(1), sample(2), sample(3)],
  });
});

test('samples that come whole replace the samples alone', () => {
  const message = course({ records: [record(3)], samples: [sample(1)] }, false, true);
  expect(received(known, message).courses.get('story')).toEqual({
    records: [record(1), record(2), record(3)],
    samples: [sample(1)],
  });
});

test('a project of the same name in another folder has its own curves', () => {
  expect(received(known, runsOf('/a/runs')).courses.size).toBe(1);
  expect(received(known, runsOf('/b/runs')).courses.size).toBe(0);
});
