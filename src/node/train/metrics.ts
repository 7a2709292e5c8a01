import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { valuesOf } from '../../core/fields';
import { metricsRecord, type MetricsRecord } from '../../core/train/metrics';
import { unwritable } from '../files';

export function metricsPath(runFolder: string): string {
  return join(runFolder, 'metrics.jsonl');
}

/** The records of a file, without damaged lines and a truncated last one. */
export function readMetrics(path: string): MetricsRecord[] {
  if (!existsSync(path)) return [];
  return valuesOf(readFileSync(path, 'utf8'), metricsRecord);
}

/** Appends records to metrics.jsonl, one line each. */
export class MetricsLog {
  private readonly path: string;

  /** Keeps the records up to `lastStep`: a resumed run repeats the steps after its checkpoint. */
  constructor(runFolder: string, lastStep: number) {
    this.path = metricsPath(runFolder);
    const kept = readMetrics(this.path).filter(({ step }) => step <= lastStep);
    this.guard(() => writeFileSync(this.path, kept.map(toLine).join('')));
  }

  append(record: MetricsRecord): void {
    this.guard(() => appendFileSync(this.path, toLine(record)));
  }

  private guard(write: () => void): void {
    try {
      write();
    } catch (cause) {
      throw unwritable(this.path, cause);
    }
  }
}

function toLine(record: MetricsRecord): string {
  return `${JSON.stringify(record)}\n`;
}
