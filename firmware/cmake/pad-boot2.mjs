// node pad-boot2.mjs SCRIPT -s SEED IN.bin OUT.S
// Pads the second-stage boot loader to 252 bytes and appends the checksum that the boot ROM wants:
// CRC-32 with polynomial 0x04c11db7, most significant bit first, seeded, not inverted.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , , , seed, input, output] = process.argv;
const paddedBytes = 252;
const code = readFileSync(input);
if (code.length > paddedBytes)
  throw new Error(`${input} has ${code.length} bytes, not ${paddedBytes}.`);
const block = Buffer.alloc(paddedBytes + 4);
code.copy(block);

let crc = Number(seed) >>> 0;
for (const byte of block.subarray(0, paddedBytes)) {
  crc ^= byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
}
block.writeUInt32LE(crc >>> 0, paddedBytes);

const bytes = Array.from(block, (byte) => `.byte 0x${byte.toString(16).padStart(2, '0')}`);
writeFileSync(output, `.cpu cortex-m0plus\n.thumb\n.section .boot2, "ax"\n${bytes.join('\n')}\n`);
