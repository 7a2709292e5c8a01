import { expect, it } from 'vitest';
import { monitorPage } from './page';
import { speechItems } from './samples';

const monitor = monitorPage();

it('the plot of the speed has no tokens between whole ones', async () => {
  await monitor.page.evaluate(`
    globalThis.painted = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      painted.push(text);
      return fillText.call(this, text, ...rest);
    };`);
  await monitor.items(speechItems('Once', { done: false }).slice(0, 6));
  const painted = () => monitor.page.evaluate<string[]>('painted');
  await expect.poll(painted).toContain('token');
  const labels = await painted();
  expect(labels).toEqual(expect.arrayContaining(['1', '2', '3', '4']));
  expect(labels.filter((label) => label.includes('.'))).toEqual([]);
});

it('drawings use the colours that the system sets', async () => {
  await monitor.items(speechItems('Once'));
  await monitor.page.emulateMedia({ forcedColors: 'active' });
  /** Sums of red, green and blue of the pixels that are painted on the plot. */
  const tones = () =>
    monitor.page.evaluate<number[]>(`(() => {
      const canvas = document.querySelector('.plot canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const tones = new Set();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255) tones.add(data[at] + data[at + 1] + data[at + 2]);
      }
      return [...tones];
    })()`);
  // The system of the test has black text on white.
  await expect.poll(async () => Math.min(...(await tones()))).toBe(0);
  const mark = await monitor.page.evaluate(
    "getComputedStyle(document.querySelector('vscode-checkbox').shadowRoot.querySelector('.checked-indicator')).fill",
  );
  expect(mark).toBe('rgb(0, 0, 0)');
  await monitor.page.emulateMedia({ forcedColors: 'none' });
});
