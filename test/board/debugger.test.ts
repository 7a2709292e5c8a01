import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VirtualPico } from '../../src/node/board/virtual/virtual-pico';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { findProgram } from '../../src/node/toolchain/find';
import { Gdb } from '../support/gdb';
import { buildTwoCores } from '../support/two-cores';

const minutes = (count: number) => count * 60_000;

const program = findProgram('gdb-multiarch');
const missing = program
  ? await ensureToolchain().then(
      () => undefined,
      (error: unknown) => (error instanceof StarmindError ? error.message : String(error)),
    )
  : 'gdb-multiarch is not here.';
if (missing) console.log(`Skipped debugging with GDB: ${missing}`);

describe.skipIf(missing)('GDB', () => {
  let built: Awaited<ReturnType<typeof buildTwoCores>>;
  const cleanUps: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    built = await buildTwoCores();
  }, minutes(10));
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  async function attach() {
    const pico = new VirtualPico({ flash: built.flash }, false);
    cleanUps.push(() => pico.dispose());
    await pico.start();
    const port = await pico.debug(true);
    const gdb = new Gdb(program ?? '');
    cleanUps.unshift(() => gdb.close());
    expect(await gdb.ask(`-file-exec-and-symbols "${built.elf}"`)).toBe('done');
    return { pico, gdb, port };
  }

  it('attaches as Cortex-Debug does, restarts and stops at breakpoints', async () => {
    const { pico, gdb, port } = await attach();
    expect(await gdb.ask(`-target-select extended-remote 127.0.0.1:${port}`)).toMatch(/^connected/);
    expect(await gdb.ask('-interpreter-exec console "monitor halt"')).toBe('done');
    expect((await pico.read()).power).toBe('halted');
    expect(await gdb.ask('-interpreter-exec console "monitor reset halt"')).toBe('done');
    expect(await gdb.ask('-break-insert measure')).toMatch(/^done,bkpt=.*two_cores\.c/);
    expect(await gdb.ask('-exec-continue')).toBe('running');
    expect(await gdb.stops()).toMatch(/breakpoint-hit.*func="measure".*generate/);
    expect(await gdb.ask('-stack-list-frames')).toMatch(/func="measure".*func="main"/);
    expect(await gdb.ask('-data-evaluate-expression amount')).toBe('done,value="8"');
    expect(await gdb.ask('-exec-next')).toBe('running');
    expect(await gdb.stops()).toMatch(/end-stepping-range.*func="measure"/);
    expect(await gdb.ask('-exec-finish')).toBe('running');
    expect(await gdb.stops()).toMatch(/function-finished.*func="main"/);
    expect(await gdb.ask('-target-detach')).toBe('done');
    await expect.poll(async () => (await pico.read()).power).toBe('running');
  });

  it('shows both cores, stops either at breakpoints, and steps it', async () => {
    const { gdb, port } = await attach();
    expect(await gdb.ask(`-target-select extended-remote 127.0.0.1:${port}`)).toMatch(/^connected/);
    expect(await gdb.ask('-interpreter-exec console "monitor reset halt"')).toBe('done');
    expect(await gdb.ask('-break-insert sharing_core')).toMatch(/^done,bkpt=/);
    expect(await gdb.ask('-exec-continue')).toBe('running');
    expect(await gdb.stops()).toMatch(/breakpoint-hit.*func="sharing_core".*thread-id="2"/);
    const threads = await gdb.ask('-thread-info');
    expect(threads).toMatch(/details="core 0.*details="core 1"/);
    expect(threads).toContain('current-thread-id="2"');
    expect(await gdb.ask('-exec-next')).toBe('running');
    expect(await gdb.stops()).toMatch(/end-stepping-range.*func="sharing_core".*thread-id="2"/);
    expect(await gdb.ask('-thread-select 1')).toMatch(/^done.*func=/);
    // The first core waits there for the second one, which runs on while the debugger steps.
    expect(await gdb.ask('-break-insert rewrite_flash')).toMatch(/^done,bkpt=/);
    expect(await gdb.ask('-exec-continue')).toBe('running');
    expect(await gdb.stops()).toMatch(/breakpoint-hit.*func="rewrite_flash".*thread-id="1"/);
  });

  it('attaches as the debugger of C/C++ does, and interrupts', async () => {
    const { pico, gdb, port } = await attach();
    expect(await gdb.ask('-gdb-set mi-async on')).toBe('done');
    expect(await gdb.ask(`-target-select remote 127.0.0.1:${port}`)).toMatch(/^connected/);
    expect(await gdb.ask('-exec-continue')).toBe('running');
    await expect.poll(async () => (await pico.read()).power).toBe('running');
    expect(await gdb.ask('-exec-interrupt')).toBe('done');
    expect(await gdb.stops()).toMatch(/signal-received.*SIGINT/);
    expect((await pico.read()).power).toBe('halted');
  });
});
