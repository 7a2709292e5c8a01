import { expect, test } from 'vitest';
import { ProgramSerial } from '../../../src/emulator/chip/program-serial';
import type { UsbSerial } from '../../../src/emulator/chip/usb-serial';

function serial() {
  const usb = { state: 'none' as UsbSerial['state'], written: '' };
  const uart = { written: '' };
  let said = '';
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  const port = new ProgramSerial(
    () =>
      Object.assign(usb, { write: (bytes: Uint8Array) => (usb.written += text(bytes)) }) as never,
    () => ({ write: (bytes: Uint8Array) => (uart.written += text(bytes)) }) as never,
    (bytes) => (said += text(bytes)),
  );
  return { usb, uart, port, said: () => said };
}

test('the output of a program without USB comes from its UART', () => {
  const { port, uart, said } = serial();
  port.hearUart(Buffer.from('hello'));
  port.write(Buffer.from('hi'));
  expect([said(), uart.written]).toEqual(['hello', 'hi']);
});

test('while a USB port may appear, all bytes wait; then they go to the right port', () => {
  for (const state of ['open', 'none'] as const) {
    const { port, usb, uart, said } = serial();
    usb.state = 'coming';
    port.hearUart(Buffer.from('boot '));
    port.write(Buffer.from('typed'));
    port.settle();
    expect([said(), uart.written, usb.written]).toEqual(['', '', '']);
    usb.state = state;
    port.settle();
    port.hearUart(Buffer.from('more'));
    if (state === 'open') expect([said(), uart.written, usb.written]).toEqual(['', '', 'typed']);
    else expect([said(), uart.written, usb.written]).toEqual(['boot more', 'typed', '']);
  }
});
