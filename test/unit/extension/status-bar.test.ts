import { describe, expect, it, test } from 'vitest';
import { findPreset } from '../../../src/core/model/presets';
import { fileSize, speed } from '../../../src/core/text';
import { modelStatus, type ModelStatus } from '../../../src/extension/status-bar/text';

function told(text: string, lastGood?: ModelStatus): ModelStatus {
  const status = modelStatus(text, lastGood);
  if (!status) throw new Error('The status bar takes the file for one of another program.');
  return status;
}

const statusOf = (preset: string) => told(JSON.stringify(findPreset(preset)?.file));

describe('the status bar', () => {
  it('shows the cost of a model', () => {
    const { text, tooltip, isError } = statusOf('demo');
    expect(text).toMatch(/^\$\(circuit-board\) \d+ KB · \d+ tok\/s$/);
    expect(tooltip).toContain('**153,840 parameters**');
    expect(tooltip).toMatch(/\| SRAM \| [\d,]+ \| 270,336 \|/);
    expect(tooltip).toMatch(/\| Flash \| [\d,]+ \| 2,097,152 \|/);
    expect(tooltip).toMatch(/[\d,]+ bytes of SRAM free/);
    expect(isError).toBe(false);
  });

  it('is an error when the model is too large', () => {
    const { file } = findPreset('story-260k')!;
    const architecture = { ...file.architecture, max_seq_len: 512 };
    const { text, tooltip, isError } = told(JSON.stringify({ ...file, architecture }));
    expect(isError).toBe(true);
    expect(text).toContain('tok/s');
    expect(tooltip).toMatch(/[\d,]+ bytes of SRAM too many/);
  });

  it('is an error when the model cannot be used', () => {
    const { text, tooltip, isError } = told('{ "version": 1, }');
    expect(isError).toBe(true);
    expect(text).toBe('$(circuit-board) model.json has errors');
    expect(tooltip).toContain('architecture');
  });

  it('keeps the last figures while the text is broken, under a warning', () => {
    const good = statusOf('demo');
    const { text, tooltip, isError } = told('{ "version": 1,, }', good);
    expect(text).toBe(good.text.replace('circuit-board', 'warning'));
    expect(tooltip).toContain('Line 1');
    expect(isError).toBe(true);
  });
});

test('the status bar ignores a file of another program', () => {
  expect(modelStatus('{"modelTopology": {}}')).toBeUndefined();
});

describe('figures', () => {
  it('come in the largest unit', () => {
    expect([0, 1023, 1024, 221_900, 2_621_440].map(fileSize)).toEqual([
      '0 B',
      '1023 B',
      '1 KB',
      '217 KB',
      '2.5 MB',
    ]);
  });

  it('keep a digit of slow speeds', () => {
    expect([1160.4, 56.2, 3.14].map(speed)).toEqual(['1160 tok/s', '56 tok/s', '3.1 tok/s']);
  });
});
