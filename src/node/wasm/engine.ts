import { readFile } from 'node:fs/promises';
import type { Sampling } from '../../core/model/config';
import { assetPath } from '../assets';
import { grouped } from '../../core/text';
import { promptTooLong, requirePromptFits } from '../prompt-errors';
import { toQ16 } from '../../core/quant/scale';
import { exitCodes, StarmindError } from '../starmind-error';

/** The exports of firmware/port/wasm/exports.c; addresses are byte offsets into the memory. */
interface Exports {
  memory: WebAssembly.Memory;
  heap_base(): number;
  model_open(image: number, bytes: number): number;
  max_seq_len(): number;
  model_problem(): number;
  arena_bytes(): number;
  engine_init(arena: number): void;
  forward(token: number, position: number): number;
  logits(): number;
  encode(text: number, length: number, tokens: number, capacity: number): number;
  decode_start(): void;
  decode(token: number): number;
  decoded_bytes(): number;
  generation_start(
    temperature: number,
    topK: number,
    topP: number,
    seed: number,
    prompt: number,
    promptLength: number,
    tokenLimit: number,
  ): number;
  generation_step(): number;
  generation_finish(): number;
  logits_crc32(): number;
  status_text(status: number): number;
}

/** Why a generation ended; the order of the engine's enum. */
const finishReasons = ['running', 'end-of-text', 'token-limit', 'context-full'] as const;
export type FinishReason = (typeof finishReasons)[number];

/** Result of a generation step that made no token. */
const noTokenYet = -1;

export interface GenerateOptions {
  prompt: Uint8Array;
  /** Most tokens to generate, after the prompt. */
  tokens: number;
  sampling: Sampling;
  seed: number;
}

/** A generated token, with the bytes of text that it completes. */
export interface SpokenToken {
  id: number;
  bytes: Uint8Array;
  /** CRC-32 of the logits of all positions so far, the prompt's included. */
  logitsCrc32: number;
}

/** Longest prompt, in bytes and in tokens. */
const promptCapacity = 1 << 16;
const pageBytes = 65536;
const align = (address: number) => Math.ceil(address / 16) * 16;

let compiled: Promise<WebAssembly.Module> | undefined;

function engineModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(assetPath('wasm/engine.wasm')).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

/**
 * The inference engine of the firmware, compiled to WebAssembly, with one device image open. Its
 * logits are those of the chip, bit for bit.
 */
export class WasmEngine {
  /** Bytes of working memory that the image needs on the device. */
  readonly arenaBytes: number;
  private readonly text: number;
  private readonly tokens: number;
  private end: number;

  private constructor(
    private readonly exports: Exports,
    image: Uint8Array,
  ) {
    this.end = exports.heap_base();
    const address = this.allocate(image.length);
    this.bytes(address, image.length).set(image);
    const status = exports.model_open(address, image.length);
    if (status !== 0) {
      throw new StarmindError(
        'image.invalid',
        exitCodes.input,
        `The engine refuses the device image: ${this.textAt(exports.model_problem())}.`,
        'Make it again from the checkpoint of its run: starmind build RUN.',
      );
    }
    this.arenaBytes = exports.arena_bytes();
    exports.engine_init(this.allocate(this.arenaBytes));
    this.text = this.allocate(promptCapacity);
    // An escaped byte needs three tokens of two bytes.
    this.tokens = this.allocate(promptCapacity * 6);
  }

  /** @throws StarmindError `image.invalid` when the engine refuses the image. */
  static async open(image: Uint8Array): Promise<WasmEngine> {
    const instance = await WebAssembly.instantiate(await engineModule(), {});
    return new WasmEngine(instance.exports as unknown as Exports, image);
  }

  /**
   * Runs one token at the next position of a sequence that starts at 0. The logits, with 16
   * fractional bits, are a view that the next call overwrites.
   */
  forward(token: number, position: number, vocabSize: number): Int32Array {
    this.check(this.exports.forward(token, position));
    return new Int32Array(this.exports.memory.buffer, this.exports.logits(), vocabSize);
  }

  /** Tokens of a text, as the device encodes it. */
  encode(text: Uint8Array): Uint16Array {
    const count = this.encodeInPlace(text);
    return new Uint16Array(this.exports.memory.buffer, this.tokens, count).slice();
  }

  /** Bytes of a token stream, as the device decodes it. */
  decode(ids: Iterable<number>): Uint8Array {
    this.exports.decode_start();
    const bytes: number[] = [];
    for (const id of ids) bytes.push(...this.decodeNext(id));
    return Uint8Array.from(bytes);
  }

  /** Generates: yields the tokens after the prompt one by one and returns why it ended. */
  *generate(options: GenerateOptions): Generator<SpokenToken, FinishReason> {
    const { exports } = this;
    const { temperature, top_k, top_p } = options.sampling;
    const promptLength = this.encodeInPlace(options.prompt);
    requirePromptFits(promptLength, exports.max_seq_len());
    this.check(
      exports.generation_start(
        toQ16(temperature),
        top_k,
        toQ16(top_p),
        options.seed,
        this.tokens,
        promptLength,
        options.tokens,
      ),
    );
    exports.decode_start();
    while (exports.generation_finish() === 0) {
      const id = exports.generation_step();
      if (id >= 0) {
        yield { id, bytes: this.decodeNext(id), logitsCrc32: exports.logits_crc32() >>> 0 };
      }
      if (id < noTokenYet) break;
    }
    return finishReasons[exports.generation_finish()] ?? 'running';
  }

  private encodeInPlace(text: Uint8Array): number {
    if (text.length > promptCapacity) {
      throw promptTooLong(
        `The prompt has ${grouped(text.length)} bytes; ${grouped(promptCapacity)} are the most that any context takes.`,
      );
    }
    this.bytes(this.text, text.length).set(text);
    return this.exports.encode(this.text, text.length, this.tokens, promptCapacity * 3);
  }

  private decodeNext(id: number): Uint8Array {
    const address = this.exports.decode(id);
    return this.bytes(address, this.exports.decoded_bytes()).slice();
  }

  private allocate(bytes: number): number {
    const { memory } = this.exports;
    const address = align(this.end);
    this.end = address + bytes;
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    return address;
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address, length);
  }

  private check(status: number): void {
    if (status === 0) return;
    throw new StarmindError(
      'engine.refused',
      exitCodes.input,
      `The engine refuses: ${this.textAt(this.exports.status_text(status))}.`,
      'Make the device image again from the checkpoint of its run: starmind build RUN.',
    );
  }

  /** A text of the engine. */
  private textAt(address: number): string {
    const memory = new Uint8Array(this.exports.memory.buffer);
    return Buffer.from(memory.subarray(address, memory.indexOf(0, address))).toString();
  }
}
