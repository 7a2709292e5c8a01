import { describe, expect, test } from 'vitest';
import { portFailed } from '../../../src/node/board/board-errors';
import { installUdevRules } from '../../../src/node/board/udev';

const denied = new Error('Error: Permission denied, cannot open the port');

describe('an error about the permission of a port has a remedy for the system', () => {
  test('on Linux the rules for Picos, with a shell command', () => {
    expect(portFailed('/dev/ttyACM0', denied, 'linux')).toMatchObject({
      ...{ code: 'board.permission', exitCode: 4, command: installUdevRules },
      remedy: expect.stringContaining(installUdevRules) as string,
    });
  });

  test('on Linux the group of an adapter, which the rules do not cover', () => {
    const error = portFailed('/dev/ttyUSB0', denied, 'linux');
    expect(error.command).toBe('sudo usermod -aG "$(stat -Lc %G /dev/ttyUSB0)" "$USER"');
    expect(error.remedy).toContain(error.command);
  });

  test('on other systems a remedy that is true there', () => {
    const mac = portFailed('/dev/tty.usbmodem1', denied, 'darwin');
    expect(mac.remedy).toMatch(/^macOS lets everybody/);
    expect(mac.command).toBeUndefined();
    // Windows denies access to a port that is open.
    const windows = portFailed('COM3', new Error('Opening COM3: Access denied'), 'win32');
    expect(windows).toMatchObject({ code: 'board.busy' });
    expect(windows.remedy).toContain('Close the other program');
  });
});
