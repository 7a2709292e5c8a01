import type { MemoryOwner } from '../../src/core/estimate/memory-map';
import { ownerTitles } from '../../src/core/model/tensor-table';

/** Names of the parts of the memory in the bar, its list and the diagram. */
export const memoryNames: Record<MemoryOwner, string> = {
  ...ownerTitles,
  padding: 'Padding to whole words',
  kv_cache: 'KV cache',
  activations: 'Activations',
  tokenizer: 'Tokenizer',
  header: 'Image header',
  code: 'Code in SRAM',
  program: 'Program',
  reserved: 'Reserved for the program',
  stack: 'Stack',
  second_stack: 'Stack of the second core',
  reserved_bank: 'Kept for the second core',
};
