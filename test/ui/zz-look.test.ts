import { expect, it } from 'vitest';
import { MonitorPage, themeNames } from './monitor-page';
import { violations } from './looks';
import { speechItems, hello, serialItems } from './monitor-samples';
it('looks', async () => {
  const m = await MonitorPage.open();
  await m.tell({
    kind: 'boards',
    boards: [
      { id: 'virtual', label: 'Virtual Pico', kind: 'virtual', detail: 'emulated here' },
      { id: 'E66', label: 'Raspberry Pi Pico', detail: '/dev/ttyACM0', kind: 'serial' },
    ],
  });
  await m.connect({
    board: { id: 'E66', label: 'Raspberry Pi Pico', detail: '/dev/ttyACM0', kind: 'serial' },
    hello,
  });
  await m.items(speechItems('Once upon a time', { seed: 1 }));
  await m.tell({
    kind: 'host',
    tokens: speechItems('', { seed: 1 }).flatMap((i) =>
      i.kind === 'record' && i.record.record === 'token' ? [i.record] : [],
    ),
    done: true,
  });
  await m.items(speechItems('The little bird', { seed: 7, done: false }));
  await m.tell({
    kind: 'host',
    tokens: speechItems('', { seed: 7 }).flatMap((i, n) =>
      i.kind === 'record' && i.record.record === 'token'
        ? [n > 20 ? { ...i.record, id: 999, text: ' xyz' } : i.record]
        : [],
    ),
    done: true,
  });
  await m.items(serialItems());
  for (const theme of themeNames) {
    await m.wear(theme);
    await m.page.waitForTimeout(300);
    for (const tab of ['speech', 'serial']) {
      await m.locator(`#tab-${tab}`).click();
      await m.page.waitForTimeout(200);
      for (const [w, h] of [
        [900, 720],
        [300, 800],
      ] as const) {
        await m.page.setViewportSize({ width: w, height: h });
        await m.page.waitForTimeout(200);
        await m.page.screenshot({ path: `/tmp/look/${tab}-${theme}-${w}.png` });
      }
      await m.page.setViewportSize({ width: 900, height: 720 });
      console.log(theme, tab, await violations(m.page));
    }
  }
  console.log(m.faults);
  await m.close();
  expect(1).toBe(1);
});
