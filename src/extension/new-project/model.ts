import type { ModelFile } from '../../core/model/defaults';
import { corpusSource, type Corpus } from './corpus';

/** What the steps of a new project ask for. */
export interface ProjectAnswers {
  /** The shape's model.json. */
  shape: ModelFile;
  corpus: Corpus;
  /** Path of the folder that model.json goes to. */
  folder: string;
}

/** The model.json that the answers come to, its parts in the order of the schema. */
export function projectModel({ shape, corpus, folder }: ProjectAnswers): ModelFile {
  const { training, target, ...before } = shape;
  return {
    ...before,
    data: { ...shape.data, source: corpusSource(corpus, folder) },
    ...(training && { training }),
    ...(target && { target }),
  };
}
