import type { Architecture, Sampling } from '../model/config';
import { fromQ16 } from '../quant/scale';
import { overBoard } from './prompt-limits';
import { asRecord, type JsonRecord } from '../tokenizer/json';

/** Version that the firmware of this repository reports: that of firmware/app/service.h. */
export const firmwareVersion = '0.1.0';

/** Version of the records and commands; the host refuses a device with another version. */
export const protocolVersion = 2;

export type DeviceShape = Pick<
  Architecture,
  | 'vocab_size'
  | 'dim'
  | 'hidden_dim'
  | 'n_layers'
  | 'n_heads'
  | 'n_kv_heads'
  | 'head_dim'
  | 'max_seq_len'
>;

/** Sampling parameters of a device without floating point: 16 fractional bits. */
export interface DeviceSampling {
  temperature_q16: number;
  top_k: number;
  top_p_q16: number;
}

/** The sampling that a device reports. */
export function samplingOf({ temperature_q16, top_k, top_p_q16 }: DeviceSampling): Sampling {
  return { temperature: fromQ16(temperature_q16), top_k, top_p: fromQ16(top_p_q16) };
}

/** Sent at start and in answer to `info`: identifies the program and its model. */
export interface HelloRecord {
  record: 'hello';
  firmware: string;
  /** Digest of the sources that the program was built from, in hexadecimal; since protocol 2. */
  program?: string;
  protocol: number;
  board: string;
  /** 1 where the program can stream matrices from flash. */
  streams?: number;
  /** Size of its flash, where the flash chip tells it. */
  flash_bytes?: number;
  clock_mhz: number;
  /** The clock in Hz, the core voltage in mV, and `ok` or why the clock is not the one asked for. */
  clock_hz?: number;
  core_millivolts?: number;
  clock?: string;
  cores: number;
  /**
   * Absent when there is no usable image, like the four that follow. Digest in hexadecimal of all
   * that the image holds: weights, formats, tokenizer and sampling.
   */
  model?: string;
  /** Digest of the tokenizer alone. */
  tokenizer?: string;
  shape?: DeviceShape;
  /** Defaults for fields that a request leaves out. */
  sampling?: DeviceSampling;
  /** Number of tensors in each format. */
  formats?: Record<string, number>;
  /** `ok`, or the fault of the model image in flash. */
  image: string;
  /** Bytes of SRAM by purpose. */
  memory: Record<string, number>;
  /** Bytes of each core's stack used at most since the start. */
  peak_stack?: number;
  peak_second_stack?: number;
}

/** The device waits for a command. */
export interface ReadyRecord {
  record: 'ready';
}

export interface TokenRecord {
  record: 'token';
  index: number;
  id: number;
  /** May be empty while a character is not complete. */
  text: string;
  /** Microseconds since generation began. */
  us: number;
  /** CRC-32 of the logits, in hexadecimal, when requested. */
  crc?: string;
  /** Place in the order of likelihood, 1 for the likeliest, when requested. */
  rank?: number;
}

export interface DoneRecord {
  record: 'done';
  tokens: number;
  /** Those of the prompt, which were run as well. */
  prompt_tokens?: number;
  reason: string;
  microseconds: number;
  cycles_per_token: number;
  tokens_per_second: number;
  /** Bytes of stack used at most since the start. */
  peak_stack: number;
  /** The same of the second core, where it computes. */
  peak_second_stack?: number;
  /** Incomplete character at the end of the text. */
  text: string;
}

/** A measurement; its fields depend on the subject. */
export interface BenchRecord {
  record: 'bench';
  [field: string]: unknown;
}

export interface ErrorRecord {
  record: 'error';
  code: string;
  message: string;
  /** For a prompt that does not fit: its tokens, and the positions of the model. */
  prompt_tokens?: number;
  max_seq_len?: number;
}

/**
 * The error of a board about a prompt that does not fit its context; undefined for other errors.
 */
export function promptOver({ prompt_tokens, max_seq_len }: ErrorRecord): string | undefined {
  const isKnown = typeof prompt_tokens === 'number' && typeof max_seq_len === 'number';
  return isKnown ? overBoard(prompt_tokens, max_seq_len) : undefined;
}

export type DeviceRecord =
  HelloRecord | ReadyRecord | TokenRecord | DoneRecord | BenchRecord | ErrorRecord;

type FieldKind = 'string' | 'number' | 'decimal' | 'object';

/** Fields without which a record is not understood. */
const required: Record<DeviceRecord['record'], Record<string, FieldKind>> = {
  hello: {
    firmware: 'string',
    protocol: 'number',
    board: 'string',
    clock_mhz: 'number',
    cores: 'number',
    image: 'string',
    memory: 'object',
  },
  ready: {},
  token: { index: 'number', id: 'number', text: 'string', us: 'number' },
  done: {
    tokens: 'number',
    reason: 'string',
    microseconds: 'number',
    cycles_per_token: 'number',
    tokens_per_second: 'decimal',
    peak_stack: 'number',
    text: 'string',
  },
  bench: {},
  error: { code: 'string', message: 'string' },
};

function isKnownKind(kind: unknown): kind is DeviceRecord['record'] {
  return typeof kind === 'string' && Object.hasOwn(required, kind);
}

/**
 * Checks a parsed record. Undefined for other JSON, such as noise or records of newer firmware.
 * Keeps unknown fields.
 */
export function asDeviceRecord(value: unknown): DeviceRecord | undefined {
  const record = asRecord(value);
  if (!record || !isKnownKind(record.record)) return undefined;
  const checked: JsonRecord = { ...record };
  for (const [field, kind] of Object.entries(required[record.record])) {
    // A device without floating point writes decimals as text.
    if (kind === 'decimal') checked[field] = asDecimal(record[field]);
    if (!hasKind(checked[field], kind)) return undefined;
  }
  return checked as unknown as DeviceRecord;
}

function asDecimal(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
}

function hasKind(value: unknown, kind: FieldKind): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'number':
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value);
    case 'object':
      return asRecord(value) !== undefined;
  }
}
