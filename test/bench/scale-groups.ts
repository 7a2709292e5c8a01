/**
 * `node test/bench/run.mjs scale-groups -- RUN`: how far the matrices of a trained run are from their
 * stored numbers, with one scale a row and with one for every 32 columns, which takes 16 bits more
 * for each. Prints JSON: signal to noise in decibels and bits an element, and what groups would have
 * to gain for their bits, since each bit an element is worth six decibels. `least_error` has a scale
 * a row too: not that of the format's rule but, of many, the one with the least squared error.
 */
import { matrixEntries } from '../../src/core/model/matrix-formats';
import { tensorFormats, weightFormats, type WeightFormat } from '../../src/core/model/formats';
import { tensorSpecs } from '../../src/core/model/tensors';
import { quantizeMatrix } from '../../src/core/quant/matrix';
import { rounded } from '../../src/core/quant/scale';
import { loadRun } from '../../src/node/run/export';
import { requireRun } from '../../src/node/run/folder';

const groupColumns = 32;
const scaleBits = 16;
const decibelsPerBit = 20 * Math.log10(2);

interface Stored {
  decibels: number;
  bits: number;
}

/** Matrices with `columns` columns, stored row by row or, where they are shorter, in groups. */
function store(
  matrices: readonly { data: Float32Array; columns: number }[],
  format: WeightFormat,
  isGrouped: boolean,
): Stored {
  let signal = 0;
  let noise = 0;
  let bits = 0;
  let elements = 0;
  for (const { data, columns } of matrices) {
    const width = isGrouped ? groupColumns : columns;
    for (let row = 0; row < data.length; row += columns) {
      for (let start = 0; start < columns; start += width) {
        const part = data.slice(row + start, row + Math.min(columns, start + width));
        const { values, scales, exponent } = quantizeMatrix(part, 1, part.length, format);
        const step = (scales[0] ?? 0) * 2 ** exponent;
        part.forEach((weight, i) => {
          signal += weight ** 2;
          noise += (weight - (values[i] ?? 0) * step) ** 2;
        });
        bits += scaleBits + part.length * tensorFormats[format].bits;
        elements += part.length;
      }
    }
  }
  return { decibels: 10 * Math.log10(signal / noise), bits: bits / elements };
}

/** Scales to try, as shares of that of the rule. */
const triedShares = Array.from({ length: 91 }, (_, i) => 0.5 + i / 100);

/** Squared error of a row at a scale. */
function squaredError(row: Float32Array, scale: number, peak: number): number {
  return row.reduce((sum, weight) => {
    const value = Math.max(-peak, Math.min(peak, rounded(weight / scale)));
    return sum + (weight - value * scale) ** 2;
  }, 0);
}

/** Decibels with the best scale of each row, and how large it is beside that of the rule. */
function storeWithLeastError(
  matrices: readonly { data: Float32Array; columns: number }[],
  format: WeightFormat,
): { decibels: number; mean_share: number } {
  const { peak } = tensorFormats[format];
  let signal = 0;
  let noise = 0;
  let shares = 0;
  let rows = 0;
  for (const { data, columns } of matrices) {
    for (let start = 0; start < data.length; start += columns) {
      const row = data.slice(start, start + columns);
      const { scales, exponent } = quantizeMatrix(row, 1, columns, format);
      const scale = (scales[0] ?? 0) * 2 ** exponent;
      if (scale === 0) continue;
      const tried = triedShares.map((share) => squaredError(row, share * scale, peak));
      const least = Math.min(...tried);
      signal += row.reduce((sum, weight) => sum + weight ** 2, 0);
      noise += least;
      shares += triedShares[tried.indexOf(least)] ?? 1;
      rows += 1;
    }
  }
  return { decibels: 10 * Math.log10(signal / noise), mean_share: shares / rows };
}

async function compare(): Promise<void> {
  const [path] = process.argv.slice(2).filter((option) => option !== '--');
  if (path === undefined) throw new Error('Name a trained run.');
  const { config, weights } = await loadRun(requireRun(path));
  const slots = new Set(matrixEntries.map(({ slot }) => slot));
  const matrices = tensorSpecs(config.architecture)
    .filter(({ slot }) => slots.has(slot))
    .map(({ name, shape }) => ({
      data: weights.get(name) ?? new Float32Array(),
      columns: shape.at(-1) ?? 1,
    }));
  const formats = weightFormats.map((format) => {
    const rows = store(matrices, format, false);
    const groups = store(matrices, format, true);
    const gained = groups.decibels - rows.decibels;
    const needed = (groups.bits - rows.bits) * decibelsPerBit;
    const least_error = storeWithLeastError(matrices, format);
    return [format, { rows, groups, gained, needed, pays: gained > needed, least_error }] as const;
  });
  process.stdout.write(`${JSON.stringify(Object.fromEntries(formats), null, 2)}\n`);
}

compare().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
