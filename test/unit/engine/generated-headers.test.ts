import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as imageFields from '../../../src/core/export/image-fields';
import { formatNames, tensorFormats, weightFormats } from '../../../src/core/model/formats';
import * as formats from '../../../src/core/model/formats';
import {
  architectureOptions,
  ngramTargets,
  whenFullChoices,
} from '../../../src/core/model/options';
import * as tensorTable from '../../../src/core/model/tensor-table';
import { packageRoot } from '../../../src/node/assets';
// @ts-expect-error A build script without types.
import * as headers from '../../../src/build/model-headers.mjs';

interface Generator {
  imageFormatHeader(tables: object): string;
  trainerHeader(tables: object): string;
  headerFiles: { image: string; trainer: string };
}

const { imageFormatHeader, trainerHeader, headerFiles } = headers as Generator;
const tables = {
  ...{ architectureOptions, ngramTargets, whenFullChoices },
  ...{ ...formats, ...tensorTable, ...imageFields },
};

it('the headers of engine and trainer follow from the tables', () => {
  expect(readFileSync(headerFiles.image, 'utf8')).toBe(imageFormatHeader(tables));
  expect(readFileSync(headerFiles.trainer, 'utf8')).toBe(trainerHeader(tables));
});

it('the schema of model.json offers the choices of the tables', () => {
  const text = readFileSync(join(packageRoot(), 'src/core/model/model.schema.json'), 'utf8');
  const { properties } = JSON.parse(text) as {
    properties: Record<string, { properties: Record<string, { enum?: string[] }> }>;
  };
  const offered = (section: string, field: string) => properties[section]?.properties[field]?.enum;
  for (const [option, choices] of Object.entries(architectureOptions)) {
    expect(offered('architecture', option)).toEqual(choices);
  }
  expect(offered('quantization', 'weights')).toEqual(weightFormats);
});

it('a format fits its bits in the record', () => {
  for (const name of formatNames) {
    const { bits, peak } = tensorFormats[name];
    expect(peak, name).toBeLessThan(2 ** (bits - 1));
  }
});
