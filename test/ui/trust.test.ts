import { afterAll, beforeAll, expect, it } from 'vitest';
import { presets } from '../../src/core/model/presets';
import { Workbench } from './workbench';

const demo = presets.find(({ name }) => name === 'demo')?.file;

let workbench: Workbench;

beforeAll(async () => {
  workbench = await Workbench.open({
    files: { 'model.json': `${JSON.stringify(demo, null, 2)}\n` },
    asksForTrust: true,
    settings: { 'security.workspace.trust.startupPrompt': 'never' },
  });
  await workbench.openFile('model.json');
  await workbench.form.locator('.figures').waitFor();
});

afterAll(() => workbench?.close());

it('in an untrusted folder, the form works and gives the reason why programs cannot start', async () => {
  const { form } = workbench;
  const train = form.locator('vscode-button', { hasText: 'Train' });
  expect(await train.getAttribute('disabled')).not.toBeNull();
  expect(await form.locator('.held').innerText()).toContain('Trust the folder first');
  const bar = form.locator('.header .memory-bar');
  const before = await bar.getAttribute('data-total');
  await form.getByRole('slider', { name: 'n_layers slider', exact: true }).focus();
  await workbench.page.keyboard.press('ArrowRight');
  await expect.poll(() => workbench.text()).toContain('"n_layers": 3');
  expect(await bar.getAttribute('data-total')).not.toBe(before);
  // The language server works too.
  await expect
    .poll(() => workbench.page.locator('.codelens-decoration').first().innerText(), {
      timeout: 20_000,
    })
    .toContain('Estimate');
});

it('once the user trusts it, they can start', async () => {
  await workbench.command('Workspaces: Manage Workspace Trust');
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  const { form } = workbench;
  await form.locator('.held').waitFor({ state: 'detached' });
  const train = form.locator('vscode-button', { hasText: 'Train' });
  // The toolkit's buttons update their attributes in a later task.
  await expect.poll(() => train.getAttribute('disabled')).toBeNull();
});
