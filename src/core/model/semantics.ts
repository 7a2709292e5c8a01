import type { Problem } from '../problem';
import { byteVocabSize, minVocabSize } from '../tokenizer/model';
import { isClockPossible, nearestClock } from './clock';
import type { ModelConfig } from './config';

/** What a schema cannot say: relations between values, and what this version does not do yet. */
export function semanticProblems(config: ModelConfig): Problem[] {
  return [
    ...architectureProblems(config),
    ...tokenizerProblems(config),
    ...trainingProblems(config),
    ...unsupportedProblems(config),
  ];
}

function error(code: string, path: string, message: string, fix: string): Problem {
  return { code, severity: 'error', path, message, fix };
}

function warning(code: string, path: string, message: string, fix: string): Problem {
  return { code, severity: 'warning', path, message, fix };
}

/** Largest divisor of `value` that is at most `limit`. */
function divisorUpTo(value: number, limit: number): number {
  for (let divisor = Math.min(value, limit); divisor > 1; divisor--) {
    if (value % divisor === 0) return divisor;
  }
  return 1;
}

/** Widest vector the engine's 32-bit sums can take. */
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
        `Use ${divisorUpTo(n_heads, n_kv_heads)}.`,
      ),
    );
  }
  if (n_heads * head_dim > maxWidth) {
    problems.push(
      error(
        'architecture.attention-width',
        'architecture.head_dim',
        `n_heads x head_dim is ${n_heads * head_dim}; the engine takes at most ${maxWidth}.`,
        `Use head_dim ${Math.floor(maxWidth / n_heads)} or less.`,
      ),
    );
  }
  if (position === 'rope' && head_dim === 1) {
    problems.push(
      warning(
        'architecture.rope-pairs',
        'architecture.position',
        'rope rotates pairs, and head_dim 1 has none: the model cannot tell positions apart.',
        'Use position "learned", or head_dim 2.',
      ),
    );
  }
  return problems;
}

function tokenizerProblems({ architecture, tokenizer }: ModelConfig): Problem[] {
  const smallest = tokenizer.type === 'byte' ? byteVocabSize : minVocabSize;
  if (tokenizer.type === 'file' || architecture.vocab_size >= smallest) return [];
  return [
    error(
      'tokenizer.vocabulary',
      'architecture.vocab_size',
      `A ${tokenizer.type} tokenizer needs at least ${smallest} tokens, not ${architecture.vocab_size}.`,
      tokenizer.type === 'byte' ? 'Use type "char" or "bpe", or more tokens.' : `Use ${smallest}.`,
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
        `Use ${architecture.max_seq_len}, or raise max_seq_len.`,
      ),
    );
  }
  if (training.context < architecture.max_seq_len && architecture.position !== 'none') {
    problems.push(
      warning(
        'training.untrained-positions',
        'training.context',
        `Positions from ${training.context} to ${architecture.max_seq_len} are never trained: text gets worse there.`,
        `Use context ${architecture.max_seq_len}, or max_seq_len ${training.context}.`,
      ),
    );
  }
  const budgets = (['steps', 'epochs', 'minutes'] as const).filter(
    (budget) => training[budget] !== undefined,
  );
  if (budgets.length > 1) {
    problems.push(
      error(
        'training.budget',
        `training.${budgets[1]}`,
        `training has ${budgets.join(' and ')}.`,
        'Keep one of them.',
      ),
    );
  }
  return problems;
}

/** What this version does not do, or the chip cannot. */
function unsupportedProblems({ quantization, training, target }: ModelConfig): Problem[] {
  const problems: Problem[] = [];
  if (quantization.weights !== 'int8') {
    problems.push(
      error(
        'quantization.unsupported',
        'quantization.weights',
        `This version cannot run ${quantization.weights} weights yet.`,
        'Use int8.',
      ),
    );
  }
  if (training.engine === 'pytorch') {
    problems.push(
      error(
        'training.unsupported',
        'training.engine',
        'This version cannot train with PyTorch yet.',
        'Use builtin.',
      ),
    );
  }
  if (!isClockPossible(target.clock_mhz)) {
    problems.push(
      error(
        'target.clock',
        'target.clock_mhz',
        `The chip's PLL cannot make ${target.clock_mhz} MHz.`,
        `Use ${nearestClock(target.clock_mhz)}.`,
      ),
    );
  }
  if (target.cores === 2) {
    problems.push(
      warning(
        'target.cores',
        'target.cores',
        'This version computes on one core.',
        'Use 1; the estimate counts one core.',
      ),
    );
  }
  return problems;
}
