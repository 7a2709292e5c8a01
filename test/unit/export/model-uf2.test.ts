import { describe, expect, test } from 'vitest';
import { headerOffset, imageVersion } from '../../../src/core/export/image-fields';
import { readImageHeader } from '../../../src/core/export/image-header';
import {
  modelImageIn,
  modelUf2,
  modelVersionIn,
  programWithModel,
} from '../../../src/core/export/model-uf2';
import { readUf2, writeUf2, type Segment } from '../../../src/core/export/uf2';
import { goldenImage, goldenModels } from '../../golden/models';

const images = goldenModels.map((model) => goldenImage(model));
const [image = new Uint8Array()] = images;
const flash = 0x10000000;
const model = flash + 0x40000;

function contents(uf2: Uint8Array): Segment[] {
  const { value, problems } = readUf2(uf2);
  expect(problems).toEqual([]);
  return value ?? [];
}

describe('a model by itself', () => {
  test('is written to whole sectors at its own place, and read back', () => {
    for (const each of images) {
      const [segment, ...others] = contents(modelUf2(each));
      expect(others).toEqual([]);
      expect(segment?.address).toBe(model);
      expect((segment?.data.length ?? 1) % 4096).toBe(0);
      expect((segment?.data.length ?? 0) - each.length).toBeLessThan(4096);
      expect(segment?.data.subarray(each.length).every((byte) => byte === 0xff)).toBe(true);
      expect(Buffer.from(modelImageIn(segment ? [segment] : []) ?? []).equals(each)).toBe(true);
    }
  });

  test('fills whole sectors of the file, as erratum RP2040-E14 requires', () => {
    expect(modelUf2(image).length % (16 * 512)).toBe(0);
  });
});

describe('a program with a model', () => {
  const program = { address: flash, data: new Uint8Array(5000).fill(7) };

  test('has the image in place of its own', () => {
    const own = { address: model, data: new Uint8Array(256).fill(1) };
    const segments = contents(programWithModel([program, own], image));
    expect(segments.map(({ address }) => address)).toEqual([flash, model]);
    expect(segments[0]?.data.subarray(0, 5000)).toEqual(program.data);
    expect(Buffer.from(modelImageIn(segments) ?? []).equals(image)).toBe(true);
  });

  test('drops the part of a program that reaches into the place of the model', () => {
    const large = { address: flash, data: new Uint8Array(0x41000).fill(7) };
    const segments = contents(programWithModel([large], image));
    expect(Buffer.from(modelImageIn(segments) ?? []).equals(image)).toBe(true);
  });
});

test('a model image of another version does not count as one', () => {
  const old = image.slice();
  new DataView(old.buffer).setUint16(headerOffset('version'), 1, true);
  const segments = contents(modelUf2(old));
  expect(modelImageIn(segments)).toBeUndefined();
  expect(modelVersionIn(segments)).toBe(1);
  expect(modelVersionIn(contents(modelUf2(image)))).toBe(imageVersion);
});

describe('a file without a model', () => {
  test.each<[string, Segment[]]>([
    ['of a program alone', [{ address: flash, data: new Uint8Array(300) }]],
    ['with something else at its place', [{ address: model, data: new Uint8Array(8192) }]],
    ['with a part of one', [{ address: model, data: image.subarray(0, 4096) }]],
    ['with less than a header', [{ address: model, data: image.subarray(0, 50) }]],
  ])('%s', (_, segments) => {
    expect(modelImageIn(contents(writeUf2(segments)))).toBeUndefined();
  });
});

test("the header of an image holds its size and the board's report", () => {
  const header = readImageHeader(image);
  expect(header?.imageBytes).toBe(image.length);
  expect(header?.contentHash).toBe(Buffer.from(image.subarray(16, 24)).toString('hex'));
  expect(header?.tokenizerHash).toBe(Buffer.from(image.subarray(24, 32)).toString('hex'));
  expect(header?.weightsBytes).toBeLessThan(image.length);
});
