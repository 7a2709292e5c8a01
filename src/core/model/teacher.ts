import { setting, type Problem } from '../problem';
import type { Architecture, ModelConfig } from './config';
import { nameRun } from './shipped-runs';

/** Why the run of `training.teacher` cannot teach a model: their tokens are the same ones. */
export function teacherProblems(
  { architecture, training }: ModelConfig,
  teacher: Architecture,
): Problem[] {
  const problems: Problem[] = [];
  if (teacher.vocab_size !== architecture.vocab_size) {
    problems.push({
      ...{ code: 'training.teacher-vocabulary', severity: 'error' },
      path: 'architecture.vocab_size',
      message: `vocab_size is ${architecture.vocab_size}; ${training.teacher}, the teacher, has ${teacher.vocab_size}.`,
      fix: `Use ${teacher.vocab_size}: teacher and model have the same tokens.`,
      fixes: [
        {
          title: `Set vocab_size to ${teacher.vocab_size}`,
          changes: [setting('architecture.vocab_size', teacher.vocab_size)],
        },
      ],
    });
  }
  if (training.context > teacher.max_seq_len) {
    problems.push({
      ...{ code: 'training.teacher-context', severity: 'error', path: 'training.context' },
      message: `context is ${training.context}; ${training.teacher}, the teacher, sees ${teacher.max_seq_len} positions.`,
      fix: `Use ${teacher.max_seq_len} or less.`,
      fixes: [
        {
          title: `Set context to ${teacher.max_seq_len}`,
          changes: [setting('training.context', teacher.max_seq_len)],
        },
      ],
    });
  }
  return problems;
}

/** A teacher that is not there; a run that was trained by it works without. */
export function absentTeacher({ training }: ModelConfig): Problem {
  return {
    ...{ code: 'training.teacher-missing', severity: 'warning', path: 'training.teacher' },
    message: `There is no run ${training.teacher} to learn from.`,
    fix: nameRun,
    fixes: [
      {
        title: 'Remove training.teacher',
        changes: [{ path: ['training', 'teacher'], remove: true }],
      },
    ],
  };
}
