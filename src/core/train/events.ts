import type { TokenizerType } from '../tokenizer/model';
import { statisticsLine, type CorpusStatistics } from '../corpus/statistics';
import type { Problem } from '../problem';
import type { MetricsRecord } from './metrics';
import { progressLine } from './progress-line';

/** Events of a training, as data: each user interface shows them in its own way. */
export type TrainingEvent =
  /** The corpus is reading, downloading or generating text; `total` bytes where they are known. */
  | { kind: 'data'; stage: string; done: number; total: number | undefined }
  | { kind: 'corpus'; description: string }
  | { kind: 'tokenizer-learning'; type: TokenizerType }
  /** So many merges are learnt, of those that the vocabulary has room for. */
  | { kind: 'tokenizer-merges'; done: number; total: number }
  /** The tokenizer is there and the text is encoded. */
  | { kind: 'tokenizer'; tokens: number; tokensInText: number }
  | { kind: 'statistics'; statistics: CorpusStatistics }
  /** An earlier training in this place is kept in a folder of its own. */
  | { kind: 'earlier-kept'; folder: string }
  /** `share` of the budget is spent. */
  | { kind: 'metrics'; record: MetricsRecord; share: number }
  /** The trained model is measured in the arithmetic of the device. */
  | { kind: 'measuring' }
  /** Something could not be honoured, or makes the model worse than it could be. */
  | { kind: 'problem'; problem: Problem };

export type TrainingListener = (event: TrainingEvent) => void;

/** An event as a line of text; problems and their remedies are shown elsewhere. */
export function eventLine(event: Exclude<TrainingEvent, { kind: 'problem' }>): string {
  switch (event.kind) {
    case 'data': {
      const { stage, done, total } = event;
      const share = total
        ? `${((100 * done) / total).toFixed(0)} %`
        : `${(done / 1e6).toFixed(1)} MB`;
      return `data: ${stage} ${share}`;
    }
    case 'corpus':
      return `data: ${event.description}`;
    case 'tokenizer-learning':
      return `tokenizer: learning ${event.type} from the text`;
    case 'tokenizer-merges':
      return `tokenizer: learnt ${event.done} of ${event.total} merges`;
    case 'tokenizer':
      return `tokenizer: ${event.tokens} tokens, ${event.tokensInText} in the text`;
    case 'statistics':
      return statisticsLine(event.statistics);
    case 'earlier-kept':
      return `the earlier training is kept in ${event.folder}`;
    case 'metrics':
      return progressLine(event.record, event.share);
    case 'measuring':
      return 'measuring the quantised model';
  }
}
