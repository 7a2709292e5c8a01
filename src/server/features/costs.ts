import { figuresOf } from '../../core/estimate/factors';
import { bytesGrowingWith, memoryMap } from '../../core/estimate/memory-map';
import type { Assessment } from '../../core/estimate/assess';
import { changeFile, reconfigure } from '../../core/model/reconfigure';
import { shapeFields } from '../../core/model/shape';
import { checkSchema } from '../../core/model/validate';
import { hasErrors, setting, type JsonValue } from '../../core/problem';
import { grouped } from '../../core/text';

/** Bytes of SRAM that grow with the value at a path; undefined where none do. */
export function bytesAt(model: Assessment, path: string): number | undefined {
  const field = shapeFields.find((name) => path === `architecture.${name}`);
  if (!model.value || !field) return undefined;
  return bytesGrowingWith(memoryMap(model.value).sram, field);
}

/** Sections whose values change the cost of a model. */
const costly = /^(architecture|target)\./;

/** The cost of the model with another value: `215,904 B SRAM, 52.1 tok/s`. */
export function costOf(model: Assessment, path: string, value: JsonValue): string | undefined {
  if (!model.value || !model.file || !costly.test(path)) return undefined;
  const changes = [setting(path, value)];
  // An offered value may be only a placeholder, like `{}`.
  if (hasErrors(checkSchema(changeFile(model.file, changes)).problems)) return undefined;
  const config = reconfigure(model.file, model.value.name, changes);
  if (!config) return undefined;
  const { sram, tokens_per_second, fits } = figuresOf(config);
  const over = fits ? '' : ', does not fit';
  return `${grouped(sram)} B SRAM, ${tokens_per_second.toFixed(1)} tok/s${over}`;
}
