import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { metricsRecord, type MetricsRecord } from '../../core/train/metrics';
import type { RunCourse, RunFacts, ToTrainingPage } from '../../core/train/page-messages';
import { trainingSample, type TrainingSample } from '../../core/train/run-progress';
import { RunList } from '../../node/run/run-list';
import { samplesPath } from '../../node/train/journal';
import { LineTail } from '../../node/train/line-tail';
import { metricsPath } from '../../node/train/metrics';

/** Milliseconds between two looks at the files of the runs that are drawn. */
const interval = 300;

/** Looks between two lists of all runs, while none of them is at work. */
const looksPerList = 5;

interface Tails {
  records: LineTail<MetricsRecord>;
  samples: LineTail<TrainingSample>;
}

/**
 * Follows the runs of a project by the files that trainings write. It does not matter who trains:
 * a task of this window, of another one, a terminal, or nobody any more.
 */
export class WatchedRuns {
  private readonly timer: NodeJS.Timeout;
  private readonly list: RunList;
  private drawn = new Map<string, Tails>();
  private known: readonly RunFacts[] | undefined;
  private looks = 0;
  private isLooking = false;
  private isDisposed = false;

  /** @param folder that holds the runs */
  constructor(
    private readonly project: string,
    readonly folder: string,
    private shown: string | undefined,
    private readonly post: (message: ToTrainingPage) => void,
  ) {
    this.list = new RunList(folder);
    this.timer = setInterval(() => void this.look(), interval);
    if (shown !== undefined) this.drawn.set(shown, this.tailsOf(shown));
    void this.look();
  }

  show(run: string): void {
    this.shown = run;
    this.known = undefined;
    void this.look();
  }

  /** Sends the courses of these runs, whole and then as they grow. */
  draw(runs: readonly string[]): void {
    const before = this.drawn;
    this.drawn = new Map(runs.map((run) => [run, before.get(run) ?? this.tailsOf(run)]));
    void this.look();
  }

  dispose(): void {
    clearInterval(this.timer);
    this.isDisposed = true;
  }

  private tailsOf(run: string): Tails {
    const path = join(this.folder, run);
    return {
      records: new LineTail(metricsPath(path), metricsRecord),
      samples: new LineTail(samplesPath(path), trainingSample),
    };
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      if (this.isListDue()) await this.tellRuns();
      if (this.isDisposed) return;
      for (const [run, tails] of this.drawn) this.follow(run, tails);
    } finally {
      this.isLooking = false;
    }
  }

  private isListDue(): boolean {
    const isLive = this.known?.some((run) => run.isLive) ?? true;
    return isLive || this.looks++ % looksPerList === 0;
  }

  private async tellRuns(): Promise<void> {
    const runs = await this.list.read();
    if (this.isDisposed || isDeepStrictEqual(runs, this.known)) return;
    this.known = runs;
    const { folder, project, shown } = this;
    this.post({ kind: 'runs', folder, project, shown, runs });
  }

  private follow(run: string, { records, samples }: Tails): void {
    const recorded = records.read();
    const spoken = samples.read();
    const added: RunCourse = { records: recorded.lines, samples: spoken.lines };
    const isWhole = { records: recorded.isWhole, samples: spoken.isWhole };
    const isNews = isWhole.records || isWhole.samples;
    if (isNews || added.records.length > 0 || added.samples.length > 0) {
      this.post({ kind: 'course', run, isWhole, added });
    }
  }
}
