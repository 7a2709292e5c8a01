import { figuresOf } from '../../core/estimate/factors';
import { bytesGrowingWith, memoryMap } from '../../core/estimate/memory-map';
import type { Assessment } from '../../core/estimate/assess';
import { reconfigure } from '../../core/model/reconfigure';
import { shapeFields } from '../../core/model/shape';
import { setting, type JsonValue } from '../../core/problem';
import { grouped } from '../../core/text';

/** Bytes of SRAM that grow with the value at a path; undefined where nothing does. */
export function bytesAt(model: Assessment, path: string): number | undefined {
  const field = shapeFields.find((name) => path === `architecture.${name}`);
  if (!model.value || !field) return undefined;
  return bytesGrowingWith(memoryMap(model.value).sram, field);
}

/** What the model would be with another value: `215,904 B SRAM, 52.1 tok/s`. */
export function costOf(model: Assessment, path: string, value: JsonValue): string | undefined {
  if (!model.value || !model.file) return undefined;
  const config = reconfigure(model.file, model.value.name, [setting(path, value)]);
  if (!config) return undefined;
  const { sram, tokens_per_second, fits } = figuresOf(config);
  const over = fits ? '' : ', does not fit';
  return `${grouped(sram)} B SRAM, ${tokens_per_second.toFixed(1)} tok/s${over}`;
}
