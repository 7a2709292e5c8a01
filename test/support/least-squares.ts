/** A measurement: the amount of each kind of work, and the total cost. */
export interface Measured {
  work: readonly number[];
  cycles: number;
  /** That of which it is a part: its error counts as a share of it. By default `cycles`. */
  whole?: number;
}

/** Keeps the equations solvable where kinds of work always come together. */
const ridge = 1e-9;

export const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/**
 * The cost of each kind of work: least squares of the relative errors, by the normal equations. No
 * cost is negative: while a coefficient is, the lowest is left out. Kinds that always come together
 * share their cost.
 */
export function fitted(samples: readonly Measured[]): number[] {
  const rows = samples.map(({ work, cycles, whole = cycles }) =>
    work.map((amount) => amount / whole),
  );
  const shares = samples.map(({ cycles, whole = cycles }) => cycles / whole);
  const count = rows[0]?.length ?? 0;
  // The cost of a kind that no sample has is unknown.
  let kinds = Array.from({ length: count }, (_, kind) => kind).filter((kind) =>
    rows.some((row) => row[kind]),
  );
  for (;;) {
    const of = (row: readonly number[], kind: number) => row[kind] ?? 0;
    const found = solve(
      kinds.map((one) =>
        kinds.map((other) => {
          const product = sumOf(rows, (row) => of(row, one) * of(row, other));
          return one === other ? product * (1 + ridge) : product;
        }),
      ),
      kinds.map((kind) => sumOf(rows, (row, index) => of(row, kind) * (shares[index] ?? 1))),
    );
    const least = Math.min(...found);
    if (kinds.length === 0 || least >= 0) {
      return Array.from({ length: count }, (_, kind) => found[kinds.indexOf(kind)] ?? 0);
    }
    const gone = found.indexOf(least);
    kinds = kinds.filter((_, index) => index !== gone);
  }
}

function sumOf<T>(values: readonly T[], term: (value: T, index: number) => number): number {
  return values.reduce((sum, value, index) => sum + term(value, index), 0);
}

/** Solves A x = b by elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  rows.forEach((_, step) => {
    const sizes = rows.map((row, index) => (index < step ? -1 : Math.abs(row[step] ?? 0)));
    const pivot = sizes.indexOf(Math.max(...sizes));
    [rows[step], rows[pivot]] = [rows[pivot] ?? [], rows[step] ?? []];
    const source = rows[step] ?? [];
    rows.forEach((row, index) => {
      if (index === step) return;
      const factor = (row[step] ?? 0) / (source[step] ?? NaN);
      row.forEach((value, column) => (row[column] = value - factor * (source[column] ?? 0)));
    });
  });
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? NaN));
}
