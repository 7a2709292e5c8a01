import { romBytes } from '../chip/address-map';
import { Breakpoint, ChipFault } from '../fault';
import { call } from './branches';
import type { Encoding, Instruction } from './instruction';

/** The boot ROM's services are reached by `udf`; elsewhere it is what it says. */
const undefinedOrTrap: Instruction = (core, opcode) => {
  if (core.current < romBytes) return core.onTrap(opcode & 0xff);
  throw new ChipFault(`undefined instruction (udf ${opcode & 0xff})`);
};

const breakpoint: Instruction = (_, opcode) => {
  throw new Breakpoint(`breakpoint ${opcode & 0xff}, with no debugger to take it`);
};

const callSupervisor: Instruction = (core, opcode) => {
  if (!core.takesSupervisorCalls)
    throw new ChipFault(`svc ${opcode & 0xff}, which cannot be taken`);
  core.pendingSVCall = true;
  core.interruptsUpdated = true;
  return 1;
};

/** Number of the special register. */
const primask = 16;

const changeInterruptMask: Instruction = (core, opcode) => {
  core.mask((opcode & 0x10) !== 0);
  return 1;
};

const waitForInterrupt: Instruction = (core) => {
  core.waitForInterrupt();
  return 2;
};

const waitForEvent: Instruction = (core) => {
  core.waitForEvent();
  return 2;
};

const sendEvent: Instruction = (core) => {
  core.onEvent();
  return 1;
};

const nothing: Instruction = () => 1;

/** Instructions of 32 bits: BL, MSR, MRS and the barriers. */
const wide: Instruction = (core, first) => {
  const second = core.fetchSecondHalf();
  if ((first & 0xf800) === 0xf000 && (second & 0xd000) === 0xd000) return call(core, first, second);
  if ((first & 0xfff0) === 0xf380 && (second & 0xff00) === 0x8800) {
    const [register, value] = [second & 0xff, core.get(first & 15)];
    if (register === primask) core.mask((value & 1) !== 0);
    else core.writeSpecialRegister(register, value);
    return 3;
  }
  if (first === 0xf3ef && (second & 0xf000) === 0x8000) {
    core.set((second >>> 8) & 15, core.readSpecialRegister(second & 0xff));
    return 3;
  }
  if (first === 0xf3bf && isBarrier(second)) return 3;
  throw new ChipFault(`undefined instruction 0x${first.toString(16)}${second.toString(16)}`);
};

/** DSB, DMB and ISB: nothing overtakes anything here. */
function isBarrier(second: number): boolean {
  const kind = second & 0xfff0;
  return kind === 0x8f40 || kind === 0x8f50 || kind === 0x8f60;
}

export const system: readonly Encoding[] = [
  ['10110110011i0010', changeInterruptMask],
  ['10111110iiiiiiii', breakpoint],
  ['1011111100000000', nothing],
  ['1011111100010000', nothing],
  ['1011111100100000', waitForEvent],
  ['1011111100110000', waitForInterrupt],
  ['1011111101000000', sendEvent],
  ['11011110iiiiiiii', undefinedOrTrap],
  ['11011111iiiiiiii', callSupervisor],
  ['11110iiiiiiiiiii', wide],
];
