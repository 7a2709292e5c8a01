import { align4, imageHeadBytes, sectionBytes } from '../export/layout';
import { boardFlashBytes } from '../model/boards';
import type { Architecture, ModelConfig } from '../model/config';
import type { ModelFile } from '../model/defaults';
import { explicitFile } from '../model/reconfigure';
import { hasErrors, setting, type Fix, type Problem } from '../problem';
import { grouped, speed } from '../text';
import { arenaBytes } from './arena';
import calibration from './calibration.json';
import { chip } from '../chip';
import { cyclesPerToken } from './cycles';
import { fittingChanges } from './fitting';
import { codeBytes, placed } from './placement';
import { countParameters, type ParameterCounts } from './parameters';
import { describeStream, streamCost } from './stream-cost';
import { tokenizerBytes as tokenizerSectionBytes } from './tokenizer-bytes';

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
  /** Stack of the second core, where it computes too. */
  second_stack: number;
  /**
   * The scratch bank reserved for that stack while the second core is idle: no model can use it.
   */
  reserved: number;
}

export interface FlashParts {
  program: number;
  /** Between the program and the model image, whose place is fixed: no model can use it. */
  reserved: number;
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
  /** Where the matrices lie and what limits the speed, in words, where some are streamed. */
  placement?: string;
  fits: boolean;
  problems: Problem[];
}

export function sramParts(config: ModelConfig): SramParts {
  const { target } = config;
  const model = placed(config);
  const arena = arenaBytes(model);
  const { program, stack } = calibration.sram;
  return {
    weights: residentWeights(config),
    kv_cache: arena.kv_cache,
    activations: arena.activations,
    code: codeBytes(model),
    program,
    stack,
    second_stack: secondStackBytes(target),
    reserved: chip.scratchBankBytes - secondStackBytes(target),
  };
}

/** Bytes of the weights section in SRAM. */
export function residentWeights(config: ModelConfig): number {
  return config.target.weights === 'flash' ? 0 : sectionBytes(placed(config), 'weights');
}

/** Each core has its stack in a scratch bank of its own; the second core's is kept when it computes. */
export function secondStackBytes({ cores }: Pick<ModelConfig['target'], 'cores'>): number {
  return cores === 2 ? chip.scratchBankBytes : 0;
}

export function totalOf(parts: object): number {
  return Object.values(parts).reduce((sum: number, bytes: number) => sum + bytes, 0);
}

export interface EstimateOptions {
  /** Size of the tokenizer section, once there is a tokenizer. */
  tokenizerBytes?: number;
  /** The file as written: fixes rely on its absent fields following the changed values. */
  file?: ModelFile;
}

/** Flash by part, in bytes. */
export function flashParts(config: ModelConfig, knownTokenizerBytes?: number): FlashParts {
  const streams = placed(config).streamed?.size ? calibration.flash.streaming : 0;
  const program = calibration.flash.program + streams;
  return {
    program,
    reserved: chip.modelFlashOffset - program,
    model: imageBytes(config, knownTokenizerBytes),
  };
}

/** Whether a model fits both memories of the chip. */
export function fitsChip(config: ModelConfig, knownTokenizerBytes?: number): boolean {
  return (
    totalOf(sramParts(config)) <= chip.sramBytes &&
    totalOf(flashParts(config, knownTokenizerBytes)) <= boardFlashBytes(config.target.board)
  );
}

/** Bytes of the model image in flash. */
function imageBytes(config: ModelConfig, knownTokenizerBytes?: number): number {
  const { architecture } = config;
  const model = placed(config);
  return (
    imageHeadBytes(architecture) +
    align4(tokenizerSectionBytes(architecture, knownTokenizerBytes)) +
    sectionBytes(model, 'cold') +
    sectionBytes(model, 'weights') +
    sectionBytes(model, 'stream')
  );
}

/** Tokens a second at a position that attends to `context` positions. */
export function tokensPerSecond(config: ModelConfig, context: number): number {
  return (config.target.clock_mhz * 1e6) / cyclesPerToken(config, context).total;
}

/** The middle of the context: where the speed of a model is stated. */
export function typicalContext({ max_seq_len }: Architecture): number {
  return Math.ceil(max_seq_len / 2);
}

