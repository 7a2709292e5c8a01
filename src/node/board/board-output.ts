import { asDeviceRecord, type DeviceRecord } from '../../core/wire/device-records';
import { RecordSplitter, type WireItem } from '../../core/wire/records';
import type { StarmindError } from '../starmind-error';
import { Listeners, type Disposer, type Listener } from './listeners';

/** The receiving half of every board: records, text, and the end. */
export class BoardOutput {
  private readonly splitter = new RecordSplitter();
  private readonly records = new Listeners<DeviceRecord>();
  private readonly texts = new Listeners<string>();
  private readonly closings = new Listeners<StarmindError | undefined>();
  private atLineStart = true;
  private end: { reason: StarmindError | undefined } | undefined;

  get closed(): boolean {
    return this.end !== undefined;
  }

  onRecord(listener: Listener<DeviceRecord>): Disposer {
    return this.records.add(listener);
  }

  onText(listener: Listener<string>): Disposer {
    return this.texts.add(listener);
  }

  onClosed(listener: Listener<StarmindError | undefined>): Disposer {
    if (!this.end) return this.closings.add(listener);
    listener(this.end.reason);
    return () => undefined;
  }

  push(bytes: Uint8Array): void {
    this.take(this.splitter.push(bytes));
  }

  /** Accepts items that were split elsewhere. */
  take(items: readonly WireItem[]): void {
    if (!this.end) this.emit(items);
  }

  /** The board is gone; later calls change nothing. */
  finish(reason?: StarmindError): void {
    if (this.end) return;
    this.emit(this.splitter.finish());
    this.end = { reason };
    this.closings.emit(reason);
  }

  private emit(items: readonly WireItem[]): void {
    for (const item of items) {
      const record = item.kind === 'record' ? asDeviceRecord(item.value) : undefined;
      if (record) this.records.emit(record);
      // Other firmware has records of its own; the user can still read them, each in a line.
      else this.say(item.kind === 'text' ? item.text : this.asLine(item.text));
    }
  }

  private asLine(text: string): string {
    return `${this.atLineStart ? '' : '\n'}${text}\n`;
  }

  private say(text: string): void {
    this.atLineStart = text.endsWith('\n');
    this.texts.emit(text);
  }
}
