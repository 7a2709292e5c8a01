/**
 * Rows of a query or key matrix whose rotary pairs are neighbours (2 i, 2 i + 1), as in llama2.c, in
 * the order in which they are the halves of each head (i, i + head_dim / 2), as here and in Hugging
 * Face's Llama.
 *
 * @param matrix [heads * headDim][columns]
 */
export function halfSplit(matrix: Float32Array, headDim: number, columns: number): Float32Array {
  const split = new Float32Array(matrix.length);
  const rows = matrix.length / columns;
  const half = headDim / 2;
  for (let row = 0; row < rows; row++) {
    const head = row - (row % headDim);
    const place = row % headDim;
    const pair = Math.floor(place / 2);
    const target = head + pair + (place % 2) * half;
    split.set(matrix.subarray(row * columns, (row + 1) * columns), target * columns);
  }
  return split;
}
