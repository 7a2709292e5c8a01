import { describe, expect, it, test } from 'vitest';
// @ts-expect-error A build script without types.
import { boardTable } from '../../../src/build/board-table.mjs';
import { estimateModel } from '../../../src/core/estimate/estimate';
import table from '../../../src/core/model/boards.json';
import { boardFlashBytes } from '../../../src/core/model/boards';
import { withDefaults, type ModelFile } from '../../../src/core/model/defaults';
import { editText } from '../../../src/core/model/edit';
import { parseModel } from '../../../src/core/model/parse';
import { findSdk, sdkRelease } from '../../../src/node/toolchain/sdk';

const architecture = { vocab_size: 512, dim: 64, hidden_dim: 128, n_layers: 2, n_heads: 4 };

function model(board: string, shape: object = {}): ModelFile {
  return {
    version: 1,
    architecture: { ...architecture, max_seq_len: 64, ...shape },
    target: { board, weights: 'flash' },
  };
}
const problemsOf = (board: string) => parseModel(JSON.stringify(model(board))).problems;

describe('target.board', () => {
  it('may be any board with an RP2040 that the pico-sdk brings', () => {
    for (const board of ['pico', 'pico_w', 'pimoroni_tiny2040']) {
      expect(problemsOf(board)).toEqual([]);
    }
  });

  it('is refused where the board has another chip', () => {
    expect(problemsOf('pico2')).toMatchObject([
      { code: 'target.other-chip', severity: 'error', path: 'target.board' },
    ]);
  });

  it('is told where nobody knows it, with what was meant', () => {
    const [problem] = problemsOf('pimoroni_tiny2041');
    expect(problem).toMatchObject({ code: 'target.board-unknown', severity: 'warning' });
    expect(problem?.message).toContain('"pimoroni_tiny2040"?');
    const mended = editText(
      JSON.stringify(model('pimoroni_tiny2041')),
      problem?.fixes?.[0]?.changes ?? [],
    );
    expect(parseModel(mended).problems).toEqual([]);
    expect(problemsOf('a board of my own')[0]?.fixes).toBeUndefined();
  });
});

describe('the flash', () => {
  // 3.3 MB of int8 weights.
  const large = { dim: 256, hidden_dim: 512, n_layers: 5 };
  const estimateOn = (board: string) => estimateModel(withDefaults(model(board, large), 'large'));

  it('is that of the board', () => {
    expect(boardFlashBytes('pico')).toBe(2 * 1024 * 1024);
    expect(boardFlashBytes('pimoroni_tiny2040')).toBe(8 * 1024 * 1024);
    expect(boardFlashBytes('a board of my own')).toBe(2 * 1024 * 1024);
    expect(estimateOn('pimoroni_tiny2040')).toMatchObject({
      fits: true,
      flash: { limit: 8 * 1024 * 1024 },
    });
  });

  it('is named where it is too small', () => {
    const { fits, problems } = estimateOn('pico_w');
    expect(fits).toBe(false);
    expect(problems.find(({ code }) => code === 'flash.over')?.message).toContain('of pico_w has');
  });
});

const sdk = findSdk();
const other = sdk?.version !== sdkRelease;
if (other)
  console.log(`Skipped: there is no pico-sdk ${sdkRelease} whose boards could be compared.`);

test.skipIf(other)('the table has the boards of the pico-sdk', () => {
  expect(table).toEqual(boardTable(sdk!.path));
});
