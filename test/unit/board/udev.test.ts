import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { installUdevRules, udevRules, udevRulesFile } from '../../../src/node/board/udev';

test.skipIf(process.platform === 'win32')('the command installs exactly the rules', () => {
  const [print = '', rest] = installUdevRules.split(' | sudo tee ');
  expect(execFileSync('sh', ['-c', print]).toString()).toBe(udevRules);
  expect(rest).toMatch(new RegExp(`^${udevRulesFile} && sudo udevadm control --reload`));
});

test('rules that use uaccess sort before those of udev that apply it', () => {
  expect(Number(/\/(\d+)-/.exec(udevRulesFile)?.[1])).toBeLessThan(73);
});
