import { coreField } from '../chip/memory-map';
import { Code } from '../wasm/code';
import { op } from '../wasm/opcodes';

/** Parameters: the state of each core, the cycles that it is ahead of the one behind, and limits. */
const local = {
  core0: 0,
  core1: 1,
  time0: 2,
  time1: 3,
  until: 4,
  hard: 5,
  lead: 6,
  cycles: 7,
} as const;

/** What a core's turn came to: in which core's state it stands, and which core had it. */
export const turnEnd = { none: 0, first: 1, second: 2 } as const;

/**
 * Lets two awake cores take turns in translated code, as `Scheduler` does: the core that is behind
 * runs next, until it is `lead` cycles ahead of the other. Parameters: both cores' states; the time of
 * each; the time at which no turn begins any more; the time at which no instruction begins; the lead.
 * Leaves the times in `coreField.time`. Returns 0 when no turn is under way, else 1 or 2, the core
 * whose turn the interpreter has to finish.
 *
 * @param run index of `dispatchBody`
 */
export function turnsBody(run: number): { body: Uint8Array; locals: number } {
  const code = new Code();
  code.open(op.loop);
  for (const [time, other] of [
    [local.time0, local.time1],
    [local.time1, local.time0],
  ] as const) {
    const first = time === local.time0;
    // The first core goes first when both are at the same time.
    code.get(local.time0);
    code.get(local.time1);
    code.op(first ? op.i32_le_s : op.i32_gt_s);
    code.open(op.if);
    code.get(time);
    code.get(local.until);
    code.op(op.i32_ge_s);
    leaveIf(code, turnEnd.none);
    takeTurn(code, run, { core: first ? local.core0 : local.core1, time, other });
    code.op(op.i32_eqz);
    leaveIf(code, first ? turnEnd.first : turnEnd.second);
    code.branch(op.br, 1);
    code.close();
  }
  code.close();
  code.op(op.unreachable);
  return { body: code.bytes, locals: 1 };
}

/** Takes a condition from the stack. */
function leaveIf(code: Code, result: number): void {
  code.open(op.if);
  for (const [core, time] of [
    [local.core0, local.time0],
    [local.core1, local.time1],
  ] as const) {
    code.get(core);
    code.get(time);
    code.access(op.i32_store, 2, coreField.time);
  }
  code.constant(result);
  code.op(op.return);
  code.close();
}

/** Runs a core; pushes whether its turn is over. */
function takeTurn(
  code: Code,
  run: number,
  { core, time, other }: { core: number; time: number; other: number },
): void {
  code.get(core);
  code.get(other);
  code.get(local.lead);
  code.op(op.i32_add);
  code.get(time);
  code.op(op.i32_sub);
  code.get(local.hard);
  code.get(time);
  code.op(op.i32_sub);
  code.call(run);
  code.get(time);
  code.op(op.i32_add);
  code.set(time);
  code.get(core);
  code.access(op.i32_load, 2, coreField.refused);
  code.op(op.i32_eqz);
}
