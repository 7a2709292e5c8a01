import { describe, expect, test } from 'vitest';
import { findPort } from '../../../src/node/board/link/find-port';
import type { ListedPort } from '../../../src/node/board/list-ports';
import { FakeTransport } from './fake-transport';

/** Where boards are plugged in; a test changes it. */
function finder(id: string, links: Record<string, string> = {}) {
  const plugged: ListedPort[] = [];
  const find = findPort(id, {
    list: async () => plugged,
    listedName: async (name) => links[name] ?? name,
    open: (path, baudRate) => new FakeTransport(path, undefined, baudRate),
  });
  const look = async (): Promise<string | undefined> => (await find(9600))?.name;
  return { plugged, look, find };
}

describe('a board', () => {
  test('is found by its serial number, whatever its port is called', async () => {
    const { plugged, look } = finder('e660');
    plugged.push({ path: '/dev/ttyACM0', serialNumber: 'E661' });
    plugged.push({ path: '/dev/ttyACM1', serialNumber: 'E660' });
    expect(await look()).toBe('/dev/ttyACM1');
  });

  test('that was named by its port is identified by its serial number from then on', async () => {
    const { plugged, look } = finder('COM3');
    plugged.push({ path: 'COM3', serialNumber: 'E660' });
    expect(await look()).toBe('COM3');
    plugged[0] = { path: 'COM4', serialNumber: 'E660' };
    expect(await look()).toBe('COM4');
    // Another board in its place is not it.
    plugged[0] = { path: 'COM3', serialNumber: 'E661' };
    expect(await look()).toBeUndefined();
  });

  test.each(['/dev/serial/by-id/pico', 'com3'])('that was named %s, as well', async (name) => {
    const { plugged, look } = finder(name, { '/dev/serial/by-id/pico': 'COM3' });
    plugged.push({ path: 'COM2', serialNumber: 'E660' });
    plugged.push({ path: 'COM3', serialNumber: 'E660' });
    expect(await look()).toBe('COM3');
    plugged.splice(0, 2, { path: 'COM9', serialNumber: 'E660' });
    expect(await look()).toBe('COM9');
  });

  test('that has a number in common with another port is the one that was named', async () => {
    const { plugged, look } = finder('/dev/ttyACM1');
    plugged.push({ path: '/dev/ttyACM0', serialNumber: 'E660' });
    plugged.push({ path: '/dev/ttyACM1', serialNumber: 'E660' });
    expect(await look()).toBe('/dev/ttyACM1');
    plugged.pop();
    expect(await look()).toBe('/dev/ttyACM0');
  });

  test('without a serial number is where its port is, listed or not', async () => {
    const { plugged, look, find } = finder('/dev/ttyS0');
    expect(await look()).toBe('/dev/ttyS0');
    plugged.push({ path: '/dev/ttyS0' });
    expect(await look()).toBe('/dev/ttyS0');
    expect(await find(1200)).toMatchObject({ baudRate: 1200 });
  });
});
