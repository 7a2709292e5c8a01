import { op } from '../wasm/opcodes';
import type { BlockWriter } from './block-writer';
import { local, parameter } from './locals';

/** What is left to do at run time of the fetch of a half-word. */
export interface Fetch {
  /** Counts the access. */
  count: () => void;
  /** Waits for the flash. */
  touch: () => void;
  /** Pushes the address, if the fetch is an access to the flash, else 0. */
  push: () => void;
}

const nothing = (): void => undefined;

/** The half-word came with the one before it, or its access is counted already. */
export function noFetch({ code }: BlockWriter): Fetch {
  return { count: nothing, touch: nothing, push: () => code.constant(0) };
}

export function fetchFromFlash(writer: BlockWriter, address: number): Fetch {
  const touch = () => writer.touch(address);
  return { count: nothing, touch, push: () => writer.code.constant(address) };
}

/** Of the second half-word of a word, with which a block begins that may have been branched to. */
export function fetchFromFlashIfArrived(writer: BlockWriter, address: number): Fetch {
  const { code } = writer;
  return {
    count: () => writer.addLocal(local.flashAccesses, parameter.arrived),
    touch: () => {
      code.get(parameter.arrived);
      code.open(op.if);
      writer.touch(address);
      code.close();
    },
    push: () => {
      code.constant(address);
      code.constant(0);
      code.get(parameter.arrived);
      code.op(op.select);
    },
  };
}

/** The same in SRAM. */
export function fetchFromSramIfArrived(writer: BlockWriter): Fetch {
  const count = () => writer.addLocal(local.sramAccesses, parameter.arrived);
  return { ...noFetch(writer), count };
}
