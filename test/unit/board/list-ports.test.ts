import { expect, it } from 'vitest';
import { picoPorts } from '../../../src/node/board/list-ports';

it('the ports of Picos are those of the vendor Raspberry Pi', () => {
  const ports = [
    { path: '/dev/ttyS0' },
    { path: 'COM4', vendorId: '2E8A', serialNumber: 'E660' },
    { path: '/dev/ttyUSB0', vendorId: '0403' },
    { path: '/dev/ttyACM0', vendorId: '2e8a' },
  ];
  expect(picoPorts(ports)).toEqual([
    { path: '/dev/ttyACM0', serialNumber: undefined },
    { path: 'COM4', serialNumber: 'E660' },
  ]);
});
