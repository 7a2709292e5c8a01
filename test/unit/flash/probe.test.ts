import { describe, expect, test } from 'vitest';
import { readImageHeader } from '../../../src/core/export/image-header';
import { modelUf2 } from '../../../src/core/export/model-uf2';
import { flashBoard, proofOf } from '../../../src/node/flash/flash-board';
import { flashRun } from '../../../src/node/flash/flash-run';
import { inspect } from '../../../src/node/flash/inspect';
import { runFolder } from '../../../src/node/run/folder';
import { goldenImage, goldenModels } from '../../golden/models';
import { port, probe, SimulatedHost } from './simulated-host';

const image = goldenImage(goldenModels[0]!);
const uf2 = modelUf2(image);
const header = readImageHeader(image)!;

/** A board that is wired to a probe only. */
function wired(): SimulatedHost {
  const host = new SimulatedHost(header, uf2.length);
  host.hasProbe = true;
  host.isOnUsb = false;
  host.faults = { openocd: 'works' };
  return host;
}

describe('flashing through a debug probe', () => {
  test('needs no port of the board; OpenOCD has verified it', async () => {
    const host = wired();
    const report = await flashBoard(uf2, probe, { host });
    expect(report).toMatchObject({ board: 'E663', method: 'openocd', port: null, model: null });
    expect(proofOf(report)).toContain('OpenOCD has compared it');
    expect(host.done).toEqual(['openocd -f', `greet ${probe.port}`]);
  });

  test('is confirmed over the UART of the probe, where that is wired', async () => {
    const host = wired();
    host.isOnUart = true;
    const report = await flashBoard(uf2, probe, { host });
    expect(report).toMatchObject({ port: probe.port, model: header.contentHash });
    host.faults.hello = { model: 'other' };
    await expect(flashBoard(uf2, probe, { host })).rejects.toMatchObject({
      code: 'flash.model',
    });
  });

  test('is confirmed over USB, where the board appears there', async () => {
    const host = wired();
    const flashing = flashBoard(uf2, probe, {
      host,
      onProgress: ({ step }) => (host.isOnUsb = step === 'restart' || host.isOnUsb),
    });
    expect(await flashing).toMatchObject({ port, model: header.contentHash });
  });

  test('is not tried on one of several that have no numbers', async () => {
    const host = wired();
    const { serialNumber: _, ...nameless } = probe;
    host.boards = async () => [nameless, { ...nameless, id: 'B', port: 'B' }];
    await expect(flashBoard(uf2, nameless, { host })).rejects.toMatchObject({
      code: 'flash.probes-alike',
    });
    expect(host.commands).toEqual([]);
  });

  test('is the way for the probe that is named, whatever else is there', async () => {
    const host = wired();
    host.isOnUsb = true;
    host.boards = async () => [probe, { ...probe, id: 'E664', serialNumber: 'E664', port: 'B' }];
    expect(await flashBoard(uf2, probe, { host })).toMatchObject({ method: 'openocd' });
    expect(host.commands[0]).toContain('adapter serial E663');
  });

  test('names the scripts of an OpenOCD that has them beside it', async () => {
    const host = wired();
    const path = '/home/me/.pico-sdk/openocd/1/openocd';
    host.findProgram = () => ({ path, scripts: '/home/me/.pico-sdk/openocd/1/scripts' });
    await flashBoard(uf2, probe, { host });
    expect(host.commands[0]?.slice(0, 2)).toEqual(['-s', '/home/me/.pico-sdk/openocd/1/scripts']);
  });

  test('without OpenOCD fails with a remedy, before anything happens', async () => {
    const host = wired();
    host.faults = {};
    await expect(flashBoard(uf2, probe, { host })).rejects.toMatchObject({
      ...{ code: 'flash.openocd-missing', exitCode: 3 },
      remedy: expect.stringContaining('Install OpenOCD') as string,
    });
    expect(host.done).toEqual([]);
    // This run does not exist: any access to it would fail.
    await expect(flashRun(runFolder('/nowhere'), probe, { host })).rejects.toMatchObject({
      code: 'flash.openocd-missing',
    });
  });

  test("that fails is reported with OpenOCD's output, and what to check", async () => {
    const host = wired();
    host.faults = { openocd: 'fails' };
    await expect(flashBoard(uf2, probe, { host })).rejects.toMatchObject({
      code: 'flash.probe',
      message: expect.stringContaining('openocd has failed') as string,
      remedy: expect.stringMatching(/SWCLK.*udevadm/) as string,
    });
  });
});

test("asks the board over the probe's UART which program it runs", async () => {
  const host = wired();
  expect(await inspect(host, probe)).toHaveProperty('unknown');
  host.isOnUart = true;
  expect(await inspect(host, probe)).toMatchObject({ hello: { model: 'old' } });
});
