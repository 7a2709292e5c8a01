import { pc } from '../thumb/instruction';

/**
 * Blocks of a region at most. V8 takes long to optimise large functions, and never optimises those
 * with more than 60 KB of bytecode: with 48 blocks the largest regions stayed slow for ever.
 */
const mostBlocks = 16;

/** Stand for what is known when all blocks are written. */
const mark = { most: '@M', jump: '@J', find: '@F', end: '@' } as const;
const marks = /@M(\d+)@|@J(\d+),(\d+)@|@F/g;

interface WrittenBlock {
  start: number;
  source: string;
  mostCycles: number;
}

/** A block's place in the function of its region. */
export interface Entry {
  start: number;
  /** What the function is to be given as `p`. */
  index: number;
  mostCycles: number;
}

/**
 * Puts the blocks of a region together: one function in which they branch to each other. Its
 * variables: registers `r0` to `r14`; flags `n`, `z`, `k` (carry) and `v`; `c` is cycles, `w` accesses
 * to the banks of SRAM and `f` to the flash; `p` the block that is next, `a` 1 where it is branched
 * to; `stop` the cycles from which on no other block is begun, lest one of them exceed the limit; `x`
 * and `q`, when it is left, the program counter and where execution would have gone on
 * without a branch. See `parameters` of translate.ts for the rest.
 */
export class RegionWriter {
  readonly used = new Set<number>();
  readonly written = new Set<number>();

  private readonly blocks = new Map<number, WrittenBlock | undefined>();
  private readonly waiting: number[] = [];
  private readonly returns = new Set<number>();
  private names = 0;

  /** @param wants whether a place that a block leads to belongs into the region */
  constructor(private readonly wants: (address: number) => boolean) {}

  /** Name of a new variable. */
  name(): string {
    return `t${this.names++}`;
  }

  /** Whether a place is in the region, which it comes to be if that may go on there. */
  takes(address: number): boolean {
    if (this.blocks.has(address)) return true;
    if (this.blocks.size >= mostBlocks || !this.wants(address)) return false;
    this.begin(address);
    return true;
  }

  /** Whether a block of the region begins at an address. */
  has(address: number): boolean {
    return this.blocks.has(address);
  }

  /** A block that is to be written. */
  begin(address: number): void {
    this.blocks.set(address, undefined);
    this.waiting.push(address);
  }

  /** A place to which calls in the region return. */
  returnsTo(address: number): void {
    if (this.takes(address)) this.returns.add(address);
  }

  /** Goes on at the address in `x` if calls of the region return there. */
  find(): string {
    return mark.find;
  }

  /** The next block to write. */
  next(): number | undefined {
    return this.waiting.shift();
  }

  end(start: number, source: string, mostCycles: number): void {
    this.blocks.set(start, { start, source, mostCycles });
  }

  /** The most cycles of a pass of a block, waits for data in flash aside. */
  mostCyclesOf(start: number): string {
    return `${mark.most}${start}${mark.end}`;
  }

  /** Goes on with another block, or the same from its beginning. */
  jump(from: number, to: number): string {
    return `${mark.jump}${from},${to}${mark.end}`;
  }

  /** The function's body, and where its blocks begin. */
  finish(): { body: string; entries: Entry[] } {
    const blocks = [...this.blocks.values()].filter((block) => block !== undefined);
    blocks.sort((a, b) => a.start - b.start);
    const entries = blocks.map(({ start, mostCycles }, index) => ({ start, index, mostCycles }));
    const byStart = new Map(entries.map((entry) => [entry.start, entry]));
    const indexOf = (start: string) => byStart.get(Number(start))?.index ?? 0;
    const jump = (from: number, to: number): string => {
      if (to === from) return `continue B${from};`;
      // The next case.
      return to === from + 1 ? `break B${from};` : `{p=${to};continue L}`;
    };
    const find = this.returns.size > 0 ? `{p=${entries.length};continue L}` : '{}';
    const cases = blocks.map(({ source }, index) => {
      const text = source.replace(marks, (found, start: string, from: string, to: string) => {
        if (found === mark.find) return find;
        return start
          ? String(byStart.get(Number(start))?.mostCycles)
          : jump(indexOf(from), indexOf(to));
      });
      return `case ${index}:B${index}:for(;;){${text}}`;
    });
    if (this.returns.size > 0) {
      const places = [...this.returns].map((address) => {
        return `case ${address}:p=${byStart.get(address)?.index};continue L;`;
      });
      cases.push(`case ${entries.length}:switch(x){${places.join('')}}break L;`);
    }
    const registers = [...this.used].map((register) => `,r${register}=R[${register}]`).join('');
    const writeBack = [...this.written].map((register) => `R[${register}]=r${register};`).join('');
    const longest = Math.max(...entries.map(({ mostCycles }) => mostCycles));
    const body =
      `const stop=Math.min(soft,limit-${longest - 1});let c=0,w=0,f=0,x=0,q=0,n=core.N,z=core.Z,k=core.C,v=core.V${registers};` +
      `L:for(;;){switch(p){${cases.join('')}}}` +
      `${writeBack}core.N=n;core.Z=z;core.C=k;core.V=v;R[${pc}]=x;core.sequential=q;` +
      `bus.sramAccesses+=w;bus.flashAccesses+=f;return c;`;
    return { body, entries };
  }
}
