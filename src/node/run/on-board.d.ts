import type { GenerateRequest } from '../../core/wire/commands';
import type { BenchRecord } from '../../core/wire/device-records';
import type { RunFolder } from './folder';
/** Result of `starmind run`; its keys are part of the command line's contract. */
export interface BoardRun {
    tokens: number[];
    text: string;
    cycles_per_token: number;
    tokens_per_second: number;
    /** The figures come from the virtual Pico. */
    emulated: boolean;
    /** Chip cycles a wall second; virtual board only. */
    emulated_mhz: number | null;
    /** Bytes. */
    peak_stack: number;
    /** SRAM by part as the board reports it, in bytes. */
    memory: Record<string, number>;
    /** CRC-32 of the logits of all positions up to each token, when asked for. */
    crcs: string[];
}
export interface BoardOptions {
    /** `virtual`, or a serial port. */
    board: string;
    /** Keep the virtual board to real time. */
    paced?: boolean;
    signal?: AbortSignal;
    onProgress?: (line: string) => void;
}
export interface SpeakOptions extends BoardOptions {
    request: GenerateRequest;
    /** Text as it is spoken. */
    onText?: (text: string) => void;
}
/** Speaks on a board with the model of a run; a virtual board is built for it when it must be. */
export declare function speakOnBoard(run: RunFolder, options: SpeakOptions): Promise<BoardRun>;
/** Lets a board measure its kernels and whole tokens. */
export declare function benchOnBoard(run: RunFolder, options: BoardOptions): Promise<BenchRecord[]>;
