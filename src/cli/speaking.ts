import type { Sampling } from '../core/model/config';

/** Options of every command that generates; absent ones default to model.json. */
export interface SpeakingOptions {
  prompt: string;
  tokens: number;
  seed: number;
  temperature?: number;
  topK?: number;
  topP?: number;
}

export function samplingFrom(options: SpeakingOptions, defaults: Sampling): Sampling {
  return {
    temperature: options.temperature ?? defaults.temperature,
    top_k: options.topK ?? defaults.top_k,
    top_p: options.topP ?? defaults.top_p,
  };
}
