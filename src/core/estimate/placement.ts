import { chip } from '../chip';
import { baseSection, sectionBytes, type StoredModel } from '../export/layout';
import type { ModelConfig } from '../model/config';
import { isPresent, tensorEntries, type TensorEntry } from '../model/tensor-table';
import { arenaBytes } from './arena';
import calibration from './calibration.json';

/** A model with the matrices that are streamed from flash. */
export type PlacedModel = ModelConfig & Pick<StoredModel, 'streamed'>;

/** SRAM that a placement leaves free: the linked program may differ from the estimate by as much. */
const spareBytes = 1024;

const known = new WeakMap<ModelConfig, PlacedModel>();

/**
 * Decides which matrices of a model with `target.weights` "stream" stay in flash: as few bytes as
 * can be, since each costs the same time on its way. All layers alike. None where SRAM holds the
 * model, and all where it holds no selection of them.
 */
export function placed(config: ModelConfig): PlacedModel {
  if (config.target.weights !== 'stream') return config;
  const cached = known.get(config);
  if (cached) return cached;
  const model = { ...config, streamed: leastStreamed(config) };
  known.set(config, model);
  return model;
}

function leastStreamed(config: ModelConfig): ReadonlySet<string> {
  const { architecture } = config;
  const slots = tensorEntries.filter((entry) => canStream(config, entry)).map(({ slot }) => slot);
  let least = new Set(slots);
  let leastBytes = Infinity;
  // Eight matrices at most: 256 selections.
  for (let selection = 0; selection < 1 << slots.length; selection++) {
    const streamed = new Set(slots.filter((_, index) => selection & (1 << index)));
    const model = { architecture, quantization: config.quantization, streamed };
    const bytes = sectionBytes(model, 'stream');
    if (bytes < leastBytes && residentBytes(config, streamed) <= chip.sramBytes) {
      least = streamed;
      leastBytes = bytes;
    }
  }
  return least;
}

function canStream({ architecture }: ModelConfig, entry: TensorEntry): boolean {
  return (
    entry.kind === 'matrix' &&
    isPresent(architecture, entry) &&
    baseSection(architecture, entry) === 'weights'
  );
}

/** Bytes of the engine's code in SRAM: that for streams only where a model has some. */
export function codeBytes({ streamed }: Pick<StoredModel, 'streamed'>): number {
  return calibration.sram.code + (streamed?.size ? calibration.sram.streaming : 0);
}

/** Bytes of SRAM of a model and its program. */
function residentBytes(config: ModelConfig, streamed: ReadonlySet<string>): number {
  const model = { ...config, streamed };
  const { program, stack } = calibration.sram;
  const fixed = codeBytes(model) + program + stack + chip.scratchBankBytes;
  return sectionBytes(model, 'weights') + arenaBytes(model).total + fixed + spareBytes;
}
