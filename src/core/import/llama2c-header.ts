import type { Architecture } from '../model/config';
import type { Checked } from '../problem';
import { ByteReader } from './byte-reader';
import { llamaOptions, oversized, refused } from './imported';

export interface Llama2cHeader {
  version: 0 | 1 | 2;
  architecture: Architecture;
  /** Elements that have one scale, in version 2. */
  groupSize: number;
  /** Byte of the file at which the tensors begin. */
  dataStart: number;
}

/** `ak42`, which begins version 1 and later ones; version 0 begins with its dim. */
const magic = 0x616b3432;
const newHeaderBytes = 256;
const oldHeaderBytes = 28;

/** Reads and checks the header of a checkpoint of llama2.c. */
export function llama2cHeader(bytes: Uint8Array): Checked<Llama2cHeader> {
  const reader = new ByteReader(bytes);
  if (reader.left < oldHeaderBytes) {
    return refused(
      'truncated',
      `The file has ${bytes.length} bytes, too few for a checkpoint.`,
      again,
    );
  }
  const hasMagic = reader.int32() === magic;
  if (hasMagic && bytes.length < newHeaderBytes) {
    return refused('truncated', `The file has ${bytes.length} bytes; its header takes 256.`, again);
  }
  if (!hasMagic) reader.offset = 0;
  const version = hasMagic ? reader.int32() : 0;
  if (version !== 0 && version !== 1 && version !== 2) {
    return refused(
      'version',
      `The file is a checkpoint of llama2.c in version ${version}; 0, 1 and 2 can be read.`,
      'Export it again with --version 1.',
    );
  }
  const sizes = Array.from({ length: 7 }, () => reader.int32());
  const [dim = 0, hidden_dim = 0, n_layers = 0, n_heads = 0, n_kv_heads = 0, words = 0] = sizes;
  const max_seq_len = sizes[6] ?? 0;
  // Version 0 has a negative number of tokens where the classifier is a matrix of its own.
  const vocab_size = version === 0 ? Math.abs(words) : words;
  const isTied = version === 0 ? words > 0 : reader.uint8() !== 0;
  const groupSize = version === 2 ? reader.int32() : 0;
  const counts = [dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, max_seq_len];
  if (counts.some((count) => count < 1))
    return notOurs(`one of its sizes is ${Math.min(...counts)}`);
  if (dim % n_heads !== 0 || (dim / n_heads) % 2 !== 0) {
    return notOurs(`dim ${dim} does not make ${n_heads} heads of even width`);
  }
  if (n_heads % n_kv_heads !== 0) {
    return notOurs(`${n_kv_heads} heads of keys do not divide ${n_heads} heads`);
  }
  if (version === 2 && (groupSize < 1 || dim % groupSize !== 0 || hidden_dim % groupSize !== 0)) {
    return notOurs(`its groups of ${groupSize} divide dim ${dim} and hidden_dim ${hidden_dim} not`);
  }
  const sizesInFile = { vocab_size, dim, hidden_dim, n_layers, n_heads, n_kv_heads };
  const tooLarge = oversized(sizesInFile);
  if (tooLarge) return { value: undefined, problems: [tooLarge] };
  const architecture: Architecture = {
    ...sizesInFile,
    ...{ head_dim: dim / n_heads, max_seq_len, ...llamaOptions, tie_embeddings: isTied },
  };
  const dataStart = hasMagic ? newHeaderBytes : oldHeaderBytes;
  return { value: { version, architecture, groupSize, dataStart }, problems: [] };
}

const again = 'Copy or download it again.';

function notOurs(reason: string): Checked<never> {
  return refused(
    'header',
    `The file is no checkpoint of llama2.c: ${reason}.`,
    'Give a .bin of llama2.c, or a .safetensors of a Llama with its config.json beside it.',
  );
}
