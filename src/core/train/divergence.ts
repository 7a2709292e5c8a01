import type { Arithmetic } from '../model/formats';

/** Steps whose losses are averaged: that of one step is noise. */
const span = 50;

/** Share of what was learnt that a training may lose again before it counts as lost. */
const lostShare = 0.5;

/** From this share on, no checkpoint is written: the last one is from before. */
const doubtfulShare = 0.25;

/** Nats a token that a training must have learnt before it can lose them. */
const leastLearnt = 0.5;

/**
 * Recognises a training that has left its way, by its losses: they are no numbers any more, or half
 * of what was learnt since the start, a uniform guess, is lost again. When the arithmetic changes,
 * the loss may rise by as much for good reason, and comparisons begin anew.
 */
export class DivergenceWatch {
  private losses: number[] = [];
  private sum = 0;
  private lowest = Infinity;
  private arithmetic: Arithmetic | undefined;

  constructor(private readonly vocabSize: number) {}

  /** @param loss of a step, nats a token */
  add(loss: number, arithmetic: Arithmetic): void {
    if (arithmetic !== this.arithmetic) {
      this.arithmetic = arithmetic;
      this.losses = [];
      this.sum = 0;
      this.lowest = Infinity;
    }
    this.losses.push(loss);
    this.sum += loss;
    if (this.losses.length > span) this.sum -= this.losses.shift() ?? 0;
    if (this.losses.length === span) this.lowest = Math.min(this.lowest, this.mean);
  }

  /** The losses no longer tell a way that leads anywhere. */
  get isLost(): boolean {
    return this.lost > lostShare;
  }

  /** How the training has left its way. */
  get reason(): string {
    return Number.isFinite(this.sum)
      ? 'half of what it had learnt is lost again'
      : 'the loss is no longer a number';
  }

  /** What was learnt gets lost, which a checkpoint should not keep. */
  get isDoubtful(): boolean {
    return this.lost > doubtfulShare;
  }

  private get mean(): number {
    return this.sum / this.losses.length;
  }

  /** Share of what was learnt that is lost. */
  private get lost(): number {
    if (!Number.isFinite(this.sum)) return Infinity;
    const learnt = Math.log(this.vocabSize) - this.lowest;
    if (this.losses.length < span || learnt < leastLearnt) return 0;
    return (this.mean - this.lowest) / learnt;
  }
}
