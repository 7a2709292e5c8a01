import { setImmediate as nextTurn } from 'node:timers/promises';
import { dirname, resolve } from 'node:path';
import { corpusStatistics, type CorpusStatistics } from '../../core/corpus/statistics';
import { statisticsProblems } from '../../core/corpus/statistics-problems';
import { countParameters } from '../../core/estimate/parameters';
import { unusedTokens } from '../../core/estimate/unused-tokens';
import type { ModelConfig } from '../../core/model/config';
import type { TokenizerModel } from '../../core/tokenizer/model';
import type { TokenStreams } from '../../core/train/batches';
import type { TrainingListener } from '../../core/train/events';
import { trainingBudget } from '../../core/train/schedule';
import { Tokenizer } from '../../core/tokenizer/tokenizer';
import { learnTokenizer } from '../../core/tokenizer/learn';
import { loadCorpus, requireEnoughTokens, type Corpus } from '../data/corpus';
import { exitCodes, StarmindError } from '../starmind-error';
import { inTurns } from '../turns';
import { describeProblem } from './folder';
import { importTokenizer } from './tokenizer-file';

/** Text made ready for the trainer. */
export interface PreparedData {
  tokenizer: TokenizerModel;
  tokens: TokenStreams;
  /** Bytes of the held-out documents, one more for the end of each. */
  validBytes: number;
  description: string;
  statistics: CorpusStatistics;
}

export interface PrepareOptions {
  signal?: AbortSignal;
  onEvent?: TrainingListener | undefined;
}

/**
 * Loads the corpus of a model, learns or loads its tokenizer and encodes the text.
 *
 * @param known the tokenizer of the run that is resumed or that model.json names
 */
export async function prepareData(
  config: ModelConfig,
  modelFile: string,
  options: PrepareOptions,
  known?: TokenizerModel,
): Promise<PreparedData> {
  const { signal, onEvent } = options;
  const base = dirname(resolve(modelFile));
  const corpus = await loadCorpus(config.data, base, {
    seed: config.training.seed,
    signal,
    onProgress: ({ stage, done, total }) => onEvent?.({ kind: 'data', stage, done, total }),
  });
  for (const problem of corpus.problems) onEvent?.({ kind: 'problem', problem });
  onEvent?.({ kind: 'corpus', description: corpus.description });
  const tokenizer = known ?? (await makeTokenizer(config, base, corpus.train, options));
  const encoder = new Tokenizer(tokenizer);
  const tokens = {
    train: await inTurns(encoder.encodeDocuments(corpus.train), signal),
    valid: await inTurns(encoder.encodeDocuments(corpus.valid), signal),
    endOfText: tokenizer.eosId,
  };
  onEvent?.({
    kind: 'tokenizer',
    tokens: tokenizer.tokens.length,
    tokensInText: tokens.train.length,
  });
  await nextTurn();
  requireEnoughTokens(tokens.train.length, config.training.context);
  const statistics = await statisticsOf(config, corpus, tokens, encoder, options);
  return {
    tokenizer,
    tokens,
    validBytes: corpus.valid.reduce((sum, document) => sum + document.length + 1, 0),
    description: corpus.description,
    statistics,
  };
}

/** Counts what the training reads, and warns of what would make it worse without a sign. */
async function statisticsOf(
  config: ModelConfig,
  corpus: Corpus,
  tokens: TokenStreams,
  encoder: Tokenizer,
  { signal, onEvent }: PrepareOptions,
): Promise<CorpusStatistics> {
  const { training, architecture } = config;
  const { steps } = trainingBudget(training, tokens.train.length);
  const epochs = (steps * training.batch * training.context) / tokens.train.length;
  const statistics = await inTurns(
    corpusStatistics(
      { documents: corpus.train, tokens: tokens.train.length },
      { documents: corpus.valid, tokens: tokens.valid.length },
      await inTurns(encoder.unknownBytes([...corpus.train, ...corpus.valid]), signal),
      Number.isFinite(epochs) ? epochs : null,
    ),
    signal,
  );
  onEvent?.({ kind: 'statistics', statistics });
  const parameters = countParameters(architecture).total;
  for (const problem of statisticsProblems(statistics, config, parameters)) {
    onEvent?.({ kind: 'problem', problem });
  }
  return statistics;
}

async function makeTokenizer(
  config: ModelConfig,
  base: string,
  documents: readonly Uint8Array[],
  { signal, onEvent }: PrepareOptions,
): Promise<TokenizerModel> {
  const { tokenizer, architecture } = config;
  if (tokenizer.type === 'run') {
    throw new StarmindError(
      'tokenizer.missing',
      exitCodes.input,
      'model.json has no tokenizer, and names no run whose tokenizer it could take over.',
      'Name a run with training.from or training.teacher, or a tokenizer.',
    );
  }
  if (tokenizer.type === 'file') {
    const { tokenizer: imported, warnings } = await importTokenizer(
      resolve(base, tokenizer.path),
      config,
    );
    for (const problem of warnings) onEvent?.({ kind: 'problem', problem });
    return imported;
  }
  onEvent?.({ kind: 'tokenizer-learning', type: tokenizer.type });
  const { value, problems } = await inTurns(
    learnTokenizer(tokenizer.type, architecture.vocab_size, documents, {
      onProgress: (done, total) => onEvent?.({ kind: 'tokenizer-merges', done, total }),
    }),
    signal,
  );
  if (value) {
    for (const problem of unusedTokens(config, value.tokens.length))
      onEvent?.({ kind: 'problem', problem });
    return value;
  }
  throw new StarmindError(
    'tokenizer.invalid',
    exitCodes.input,
    problems.map(describeProblem).join(' '),
    'Change the tokenizer or architecture.vocab_size in model.json.',
  );
}
