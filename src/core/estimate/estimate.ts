import { planImage } from '../export/layout';
import type { Architecture, ModelConfig } from '../model/config';
import { hasErrors, type Problem } from '../problem';
import { arenaBytes } from './arena';
import calibration from './calibration.json';
import { chip } from './chip';
import { cyclesPerToken } from './cycles';
import { fittingChanges } from './fitting';
import { countParameters, type ParameterCounts } from './parameters';

/** SRAM by part, in bytes; every byte is allocated statically, so they add up to the total. */
export interface SramParts {
  /** Matrices and norm gains, when they are copied from flash. */
  weights: number;
  kv_cache: number;
  activations: number;
  /** Code and initialised data that run from SRAM: the engine's kernels, the SDK's. */
  code: number;
  /** Variables of the SDK, of USB and of the protocol. */
  program: number;
  stack: number;
}

export interface FlashParts {
  program: number;
  /** The model image: weights, tables and tokenizer. */
  model: number;
}

export interface SpeedEstimate {
  cycles_per_token: number;
  tokens_per_second: number;
  clock_mhz: number;
  cores: number;
  /** Positions that the token attends to. */
  context: number;
  parts: Record<string, number>;
}

export interface Estimate {
  parameters: ParameterCounts;
  sram: { limit: number; total: number; free: number; parts: SramParts };
  flash: { limit: number; total: number; parts: FlashParts };
  speed: SpeedEstimate;
  fits: boolean;
  problems: Problem[];
}

/** Average bytes of a token's text and merge in the image, before the tokenizer is known. */
const typicalTokenBytes = 16;
const tokenizerFixedBytes = 16 + 512 + 4;

/**
 * Bytes of the tokenizer section: exact for a known tokenizer, else typical of the vocabulary.
 */
function tokenizerBytes({ vocab_size }: Architecture, known: number | undefined): number {
  return known ?? tokenizerFixedBytes + typicalTokenBytes * vocab_size;
}

export function sramParts({ architecture, target }: ModelConfig): SramParts {
  const arena = arenaBytes(architecture);
  const { weightsBytes } = planImage(architecture, 0);
  return {
    weights: target.weights === 'sram' ? weightsBytes : 0,
    kv_cache: arena.kv_cache,
    activations: arena.activations,
    ...calibration.sram,
  };
}

export function totalOf(parts: object): number {
  return Object.values(parts).reduce((sum: number, bytes: number) => sum + bytes, 0);
}

/**
 * What a model costs. The speed is that of the middle of the context.
 *
 * @param knownTokenizerBytes size of the tokenizer section, once there is a tokenizer
 */
export function estimateModel(config: ModelConfig, knownTokenizerBytes?: number): Estimate {
  const { architecture, target } = config;
  const parts = sramParts(config);
  const total = totalOf(parts);
  const image = planImage(architecture, tokenizerBytes(architecture, knownTokenizerBytes));
  const flash: FlashParts = { ...calibration.flash, model: image.imageBytes };
  const context = Math.ceil(architecture.max_seq_len / 2);
  const cycles = cyclesPerToken(architecture, context);
  const problems = budgetProblems(config, total, image.imageBytes);
  return {
    parameters: countParameters(architecture),
    sram: { limit: chip.sramBytes, total, free: chip.sramBytes - total, parts },
    flash: { limit: chip.flashBytes, total: totalOf(flash), parts: flash },
    speed: {
      cycles_per_token: Math.round(cycles.total),
      tokens_per_second: (target.clock_mhz * 1e6) / cycles.total,
      clock_mhz: target.clock_mhz,
      cores: 1,
      context,
      parts: cycles.parts,
    },
    fits: !hasErrors(problems),
    problems,
  };
}

function budgetProblems(config: ModelConfig, sram: number, imageBytes: number): Problem[] {
  const problems: Problem[] = [];
  const over = sram - chip.sramBytes;
  if (over > 0) {
    const changes = fittingChanges(config, (changed) => totalOf(sramParts(changed)));
    problems.push({
      code: 'sram.over',
      severity: 'error',
      path: 'architecture',
      message: `The model needs ${sram} bytes of SRAM, ${over} more than the ${chip.sramBytes} of the chip.`,
      fix:
        changes.length > 0
          ? `Any one of these fits: ${changes.map(({ text }) => text).join('; ')}.`
          : 'No single value makes it fit; choose a smaller preset.',
    });
  }
  const room = chip.flashBytes - chip.modelFlashOffset;
  if (imageBytes > room) {
    problems.push({
      code: 'flash.over',
      severity: 'error',
      path: 'architecture',
      message: `The model image has ${imageBytes} bytes; the flash has room for ${room}.`,
      fix: 'Use a smaller vocab_size, dim or hidden_dim.',
    });
  }
  if (config.target.weights === 'flash') {
    problems.push({
      code: 'speed.flash',
      severity: 'warning',
      path: 'target.weights',
      message: 'The speed does not count the waits for flash: a chip will be slower.',
      fix: 'Use sram where the model fits.',
    });
  }
  return problems;
}
