import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type {
  FromMonitor,
  MonitorConnection,
  MonitorItem,
  ToMonitor,
} from '../../../src/core/wire/monitor-messages';
import { begin, hello, pico, virtual } from './samples';
import { WebviewPage, type PageWindow } from './webview-page';

export { themeNames } from './webview-page';

/** The webview of the token monitor, with a test in place of the extension. */
export class MonitorPage extends WebviewPage<ToMonitor, FromMonitor> {
  private sequence = 0;

  constructor() {
    super('monitor', '.monitor');
  }

  async connect(changes: Partial<MonitorConnection> = {}): Promise<void> {
    await this.tell({
      kind: 'connection',
      connection: { status: 'connected', baudRate: 115200, ...changes },
    });
  }

  /** Sends a batch; returns when the page reports it drawn. */
  async items(items: readonly MonitorItem[]): Promise<void> {
    const sequence = ++this.sequence;
    await this.tell({ kind: 'items', sequence, items });
    await this.page.waitForFunction(
      (wanted) =>
        (globalThis as unknown as PageWindow<FromMonitor>).posted.some(
          (message) => message.kind === 'drawn' && message.sequence === wanted,
        ),
      sequence,
    );
  }

  tab(name: 'speech' | 'serial'): Promise<void> {
    return this.locator(`#tab-${name}`).click();
  }

  /** Texts of the lines of the serial view that are drawn. */
  lines(): Promise<string[]> {
    return this.locator('.line .text').allTextContents();
  }

  /** Text of the first line of the serial view that is seen whole. */
  firstSeen(): Promise<string | null | undefined> {
    return this.locator('.lines').evaluate((list) => {
      const { top } = list.getBoundingClientRect();
      const row = [...list.querySelectorAll('.line')].find(
        (line) => line.getBoundingClientRect().top >= top,
      );
      return row?.querySelector('.text')?.textContent;
    });
  }

  /** Scrolls the serial view as a hand at its scroll bar does, until that row is the first. */
  async scrollTo(row: number, text: string): Promise<void> {
    await this.locator('.lines').evaluate((list, row) => {
      list.scrollTop = row * (list.querySelector('.line')?.clientHeight ?? 0);
    }, row);
    await expect.poll(() => this.firstSeen()).toBe(text);
    await this.locator('.to-end').waitFor();
  }

  /** Waits until the serial view shows this number of lines. */
  async counts(shown: string): Promise<void> {
    await expect.poll(() => this.locator('.count').textContent(), { timeout: 20_000 }).toBe(shown);
  }
}

/** A page for the tests of a file; each finds it as new, connected to a Pico. */
export function monitorPage(): MonitorPage {
  const monitor = new MonitorPage();
  beforeAll(() => monitor.open());
  afterAll(() => monitor.close());
  beforeEach(async () => {
    await monitor.loadAnew();
    await monitor.tell({ kind: 'boards', boards: [virtual, pico] });
    await monitor.connect({ board: pico, hello });
  });
  afterEach(() => {
    expect(monitor.faults).toEqual([]);
  });
  return monitor;
}

/** Text from a board. */
export function text(value: string, at = begin): MonitorItem {
  return { at, kind: 'text', text: value };
}
