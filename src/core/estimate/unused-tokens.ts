import type { ModelConfig } from '../model/config';
import { setting, type Problem } from '../problem';
import { grouped } from '../text';
import { estimateModel } from './estimate';

/** Share of unused ids in the vocabulary that is too small for a warning. */
const tolerated = 0.01;

/**
 * A warning where a vocabulary is larger than its tokenizer: embedding rows and logits that no
 * token uses cost memory and time all the same.
 *
 * @param tokens that the tokenizer has
 */
export function unusedTokens(config: ModelConfig, tokens: number): Problem[] {
  const { vocab_size } = config.architecture;
  if (vocab_size - tokens <= tolerated * vocab_size) return [];
  const smaller = { ...config, architecture: { ...config.architecture, vocab_size: tokens } };
  const [now, then] = [config, smaller].map((model) => estimateModel(model));
  const path = 'architecture.vocab_size';
  const saved = [
    `${grouped((now?.sram.total ?? 0) - (then?.sram.total ?? 0))} bytes of SRAM`,
    `${grouped((now?.flash.total ?? 0) - (then?.flash.total ?? 0))} bytes of flash`,
  ].join(' and ');
  return [
    {
      code: 'tokenizer.unused',
      severity: 'warning',
      path,
      message: `The tokenizer has ${grouped(tokens)} of the ${grouped(vocab_size)} tokens of vocab_size; the others are never used.`,
      fix: `vocab_size ${tokens} would save ${saved}.`,
      fixes: [{ title: `Set vocab_size to ${tokens}`, changes: [setting(path, tokens)] }],
    },
  ];
}
