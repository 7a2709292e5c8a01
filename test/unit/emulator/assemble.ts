import { bootChecksum, bootStageBytes } from '../../../src/emulator/rom/boot';

/** Instructions and data as the bytes of a little-endian program. */
export function halfwords(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

/**
 * The least boot stage, with its checksum: continues at 0x10000100.
 * ldr r0, [pc, #0]; bx r0; .word 0x10000101
 */
export function bootStage(): Uint8Array {
  const stage = new Uint8Array(bootStageBytes);
  stage.set(halfwords(0x4800, 0x4700, 0x0101, 0x1000));
  const checked = stage.subarray(0, bootStageBytes - 4);
  new DataView(stage.buffer).setUint32(checked.length, bootChecksum(checked), true);
  return stage;
}

/** Flash with the boot stage and a program at 0x10000100. */
export function flashWith(program: Uint8Array): { offset: number; data: Uint8Array }[] {
  return [
    { offset: 0, data: bootStage() },
    { offset: bootStageBytes, data: program },
  ];
}
