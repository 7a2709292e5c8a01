import type { BlockWriter } from './block-writer';

/**
 * Writes an instruction into a block. Returns false, having written nothing, when the interpreter
 * has to execute it: the block then ends before it.
 */
export type Translation = (writer: BlockWriter, opcode: number) => false | void;
