/** VS Code's debuggers for C on a microcontroller: the extension, and its type of configurations. */
export const debuggers = [
  { extension: 'marus25.cortex-debug', type: 'cortex-debug' },
  { extension: 'ms-vscode.cpptools', type: 'cppdbg' },
] as const;

export type DebuggerType = (typeof debuggers)[number]['type'];

/** What a debugger has to know of a program that runs. */
export interface Debuggee {
  /** Path of the ELF file. */
  elf: string;
  /** Path of a GDB that knows ARM. */
  gdb: string;
  /** host:port of the GDB server. */
  address: string;
  /** Folder that relative paths begin in. */
  folder: string;
}

/** What stands in a launch.json to debug the program of the virtual Pico. */
export interface LaunchConfiguration {
  name: string;
  type: DebuggerType;
  request: 'attach' | 'launch';
  [setting: string]: unknown;
}

/** The program is there already and goes on: both debuggers only attach. */
export function launchConfiguration(
  type: DebuggerType,
  { elf, gdb, address, folder }: Debuggee,
): LaunchConfiguration {
  const name = 'Virtual Pico';
  switch (type) {
    case 'cortex-debug':
      return {
        ...{ name, type, request: 'attach', cwd: folder },
        servertype: 'external',
        gdbTarget: address,
        gdbPath: gdb,
        executable: elf,
      };
    case 'cppdbg':
      // Attaching, to this one, is a matter of processes; a server's program is launched.
      return {
        ...{ name, type, request: 'launch', cwd: folder },
        MIMode: 'gdb',
        miDebuggerServerAddress: address,
        miDebuggerPath: gdb,
        program: elf,
        stopAtConnect: true,
      };
  }
}
