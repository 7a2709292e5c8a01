import { setting, type Fix, type JsonValue, type Problem } from '../problem';
import { byteVocabSize, minVocabSize } from '../tokenizer/model';
import { certifiedMhz, coreVolts, isClockPossible, isOverclock, nearestClock } from './clock';
import { boardProblems } from './boards';
import type { Architecture, ModelConfig, Quantization } from './config';
import { idleFormats } from './matrix-formats';
import { ngramProblems } from './ngram-problems';
import { divisorUpTo } from './shape';

/**
 * Rules beyond the schema: relations between values, and values that this version does not support.
 */
export function semanticProblems(config: ModelConfig): Problem[] {
  return [
    ...architectureProblems(config),
    ...ngramProblems(config.architecture),
    ...quantizationProblems(config),
    ...tokenizerProblems(config),
    ...trainingProblems(config),
    ...unsupportedProblems(config),
    ...boardProblems(config),
  ];
}

/** The remedy in words, and as changes that a program can apply. */
interface Remedy {
  fix: string;
  fixes?: readonly Fix[];
}

function error(code: string, path: string, message: string, remedy: Remedy): Problem {
  return { code, severity: 'error', path, message, ...remedy };
}

function warning(code: string, path: string, message: string, remedy: Remedy): Problem {
  return { code, severity: 'warning', path, message, ...remedy };
}

/** A fix that sets one value. */
function set(path: string, value: JsonValue): Fix {
  const field = path.slice(path.lastIndexOf('.') + 1);
  return { title: `Set ${field} to ${JSON.stringify(value)}`, changes: [setting(path, value)] };
}

/** Widest vector for the engine's 32-bit sums. */
const maxWidth = 32_767;

function architectureProblems({ architecture }: ModelConfig): Problem[] {
  const { n_heads, n_kv_heads, head_dim, position } = architecture;
  const problems: Problem[] = [];
  if (n_heads % n_kv_heads !== 0) {
    problems.push(
      error(
        'architecture.kv-heads',
        'architecture.n_kv_heads',
        `n_kv_heads ${n_kv_heads} does not divide n_heads ${n_heads}.`,
        {
          fix: `Use ${divisorUpTo(n_heads, n_kv_heads)}.`,
          fixes: [set('architecture.n_kv_heads', divisorUpTo(n_heads, n_kv_heads))],
        },
      ),
    );
  }
  if (n_heads * head_dim > maxWidth) {
    problems.push(
      error(
        'architecture.attention-width',
        'architecture.head_dim',
        `n_heads x head_dim is ${n_heads * head_dim}; the engine takes at most ${maxWidth}.`,
        {
          fix: `Use head_dim ${Math.floor(maxWidth / n_heads)} or less.`,
          fixes: [set('architecture.head_dim', Math.floor(maxWidth / n_heads))],
        },
      ),
    );
  }
  if (position === 'rope' && head_dim === 1) {
    problems.push(
      warning(
        'architecture.rope-pairs',
        'architecture.position',
        'rope rotates pairs, and head_dim 1 has none: the model cannot tell positions apart.',
        {
          fix: 'Use position "learned", or head_dim 2.',
          fixes: [set('architecture.head_dim', 2), set('architecture.position', 'learned')],
        },
      ),
    );
  }
  return problems;
}

/** Positions of an int4 cache at most: SM_MAX_NARROW_POSITIONS of firmware/engine/image.h. */
const maxNarrowPositions = 1024;

function quantizationProblems({ architecture, quantization }: ModelConfig): Problem[] {
  const problems = idleFormatProblems(architecture, quantization);
  if (quantization.kv_cache === 'int4' && architecture.max_seq_len > maxNarrowPositions) {
    problems.push(
      error(
        'quantization.long-context',
        'quantization.kv_cache',
        `An int4 cache has at most ${maxNarrowPositions} positions; max_seq_len is ${architecture.max_seq_len}.`,
        { fix: 'Use int8.', fixes: [set('quantization.kv_cache', 'int8')] },
      ),
    );
  }
  return problems;
}

