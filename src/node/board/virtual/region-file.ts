import { createHash, type Hash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { chip } from '../../../core/chip';
import type { KnownRegion } from '../../../emulator';
import { temporaryNameOf } from '../../files';
import type { Contents } from './messages';

/** Programs whose translations are kept, and bytes of each. */
const mostFiles = 16;
const mostBytes = 8 * 1024 * 1024;
/** Fewer new regions are not worth writing. */
const leastNews = 8;
const leastShareOfNews = 0.05;
const checksumBytes = 32;

/**
 * A file with what the emulator has translated of a program, by which a later start of the same program
 * begins at full speed. Everything about it may fail: then the program is translated anew.
 */
export class RegionFile {
  private readonly path: string;
  private loaded: readonly KnownRegion[] = [];

  /**
   * @param folder where the files of all programs are
   * @param emulator contents of the emulator's bundle: another version translates otherwise
   */
  constructor(
    private readonly folder: string,
    emulator: Uint8Array,
    program: Contents,
  ) {
    const key = sha256().update(process.versions.v8).update(emulator);
    // The model image lies behind the program, and changes more often.
    for (const { offset, data } of program.flash) {
      if (offset >= chip.modelFlashOffset) continue;
      key.update(`flash ${offset} `).update(data.subarray(0, chip.modelFlashOffset - offset));
    }
    for (const { offset, data } of program.sram?.parts ?? []) {
      key.update(`sram ${offset} `).update(data);
    }
    this.path = join(folder, `${key.digest('hex')}.regions`);
  }

  /** What was translated before; nothing when there is no file, or a damaged one. */
  load(): readonly KnownRegion[] {
    try {
      const file = readFileSync(this.path);
      const content = file.subarray(checksumBytes);
      if (!sha256().update(content).digest().equals(file.subarray(0, checksumBytes))) return [];
      this.loaded = deserialize(content) as KnownRegion[];
      const now = new Date();
      utimesSync(this.path, now, now);
    } catch {
      // It is only a cache.
    }
    return this.loaded;
  }

  /** Keeps regions, if there is much that was not loaded. */
  save(regions: readonly KnownRegion[]): void {
    const before = new Set(this.loaded);
    const news = regions.filter((region) => !before.has(region)).length;
    if (news < Math.max(leastNews, leastShareOfNews * before.size)) return;
    const content = serialize(regions);
    if (content.length > mostBytes) return;
    try {
      mkdirSync(this.folder, { recursive: true });
      this.replace(Buffer.concat([sha256().update(content).digest(), content]));
      this.loaded = regions;
      this.dropOldest();
    } catch {
      // The next start of the program is slower.
    }
  }

  private replace(content: Uint8Array): void {
    const temporary = temporaryNameOf(this.path);
    try {
      writeFileSync(temporary, content);
      renameSync(temporary, this.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** Leaves the files that were used last; what an interrupted process left behind grows old too. */
  private dropOldest(): void {
    const files = readdirSync(this.folder).map((name) => join(this.folder, name));
    const byAge = files.map((path) => ({ path, used: statSync(path).mtimeMs }));
    byAge.sort((a, b) => b.used - a.used);
    for (const { path } of byAge.slice(mostFiles)) rmSync(path, { force: true });
  }
}

function sha256(): Hash {
  return createHash('sha256');
}
