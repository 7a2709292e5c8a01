import { expect, test } from 'vitest';
import { launchConfiguration } from '../../../src/extension/virtual-pico/launch-configuration';

const debuggee = { elf: 'b.elf', gdb: 'gdb', address: '127.0.0.1:3333', folder: 'f' };

// The names are those that the package.json of each debugger declares.
test('Cortex-Debug attaches to a server of another program', () => {
  expect(launchConfiguration('cortex-debug', debuggee)).toEqual({
    name: 'Virtual Pico',
    type: 'cortex-debug',
    request: 'attach',
    cwd: 'f',
    servertype: 'external',
    gdbTarget: '127.0.0.1:3333',
    gdbPath: 'gdb',
    executable: 'b.elf',
  });
});

test('C/C++ launches the program of a server, and stops first', () => {
  expect(launchConfiguration('cppdbg', debuggee)).toEqual({
    name: 'Virtual Pico',
    type: 'cppdbg',
    request: 'launch',
    cwd: 'f',
    MIMode: 'gdb',
    miDebuggerServerAddress: '127.0.0.1:3333',
    miDebuggerPath: 'gdb',
    program: 'b.elf',
    stopAtConnect: true,
  });
});
