/**
 * `node test/bench/run.mjs lock-step [-- INSTRUCTIONS]`: random programs on two cores, then firmware
 * that keeps both busy, each in a machine that translates and in one that only interprets; compares
 * their whole states every few thousand cycles. Prints how many instructions were interpreted.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Machine } from '../../src/emulator/machine';
import { LockStep, randomLockStep } from '../support/lock-step';
import { buildTwoCores } from '../support/two-cores';
import { numbersFrom } from '../unit/board/random';

const total = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 100_000_000);
/** Short random programs meet more kinds of situations than long ones. */
const piecesOfAProgram = 60;
const longestPiece = 8000;
const firmwarePiece = 500_000;

let instructions = 0;
let comparisons = 0;
let differences = 0;

function count(machine: Machine): void {
  for (const core of machine.cores) {
    const step = core.step.bind(core);
    core.step = () => {
      instructions++;
      return step();
    };
  }
}

function compare(what: string, lockStep: LockStep, cycles: number): void {
  const [translating, interpreting] = lockStep.run(cycles);
  comparisons++;
  if (isDeepStrictEqual(translating, interpreting)) return;
  differences++;
  console.error(JSON.stringify({ what, translating, interpreting }, null, 2));
}

/** Machines that have parted only part further. */
function isOver(): boolean {
  return differences > 0;
}

async function main(): Promise<void> {
  let programs = 0;
  for (; instructions < total / 2 && !isOver(); programs++) {
    const random = numbersFrom(programs + 1);
    const lockStep = randomLockStep(random);
    count(lockStep.interpreting);
    for (let piece = 0; piece < piecesOfAProgram && !isOver(); piece++) {
      compare(`random program ${programs + 1}`, lockStep, 1 + random(longestPiece));
    }
  }
  const random = instructions;
  const lockStep = new LockStep((await buildTwoCores()).flash);
  count(lockStep.interpreting);
  while (instructions < total && !isOver()) compare('firmware', lockStep, firmwarePiece);
  const result = {
    instructions,
    in_random_programs: random,
    in_firmware: instructions - random,
    random_programs: programs,
    comparisons,
    differences,
  };
  console.log(JSON.stringify(result, null, 2));
  if (isOver()) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
