import type { ElfSymbol } from '../../src/core/export/elf';

/** Frames and calls of the functions of a program. */
export interface CallGraph {
  /** Bytes of stack that a function itself takes. */
  frames: Map<string, number>;
  calls: Map<string, Set<string>>;
}

/** Callee of a call through a pointer. */
const indirect = '__indirect_call';

/** Static functions are named with their file; the name alone is what others know. */
const bareName = (title: string) => title.slice(title.lastIndexOf(':') + 1);

/**
 * What GCC writes with -fcallgraph-info=su, a file for each object.
 * @throws Error for a frame whose size is not known before the program runs
 */
export function readCallGraphs(files: readonly string[]): CallGraph {
  const graph: CallGraph = { frames: new Map(), calls: new Map() };
  for (const file of files) {
    for (const [, title = '', label = ''] of file.matchAll(
      /^node: \{ title: "(.*?)" label: "(.*?)"/gm,
    )) {
      const [, bytes, kind] = / ?(\d+) bytes \((.*?)\)/.exec(label) ?? [];
      if (bytes === undefined) continue;
      if (kind !== 'static') throw new Error(`The frame of ${title} is ${kind}.`);
      // The same name in two files stands for the larger of both, and for all that they call.
      const name = bareName(title);
      graph.frames.set(name, Math.max(graph.frames.get(name) ?? 0, Number(bytes)));
    }
    for (const [, from = '', to = ''] of file.matchAll(
      /^edge: \{ sourcename: "(.*?)" targetname: "(.*?)"/gm,
    )) {
      add(graph.calls, bareName(from), bareName(to));
    }
  }
  return graph;
}

/**
 * The same from the disassembly of the linked program, for functions in assembly and of libraries.
 * A frame is all that its function ever pushes: at least what it takes at once.
 */
export function readDisassembly(text: string, symbols: readonly ElfSymbol[]): CallGraph {
  const graph: CallGraph = { frames: new Map(), calls: new Map() };
  const at = new Map<number, string>();
  let name = '';
  for (const line of text.split('\n')) {
    const [, address = '', symbol] = /^([0-9a-f]+) <(.+)>:$/.exec(line) ?? [];
    if (symbol !== undefined) {
      name = symbol;
      at.set(parseInt(address, 16), name);
      graph.frames.set(name, 0);
      continue;
    }
    const [, mnemonic = '', operands = ''] = /^\s*[0-9a-f]+:\t(\S+)\s*(.*)$/.exec(line) ?? [];
    const grow = (bytes: number) => graph.frames.set(name, (graph.frames.get(name) ?? 0) + bytes);
    if (mnemonic === 'push') grow(4 * registers(operands));
    else if (mnemonic === 'sub' && operands.startsWith('sp,'))
      grow(Number(/#(\d+)/.exec(operands)?.[1]));
    else if (mnemonic === 'blx') add(graph.calls, name, indirect);
    else if (mnemonic.startsWith('b')) {
      const [, target] = /<([^+>]+)>/.exec(operands) ?? [];
      if (target !== undefined && target !== name) add(graph.calls, name, unveneered(target));
    }
  }
  // Functions with several names are disassembled under one.
  for (const { name: alias, address } of symbols) {
    const known = at.get(address & ~1);
    if (known === undefined || graph.frames.has(alias)) continue;
    graph.frames.set(alias, graph.frames.get(known) ?? 0);
    graph.calls.set(alias, graph.calls.get(known) ?? new Set());
  }
  return graph;
}

/** `{r4, r5, r6, lr}`: 4; `{r4-r7, lr}`: 5 */
function registers(list: string): number {
  return list
    .replace(/[{}\s]/g, '')
    .split(',')
    .reduce((sum, part) => {
      const [, first, last] = /^r(\d+)-r(\d+)$/.exec(part) ?? [];
      return sum + (first === undefined ? 1 : Number(last) - Number(first) + 1);
    }, 0);
}

/** The linker reaches distant functions through stubs, which take no stack. */
const unveneered = (symbol: string) => /^__(.*)_veneer$/.exec(symbol)?.[1] ?? symbol;

function add(calls: Map<string, Set<string>>, from: string, to: string): void {
  const callees = calls.get(from) ?? new Set();
  calls.set(from, callees.add(to));
}

/** The deepest chain of calls. */
export interface Depth {
  bytes: number;
  chain: string[];
}

/** Depths of the stack, from a program's graph of calls. */
export class StackDepths {
  private readonly known = new Map<string, Depth>();
  private readonly open = new Set<string>();

  /**
   * @param compiled what the compiler says; `linked` has the rest
   * @param pointers the functions that each caller reaches through pointers
   * @param leaves functions whose calls do not count: what ends the program, and weak functions that
   *   it lacks
   */
  constructor(
    private readonly compiled: CallGraph,
    private readonly linked: CallGraph,
    private readonly pointers: Readonly<Record<string, readonly string[]>>,
    private readonly leaves: ReadonlySet<string>,
  ) {}

  /**
   * The most that a function takes with all that it calls.
   * @throws Error for recursion, for calls through pointers that `pointers` lacks, and for
   *   functions that the program lacks
   */
  of(wanted: string): Depth {
    const name = this.linkedName(wanted);
    const known = this.known.get(name);
    if (known) return known;
    if (this.open.has(name))
      throw new Error(`${name} calls itself, by ${[...this.open].join(', ')}.`);
    const graph = this.compiled.frames.has(name) ? this.compiled : this.linked;
    const frame = graph.frames.get(name);
    if (frame === undefined && this.leaves.has(name)) return { bytes: 0, chain: [] };
    if (frame === undefined) throw new Error(`The program has no function ${name}.`);
    this.open.add(name);
    let deepest: Depth = { bytes: 0, chain: [] };
    for (const callee of this.leaves.has(name) ? [] : this.calleesOf(name, graph)) {
      const depth = this.of(callee);
      if (depth.bytes > deepest.bytes) deepest = depth;
    }
    this.open.delete(name);
    const depth = { bytes: frame + deepest.bytes, chain: [`${name} ${frame}`, ...deepest.chain] };
    this.known.set(name, depth);
    return depth;
  }

  private calleesOf(name: string, { calls }: CallGraph): string[] {
    return [...(calls.get(name) ?? [])].flatMap((callee) => {
      if (callee !== indirect) return [callee];
      const reached = this.pointers[name];
      if (!reached) throw new Error(`${name} calls through a pointer that nobody has listed.`);
      return reached;
    });
  }

  /** The linker replaces functions of the compiler's libraries by those of the pico-sdk. */
  private linkedName(name: string): string {
    const wrapped = `__wrap_${name}`;
    return this.linked.frames.has(wrapped) ? wrapped : name;
  }
}
