import { dirname, resolve } from 'node:path';
import type { Architecture, ModelConfig } from '../../core/model/config';
import { elementCount, tensorSpecs, type Weights } from '../../core/model/tensors';
import type { TokenizerModel } from '../../core/tokenizer/model';
import { otherTokenizer, type RunRole } from '../../core/model/base-tokenizer';
import { teacherProblems } from '../../core/model/teacher';
import type { Problem } from '../../core/problem';
import { writeHuggingFace } from '../../core/tokenizer/hf-write';
import type { Teacher } from '../../core/train/kernels';
import { misfits } from '../../core/tokenizer/fit';
import { isSamePlace } from '../files';
import { exitCodes, StarmindError } from '../starmind-error';
import { readCheckpoint } from '../train/checkpoint';
import { baseShapes, loadModel, requireRun, type RunFolder } from './folder';
import { namedRunPath } from './named-run';
import { requireNoTraining } from './run-owner';
import { importTokenizer, loadTokenizer } from './tokenizer-file';

/** The run with which a training begins. */
export interface BaseRun {
  weights: Weights;
  tokenizer: TokenizerModel;
}

/** The teacher of a training, and its tokenizer. */
export interface TeacherRun extends Teacher {
  tokenizer: TokenizerModel;
}

/** The folder of a run that model.json names. */
function namedRun(modelFile: string, name: string): RunFolder {
  return requireRun(namedRunPath(dirname(modelFile), name));
}

/**
 * Loads the run of `training.from`; undefined without one.
 *
 * @param run where the training will be
 * @throws StarmindError `run.missing`, `run.busy`, `training.from-itself`, `training.from-tokenizer`,
 *   and errors of checkpoint and tokenizer
 */
export async function loadBaseRun(
  modelFile: string,
  config: ModelConfig,
  run: RunFolder,
): Promise<BaseRun | undefined> {
  const { from } = config.training;
  if (from === undefined) return undefined;
  const base = namedRun(modelFile, from);
  if (isSamePlace(base.path, run.path)) throw fromItself(run);
  await requireNoTraining(base);
  const tokenizer = await tokenizerOf(base, modelFile, config, 'from');
  const { architecture } = config;
  const known = baseShapes('.')(base.path) ?? architecture;
  const { ngram_tables: _, ...plain } = architecture;
  const { weights } = await readCheckpoint(
    base.checkpoint,
    known.ngram_tables ? architecture : plain,
  );
  return { weights: withTables(weights, architecture), tokenizer };
}

/** Weights with the tables of n-grams that they lack, which begin at zero. */
function withTables(weights: Weights, architecture: Architecture): Weights {
  const all = new Map(weights);
  for (const spec of tensorSpecs(architecture)) {
    if (spec.role === 'ngram' && !all.has(spec.name)) {
      all.set(spec.name, new Float32Array(elementCount(spec)));
    }
  }
  return all;
}

/**
 * Loads the run of `training.teacher`; undefined without one.
 *
 * @param run where the training will be
 * @throws StarmindError `run.missing`, `run.busy`, `training.teacher-*`, and errors of checkpoint
 *   and tokenizer
 */
export async function loadTeacher(
  modelFile: string,
  config: ModelConfig,
  run: RunFolder,
): Promise<TeacherRun | undefined> {
  const { teacher: name, teacher_weight: weight } = config.training;
  if (name === undefined) return undefined;
  const teacher = namedRun(modelFile, name);
  if (isSamePlace(teacher.path, run.path)) throw teacherItself(run);
  await requireNoTraining(teacher);
  const { architecture } = (await loadModel(teacher.model)).config;
  const [problem] = teacherProblems(config, architecture);
  if (problem) throw refused(problem);
  const tokenizer = await tokenizerOf(teacher, modelFile, config, 'teacher');
  const { weights } = await readCheckpoint(teacher.checkpoint, architecture);
  return { architecture, weights, weight, tokenizer };
}

/**
 * The tokenizer of the run with which a training begins, or else of its teacher; undefined where
 * model.json names neither.
 *
 * @throws StarmindError `run.missing`, `training.*-tokenizer`, and errors of the tokenizer
 */
export async function namedRunTokenizer(
  modelFile: string,
  config: ModelConfig,
): Promise<TokenizerModel | undefined> {
  const roles: readonly RunRole[] = ['from', 'teacher'];
  for (const role of roles) {
    const name = config.training[role];
    if (name !== undefined) {
      return tokenizerOf(namedRun(modelFile, name), modelFile, config, role);
    }
  }
  return undefined;
}

/** The tokenizer of a run that model.json names, which fits the model. */
async function tokenizerOf(
  run: RunFolder,
  modelFile: string,
  config: ModelConfig,
  role: RunRole,
): Promise<TokenizerModel> {
  const tokenizer = await loadTokenizer(run.tokenizer);
  const [misfit] = misfits(tokenizer, config.architecture.vocab_size, run.tokenizer);
  if (misfit) throw refused(misfit);
  await requireSameTokenizer(modelFile, config, role, tokenizer);
  return tokenizer;
}

/**
 * Both runs have the tokenizer of the training.
 *
 * @throws StarmindError `training.teacher-tokenizer`
 */
export function requireOneTokenizer(
  { training }: ModelConfig,
  known: TokenizerModel | undefined,
  teacher: TeacherRun | undefined,
): void {
  if (!known || !teacher) return;
  if (writeHuggingFace(known) === writeHuggingFace(teacher.tokenizer)) return;
  throw new StarmindError(
    'training.teacher-tokenizer',
    exitCodes.input,
    `${training.teacher}, the teacher, has another tokenizer than ${training.from ?? 'the run'}.`,
    'Use a teacher with the same tokenizer, such as one that was trained or imported with it.',
  );
}

/** A model.json may leave its tokenizer out; one that it names has to be that of the run. */
async function requireSameTokenizer(
  modelFile: string,
  config: ModelConfig,
  role: RunRole,
  base: TokenizerModel,
): Promise<void> {
  const { tokenizer } = config;
  const named =
    tokenizer.type === 'file'
      ? (await importTokenizer(resolve(dirname(modelFile), tokenizer.path), config)).tokenizer
      : undefined;
  const [problem] = otherTokenizer(config, role, base, named);
  if (problem) throw refused(problem);
}

function refused({ code, message, fix = '' }: Problem): StarmindError {
  return new StarmindError(code, exitCodes.input, message, fix);
}

function fromItself({ path }: RunFolder): StarmindError {
  return new StarmindError(
    'training.from-itself',
    exitCodes.input,
    `${path} is the run with which the training begins; a new training would take its place.`,
    'Give the model another name, or train into another folder with --out DIR.',
  );
}

function teacherItself({ path }: RunFolder): StarmindError {
  return new StarmindError(
    'training.teacher-itself',
    exitCodes.input,
    `${path} is the run of the teacher; the training of its pupil would take its place.`,
    'Give the model another name, or train into another folder with --out DIR.',
  );
}
