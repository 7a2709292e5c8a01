import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chip } from '../../src/core/chip';
import { arenaBytes } from '../../src/core/estimate/arena';
import { sectionBytes } from '../../src/core/export/layout';
import { packageRoot } from '../../src/node/assets';
import { generate, waitForHello } from '../../src/node/board/session';
import { VirtualBoard } from '../../src/node/board/virtual/virtual-board';
import { buildFirmware } from '../../src/node/build/build-firmware';
import { loadElf } from '../../src/node/build/read-elf';
import { runProgram } from '../../src/node/process';
import { StarmindError } from '../../src/node/starmind-error';
import { ensureToolchain } from '../../src/node/toolchain/ensure';
import { goldenImage, goldenModels } from '../golden/models';
import { readCallGraphs, readDisassembly, StackDepths } from '../support/call-graph';

const toolchain = await ensureToolchain().catch((error: unknown) =>
  error instanceof StarmindError ? error.message : String(error),
);
if (typeof toolchain === 'string') console.log(`Skipped the depth of the stacks: ${toolchain}`);

/** Every function that the firmware's sources give to sm_parallel. */
const shares = sourcesOf('firmware').flatMap((text) =>
  [...text.matchAll(/\bsm_parallel\((\w+),/g)].map(([, work = '']) => work),
);

function sourcesOf(name: string): string[] {
  const folder = join(packageRoot(), name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** Both ways out of the board. */
const stdioOut = ['stdio_usb_out_chars', 'stdio_uart_out_chars'];
const stdioFlush = ['stdio_usb_out_flush', 'stdio_uart_out_flush'];

/** The functions behind the pointers of each caller, in our program and in the pico-sdk 2.1.1. */
const pointers = {
  sm_parallel: shares,
  sm_second_core_run: shares,
  sm_scale_rows: ['sm_scale_rows_narrow_add', 'sm_scale_rows_narrow_set'],
  core1_wrapper: ['sm_second_core_run'],
  runtime_run_per_core_initializers: ['runtime_init_per_core_irq_priorities'],
  speak: ['host_says_stop'],
  utf8_stream_push: ['record_text'],
  utf8_stream_finish: ['record_text'],
  // Into the ROM, which starts the chip anew or speaks to the flash.
  ...{
    rom_reset_usb_boot: [],
    rom_reset_usb_boot_extra: [],
    rom_func_lookup: [],
    flash_do_cmd: [],
    flash_enable_xip_via_boot2: [],
  },
  stdio_out_chars_no_crlf: stdioOut,
  stdio_put_string: ['stdio_out_chars_no_crlf', ...stdioFlush],
  stdio_getchar_timeout_us: ['stdio_usb_in_chars', 'stdio_uart_in_chars'],
  tud_rhport_init: ['cdcd_init', 'resetd_init', 'vendord_init'],
  tud_task_ext: ['cdcd', 'resetd', 'vendord'].flatMap((driver) => [
    ...['open', 'reset', 'xfer_cb'].map((callback) => `${driver}_${callback}`),
    ...(driver === 'vendord' ? [] : [`${driver}_control_xfer_cb`]),
  ]),
  usbd_control_xfer_cb: ['cdcd_control_xfer_cb', 'resetd_control_xfer_cb'],
  // No driver wants to hear of frames.
  dcd_event_handler: [],
  alarm_pool_irq_handler: ['sleep_until_callback'],
};

/** They end the program; or TinyUSB calls them where a program has them, and this one has not. */
const leaves = new Set([
  ...['panic', 'hard_assertion_failure', '_exit'],
  ...['tud_cdc_rx_wanted_cb', 'tud_cdc_rx_cb', 'tud_cdc_tx_complete_cb', 'tud_cdc_line_state_cb'],
  ...['tud_cdc_send_break_cb', 'tud_vendor_rx_cb', 'tud_vendor_tx_cb'],
]);

/** What an exception saves: eight registers, and a word where the stack was not on eight bytes. */
const exceptionBytes = 36;

/** Interrupts of the first core; those of one line do not interrupt each other (default priority). */
const interrupts = ['dcd_rp2040_irq', 'usb_irq', 'alarm_pool_irq_handler'];
const interruptChain = 'irq_handler_chain_first_slot';
/** The task of USB, which those may interrupt. */
const lowInterrupt = 'low_priority_worker_irq';

/** Words that multicore_launch_core1_with_stack leaves on the second core's stack for its start. */
const launchBytes = 12;

const minutes = (count: number) => count * 60_000;

describe.skipIf(typeof toolchain === 'string')('the stacks of the linked firmware', () => {
  const model = goldenModels[0]!;
  let depths: StackDepths;
  let uf2: string;
  /** Bytes of code that lie below the second core's stack, and those that are kept for it. */
  let [copied, secondRoom] = [0, 0];

  beforeAll(async () => {
    if (typeof toolchain === 'string') return;
    let graphs: string[] = [];
    const firmware = await buildFirmware(
      {
        image: goldenImage(model),
        buffers: {
          arenaBytes: arenaBytes(model).total,
          weightsBytes: sectionBytes(model, 'weights'),
        },
        clockMhz: 200,
        cores: 2,
      },
      {
        board: 'pico',
        outFolder: join(packageRoot(), 'out', 'stacks'),
        onBuilt: (folder) => {
          graphs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
            .filter((file) => file.endsWith('.ci'))
            .map((file) => readFileSync(join(folder, file), 'utf8'));
          return Promise.resolve();
        },
      },
    );
    uf2 = firmware.uf2;
    const objdump = join(toolchain.compiler, '..', 'arm-none-eabi-objdump');
    const { output } = await runProgram(objdump, ['-d', '--no-show-raw-insn', firmware.elf]);
    const { symbols } = await loadElf(firmware.elf);
    const linked = readDisassembly(output, symbols);
    const valueOf = (name: string) => symbols.find((symbol) => symbol.name === name)?.address ?? 0;
    copied = valueOf('second_core_copies');
    secondRoom = valueOf('second_core_stack_room');
    // What streams matrices is left out of this program.
    const here = shares.filter((name) => symbols.some((symbol) => symbol.name === name));
    const reached = { ...pointers, sm_parallel: here, sm_second_core_run: here };
    depths = new StackDepths(readCallGraphs(graphs), linked, reached, leaves);
  }, minutes(10));

  const inInterrupt = (handlers: readonly string[]) =>
    exceptionBytes + Math.max(...handlers.map((handler) => depths.of(handler).bytes));

  const first = () =>
    depths.of('main').bytes +
    inInterrupt([lowInterrupt]) +
    depths.of(interruptChain).bytes +
    inInterrupt(interrupts);
  const second = () => launchBytes + depths.of('core1_wrapper').bytes;

  it('fit their scratch banks at the deepest that the program can come to', () => {
    console.log(`Deepest: ${first()} bytes, by ${depths.of('main').chain.join(' > ')}`);
    console.log(
      `Second core: ${second()} bytes, by ${depths.of('core1_wrapper').chain.join(' > ')}`,
    );
    // Without the work that the cores share, the chains would be shallow.
    expect(shares).toContain('multiply_some');
    expect(depths.of('main').bytes).toBeGreaterThan(depths.of('sm_sampler_pick').bytes);
    expect(second()).toBeGreaterThan(depths.of('multiply_some').bytes);
    expect(first()).toBeLessThanOrEqual(chip.scratchBankBytes);
    expect(copied).toBeGreaterThan(2000);
    expect(second()).toBeLessThanOrEqual(secondRoom);
    // Linking has compared these: firmware/app/second_core_room.ld.
    expect(secondRoom + copied).toBeLessThanOrEqual(chip.scratchBankBytes);
  });

  it('cannot be linked where the copies of kernels leave too little room', async () => {
    const script = readFileSync(join(packageRoot(), 'firmware/app/second_core_room.ld'), 'utf8');
    const source = readFileSync(join(packageRoot(), 'firmware/app/second_core_code.c'), 'utf8');
    const names = (text: string, pattern: RegExp) =>
      [...text.matchAll(pattern)].map(([, name]) => name);
    expect(names(script, /(\w+)_end -/g)).toEqual(names(source, /^ {4}X\((\w+)\)/gm));
    if (typeof toolchain === 'string') return;
    const ld = join(toolchain.compiler, '..', 'arm-none-eabi-ld');
    const definitions = (room: number) => [
      ...names(script, /(\w+)_end -/g).flatMap((name) => [
        `--defsym=${name}_begin=0`,
        `--defsym=${name}_end=600`,
      ]),
      ...['--defsym=second_core_bank=4096', `--defsym=second_core_stack_room=${room}`],
    ];
    const folder = mkdtempSync(join(tmpdir(), 'starmind-room-'));
    const link = (room: number) =>
      runProgram(ld, [
        ...[...definitions(room), '-e', '0', '-o', join(folder, 'linked')],
        join(packageRoot(), 'firmware/app/second_core_room.ld'),
      ]);
    try {
      const [fits, full] = [await link(1096), await link(1097)];
      expect(fits.output).not.toMatch(/too little room/);
      expect(full.output).toMatch(/too little room/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are never deeper on the virtual Pico', async () => {
    const board = new VirtualBoard(readFileSync(uf2));
    await board.open();
    try {
      await waitForHello(board);
      const request = { prompt: 'Once', tokens: 12, seed: 5, temperature: 1 };
      const done = await generate(board, request, () => undefined);
      expect(done.peak_stack).toBeLessThanOrEqual(first());
      expect(done.peak_second_stack).toBeLessThanOrEqual(second());
      // The painted marks show the work too.
      expect(done.peak_stack).toBeGreaterThan(500);
      expect(done.peak_second_stack).toBeGreaterThan(100);
    } finally {
      await board.close();
    }
  });
});
