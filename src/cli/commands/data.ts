import { grouped } from '../../core/text';
import type { CorpusStatistics } from '../../core/corpus/statistics';
import type { Problem } from '../../core/problem';
import type { TrainingEvent } from '../../core/train/events';
import { namedRunTokenizer } from '../../node/run/base-run';
import { prepareData } from '../../node/run/prepare';
import { loadModelWithWarnings, modelFileOf, type CommandContext } from '../context';
import { table } from '../output';
import { tellEvents } from './train';

/** `starmind data FILE`: what a training would read, in numbers, and what is wrong with it. */
export async function data(context: CommandContext, path: string): Promise<void> {
  const { output, signal } = context;
  const file = modelFileOf(path);
  const { config } = await loadModelWithWarnings(file, context);
  const problems: Problem[] = [];
  const tell = tellEvents(output);
  const onEvent = (event: TrainingEvent): void => {
    if (event.kind === 'problem') problems.push(event.problem);
    tell(event);
  };
  const known = await namedRunTokenizer(file, config);
  const { statistics, description } = await prepareData(config, file, { signal, onEvent }, known);
  output.text(description);
  output.text(describeStatistics(statistics));
  output.result({ source: description, ...statistics, problems });
}

function describeStatistics(statistics: CorpusStatistics): string {
  const { bytes, documents, tokens, bytes_per_token, unknown_bytes, copies } = statistics;
  const { held_out, epochs } = statistics;
  const rows = [
    ['', 'to train on', 'held out'],
    ['bytes', grouped(bytes), grouped(held_out.bytes)],
    ['documents', grouped(documents), grouped(held_out.documents)],
    ['tokens', grouped(tokens), grouped(held_out.tokens)],
    ['copies, exact', grouped(copies.exact), grouped(held_out.copies.exact)],
    ['copies, nearly', grouped(copies.near), grouped(held_out.copies.near)],
    ['bytes a token', bytes_per_token.toFixed(2)],
    ['unknown bytes', grouped(unknown_bytes)],
    ['times read', epochs === null ? 'as time allows' : epochs.toFixed(2)],
  ];
  return table(rows);
}
