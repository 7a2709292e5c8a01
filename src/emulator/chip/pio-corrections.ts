import { FIFO, type RP2040 } from 'rp2040js';

type StockMachine = RP2040['pio'][number]['machines'][number];

/** Registers of a state machine, from its divider on, and bits of them (RP2040 datasheet, 3.7). */
const shiftControl = 0x08;
const instruction = 0x10;
const joinTransmit = 1 << 30;
const joinReceive = 1 << 31;
const executedStalls = 1 << 31;
/** Words of a FIFO that is not joined. */
const fifoWords = 4;

/**
 * Corrects what a state machine of rp2040js does out of turn. An instruction that a program writes to
 * INSTR takes the place of one that waits and leaves the program counter alone unless it jumps, also
 * when it waits itself; a FIFO that is joined with the other has the words of both.
 */
export function correctStateMachine(machine: StockMachine): void {
  let executedWaits = false;
  const complete = machine.checkWait.bind(machine);
  machine.checkWait = () => {
    const { pc, waiting } = machine;
    complete();
    if (!executedWaits || !waiting || machine.waiting) return;
    executedWaits = false;
    machine.pc = pc;
  };
  const restart = machine.restart.bind(machine);
  machine.restart = () => {
    executedWaits = false;
    machine.execCtrl &= ~executedStalls;
    restart();
  };
  const write = machine.writeUint32.bind(machine);
  machine.writeUint32 = (offset, value) => {
    if (offset === instruction) {
      machine.waiting = false;
      machine.execCtrl &= ~executedStalls;
      executedWaits = false;
      const { pc } = machine;
      write(offset, value);
      executedWaits = machine.waiting;
      if (executedWaits) machine.pc = pc;
      return;
    }
    const before = machine.shiftCtrl;
    write(offset, value);
    if (offset === shiftControl && (before ^ value) & (joinTransmit | joinReceive)) join(machine);
  };
}

/** Gives both FIFOs the words that they have now; what was in them is lost. */
function join(machine: StockMachine): void {
  const transmits = (machine.shiftCtrl & joinTransmit) !== 0;
  const receives = (machine.shiftCtrl & joinReceive) !== 0;
  const words = (joined: boolean, other: boolean) => (joined ? 2 : other ? 0 : 1) * fifoWords;
  Object.assign(machine, {
    txFIFO: new FIFO(words(transmits, receives)),
    rxFIFO: new FIFO(words(receives, transmits)),
  });
}