/** Formats without a matrix to apply to: a tied classifier is the embedding, for example. */
function idleFormatProblems(architecture: Architecture, quantization: Quantization): Problem[] {
  return idleFormats(architecture, quantization).map((slot) =>
    warning(
      'quantization.idle',
      `quantization.tensors.${slot}`,
      `This model has no ${slot} matrix, so this format has no effect.`,
      {
        fix:
          slot === 'classifier'
            ? 'Give embedding the format: the classifier is the same matrix.'
            : 'Remove it.',
      },
    ),
  );
}

function tokenizerProblems({ architecture, tokenizer }: ModelConfig): Problem[] {
  const smallest = tokenizer.type === 'byte' ? byteVocabSize : minVocabSize;
  if (tokenizer.type === 'file' || tokenizer.type === 'run' || architecture.vocab_size >= smallest)
    return [];
  return [
    error(
      'tokenizer.vocabulary',
      'architecture.vocab_size',
      `A ${tokenizer.type} tokenizer needs at least ${smallest} tokens, not ${architecture.vocab_size}.`,
      {
        fix:
          tokenizer.type === 'byte'
            ? 'Use type "char" or "bpe", or more tokens.'
            : `Use ${smallest}.`,
        fixes: [
          set('architecture.vocab_size', smallest),
          ...(tokenizer.type === 'byte' && architecture.vocab_size >= minVocabSize
            ? [set('tokenizer.type', 'bpe')]
            : []),
        ],
      },
    ),
  ];
}

function trainingProblems({ architecture, training }: ModelConfig): Problem[] {
  const problems: Problem[] = [];
  if (training.context > architecture.max_seq_len) {
    problems.push(
      error(
        'training.context',
        'training.context',
        `context ${training.context} is longer than max_seq_len ${architecture.max_seq_len}.`,
        {
          fix: `Use ${architecture.max_seq_len}, or raise max_seq_len.`,
          fixes: [
            set('training.context', architecture.max_seq_len),
            set('architecture.max_seq_len', training.context),
          ],
        },
      ),
    );
  }
  if (training.context < architecture.max_seq_len && architecture.position !== 'none') {
    problems.push(
      warning(
        'training.untrained-positions',
        'training.context',
        `Positions from ${training.context} to ${architecture.max_seq_len} are never trained: text gets worse there.`,
        {
          fix: `Use context ${architecture.max_seq_len}, or max_seq_len ${training.context}.`,
          fixes: [
            set('training.context', architecture.max_seq_len),
            set('architecture.max_seq_len', training.context),
          ],
        },
      ),
    );
  }
  const budgets = (['steps', 'epochs', 'minutes'] as const).filter(
    (budget) => training[budget] !== undefined,
  );
  if (budgets.length > 1) {
    problems.push(
      error('training.budget', `training.${budgets[1]}`, `training has ${listed(budgets)}.`, {
        fix: 'Keep one of them.',
        fixes: budgets.map((budget) => ({
          title: `Keep ${budget} ${training[budget]}`,
          changes: budgets
            .filter((other) => other !== budget)
            .map((other) => ({ path: ['training', other], remove: true })),
        })),
      }),
    );
  }
  return problems;
}

/** `a, b and c` */
function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Values that the chip does not support. */
function unsupportedProblems({ target }: ModelConfig): Problem[] {
  const problems: Problem[] = [];
  if (isOverclock(target.clock_mhz)) {
    problems.push(
      warning(
        'target.overclock',
        'target.clock_mhz',
        `${target.clock_mhz} MHz is past the ${certifiedMhz} MHz for which the chip is certified: some boards do not start, or compute wrongly, even at the ${coreVolts(target.clock_mhz)} V that the core gets.`,
        { fix: `Use ${certifiedMhz}.`, fixes: [set('target.clock_mhz', certifiedMhz)] },
      ),
    );
  }
  if (!isClockPossible(target.clock_mhz)) {
    problems.push(
      error(
        'target.clock',
        'target.clock_mhz',
        `The chip's PLL cannot make ${target.clock_mhz} MHz.`,
        {
          fix: `Use ${nearestClock(target.clock_mhz)}.`,
          fixes: [set('target.clock_mhz', nearestClock(target.clock_mhz))],
        },
      ),
    );
  }
  return problems;
}
