import type { ModelFile } from '../../core/model/defaults';
import { corpusSource, type Corpus } from './corpus';

/** The answers to the steps of a new project. */
export interface ProjectAnswers {
  /** The shape's model.json. */
  shape: ModelFile;
  corpus: Corpus;
  /** Path of the folder that receives model.json. */
  folder: string;
}

/** The model.json made from the answers, its sections in the order of the schema. */
export function projectModel({ shape, corpus, folder }: ProjectAnswers): ModelFile {
  const { training, target, ...before } = shape;
  return {
    ...before,
    data: { ...shape.data, source: corpusSource(corpus, folder) },
    ...(training && { training }),
    ...(target && { target }),
  };
}