/** The costs of a model. The speed is that of the middle of the context. */
export function estimateModel(config: ModelConfig, options: EstimateOptions = {}): Estimate {
  const { architecture, target } = config;
  const parts = sramParts(config);
  const total = totalOf(parts);
  const flash = flashParts(config, options.tokenizerBytes);
  const context = typicalContext(architecture);
  const cycles = cyclesPerToken(config, context);
  const problems = budgetProblems(config, options, total, flash.model);
  const stream = streamCost(config);
  return {
    parameters: countParameters(architecture),
    sram: { limit: chip.sramBytes, total, free: chip.sramBytes - total, parts },
    flash: { limit: boardFlashBytes(target.board), total: totalOf(flash), parts: flash },
    speed: {
      cycles_per_token: Math.round(cycles.total),
      tokens_per_second: tokensPerSecond(config, context),
      clock_mhz: target.clock_mhz,
      cores: target.cores,
      context,
      parts: cycles.parts,
    },
    ...(stream && { placement: describeStream(stream, cycles.parts.matrices) }),
    fits: !hasErrors(problems),
    problems,
  };
}

function budgetProblems(
  config: ModelConfig,
  { file = explicitFile(config), tokenizerBytes }: EstimateOptions,
  sram: number,
  image: number,
): Problem[] {
  const problems: Problem[] = [];
  const over = sram - chip.sramBytes;
  const { board } = config.target;
  const room = boardFlashBytes(board) - chip.modelFlashOffset;
  const sramOf = (changed: ModelConfig) => totalOf(sramParts(changed));
  const imageOf = (changed: ModelConfig) => imageBytes(changed, tokenizerBytes);
  const fits = (changed: ModelConfig) => fitsChip(changed, tokenizerBytes);
  if (over > 0) {
    const fixes = fittingChanges(file, config, sramOf, fits);
    problems.push({
      code: 'sram.over',
      severity: 'error',
      path: 'architecture',
      message: `The model needs ${grouped(sram)} bytes of SRAM, ${grouped(over)} more than the ${grouped(chip.sramBytes)} of the chip.`,
      fix: remedy(fixes),
      fixes,
    });
  }
  if (image > room) {
    const fixes = fittingChanges(file, config, imageOf, fits);
    problems.push({
      code: 'flash.over',
      severity: 'error',
      path: 'architecture',
      message: `The model image has ${grouped(image)} bytes; the flash of ${board} has room for ${grouped(room)}.`,
      fix: remedy(fixes),
      fixes,
    });
  }
  if (config.target.weights === 'flash') {
    const { parts, total } = cyclesPerToken(config, typicalContext(config.architecture));
    // Weights that the cache holds cost no waits, and free SRAM.
    if (parts.flash_waits === 0) return problems;
    const waiting = Math.round((100 * parts.flash_waits) / total);
    problems.push({
      code: 'speed.flash',
      severity: 'warning',
      path: 'target.weights',
      message: `The weights are read from flash: ${waiting} % of the time goes into waiting for it.`,
      fix: 'Use sram where the model fits, else stream.',
      fixes: fasterPlaces(config),
    });
  }
  return problems;
}

function remedy(fixes: readonly Fix[]): string {
  return fixes.length > 0
    ? `Any one of these fits: ${fixes.map(({ title }) => title).join('; ')}.`
    : 'No one change is enough: make dim, n_layers and vocab_size smaller, or begin with a preset.';
}

/** Weights in SRAM when there is room for them, else as many as fit. */
function fasterPlaces(config: ModelConfig): Fix[] {
  for (const weights of ['sram', 'stream'] as const) {
    const changed = { ...config, target: { ...config.target, weights } };
    const total = totalOf(sramParts(changed));
    if (total > chip.sramBytes) continue;
    const fast = speed(tokensPerSecond(changed, typicalContext(config.architecture)));
    const title = `weights flash -> ${weights} (${fast}; ${grouped(chip.sramBytes - total)} bytes stay free)`;
    return [{ title, changes: [setting('target.weights', weights)] }];
  }
  return [];
}
