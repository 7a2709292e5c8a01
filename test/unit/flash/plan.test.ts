import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  firmwareVersion,
  protocolVersion,
  type HelloRecord,
} from '../../../src/core/wire/device-records';
import { packageRoot } from '../../../src/node/assets';
import { planFlash, type WantedFirmware } from '../../../src/node/flash/plan';

const wanted: WantedFirmware = {
  ...{ contentHash: 'new', program: 'built', board: 'pico', clockMhz: 125, cores: 1 },
  ...{ arenaBytes: 1000, weightsBytes: 5000, flashBytes: 2 ** 20 },
};

const hello: HelloRecord = {
  ...{
    record: 'hello',
    firmware: firmwareVersion,
    program: 'built',
    protocol: protocolVersion,
    board: 'pico',
  },
  ...{ clock_mhz: 125, cores: 1, image: 'ok', model: 'old', tokenizer: 'words' },
  memory: { arena: 1000, weights: 5000 },
};

const plan = (said: Partial<HelloRecord>, asked: Partial<WantedFirmware> = {}, modelOnly = false) =>
  planFlash({ hello: { ...hello, ...said } }, { ...wanted, ...asked }, modelOnly);

test('versions are those of the firmware', () => {
  const header = readFileSync(join(packageRoot(), 'firmware/app/service.h'), 'utf8');
  expect(header).toContain(`FIRMWARE_VERSION "${firmwareVersion}"`);
  expect(header).toContain(`PROTOCOL_VERSION ${protocolVersion}u`);
});

test('a flash that is too small is named before anything is written', () => {
  expect(plan({ flash_bytes: 2 ** 21 }).flash).toBe('model');
  const tooSmall = () => plan({ flash_bytes: 2 ** 19 });
  expect(tooSmall).toThrow('flash of the board has 524,288 bytes');
  expect(tooSmall).toThrow('needs 1,048,576');
});

test('a program that cannot stream is replaced where the model streams', () => {
  expect(plan({}, { streams: true })).toMatchObject({ flash: 'program' });
  expect(plan({ streams: 0 }, { streams: true }).reason).toContain('cannot stream');
  expect(plan({ streams: 1 }, { streams: true }).flash).toBe('model');
});

describe('nothing needs flashing', () => {
  test('where the board has the model, its sampling defaults and the firmware', () => {
    expect(plan({ model: 'new' }).flash).toBe('nothing');
  });
});

describe('the model alone is flashed', () => {
  test.each<[string, Partial<HelloRecord>, Partial<WantedFirmware>]>([
    ['over another', {}, {}],
    ['where there is none', { model: undefined, image: 'there is no model image' }, {}],
    ['where there is more room than it needs', { memory: { arena: 1001, weights: 9000 } }, {}],
    [
      'where its weights are to stay in flash',
      { memory: { arena: 1000, weights: 0 } },
      { weightsBytes: 0 },
    ],
    ['where one room holds it all', { memory: { pool: 6000, arena: 900, weights: 5100 } }, {}],
    ['where board and clock do not matter', { board: 'x', clock_mhz: 1 }, withoutTarget()],
  ])('%s', (_, said, asked) => {
    expect(plan(said, asked)).toMatchObject({ flash: 'model' });
  });

  test('at another clock, when the program is to stay', () => {
    expect(plan({ clock_mhz: 250 }, {}, true).flash).toBe('model');
    expect(plan({ model: 'new', clock_mhz: 250 }, {}, true).flash).toBe('nothing');
  });
});

describe('the program is flashed too, with the reason', () => {
  test.each<[string, Partial<HelloRecord>, RegExp]>([
    ['another version', { firmware: '0.0.9' }, /firmware 0\.0\.9/],
    ['another protocol', { protocol: 9 }, /protocol 9/],
    ['other sources', { program: 'other', model: 'new' }, /other sources/],
    ['sources not said', { program: undefined, model: 'new' }, /other sources/],
    ['for another board', { board: 'tiny2040' }, /tiny2040.*pico/],
    ['too little working memory', { memory: { arena: 999, weights: 5000 } }, /999 .*1,000/],
    ['too little room for weights', { memory: { arena: 1000, weights: 4999 } }, /4,999 .*5,000/],
    ['too small a room', { memory: { pool: 5999 } }, /5,999 .*6,000/],
    ['nothing said of memory', { memory: {} }, /0 bytes/],
    ['another clock', { clock_mhz: 250, model: 'new' }, /250 MHz.*125 MHz/],
    ['other cores', { cores: 2, model: 'new' }, /2 cores.*1 core\./],
  ])('%s', (_, said, reason) => {
    const { flash, reason: told } = plan(said);
    expect(flash).toBe('program');
    expect(told).toMatch(reason);
  });

  test('where no firmware of ours answers', () => {
    const seen = { unknown: 'It runs MicroPython.' };
    expect(planFlash(seen, wanted, true)).toEqual({ flash: 'program', reason: seen.unknown });
  });
});

function withoutTarget(): Partial<WantedFirmware> {
  return { board: undefined, clockMhz: undefined, cores: undefined };
}
