import type { HelloRecord } from '../../core/wire/device-records';
import type { FoundBoard } from '../board/find/found-board';
import type { Clock } from '../clock';
import type { RunOptions, RunResult } from '../process';
import type { FlashTool } from '../toolchain/find-flash-tool';

/** A file on the drive that is being written. */
export interface DriveFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Waits until the drive has the written bytes. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Side effects of flashing: the clock, boards, ports, drives and programs of a computer. */
export interface FlashHost extends Clock {
  readonly platform: NodeJS.Platform;
  /** Every board that is there now. */
  boards(): Promise<FoundBoard[]>;
  /**
   * Sends our firmware's command to restart in the boot loader.
   * @throws StarmindError when the port cannot be opened
   */
  sendBootsel(port: string): Promise<void>;
  /**
   * Opens the port at 1200 baud, which programs of the pico-sdk treat as the same request.
   * @throws StarmindError when the port cannot be opened
   */
  touch(port: string): Promise<void>;
  /**
   * Opens a port and waits for the hello of our firmware.
   * @param milliseconds for the hello
   * @throws StarmindError when the port cannot be opened or no firmware of ours answers
   */
  greet(port: string, milliseconds: number, signal?: AbortSignal): Promise<HelloRecord>;
  /** Mounts a block device as this user. @throws Error with the system's message */
  mount(device: string, signal?: AbortSignal): Promise<void>;
  /** @throws the system's error, with its code */
  createFile(path: string): Promise<DriveFile>;
  /** A program that is installed. */
  findProgram(name: 'picotool' | 'openocd'): FlashTool | undefined;
  run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** Creates files with these contents, in their order, for as long as `use` runs. */
  withFiles<T>(
    contents: readonly Uint8Array[],
    ending: string,
    use: (paths: readonly string[]) => Promise<T>,
  ): Promise<T>;
}
