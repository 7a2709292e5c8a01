/** VS Code's debuggers for C on a microcontroller: the extension, and its type of configurations. */
export const debuggers = [
  { extension: 'marus25.cortex-debug', type: 'cortex-debug' },
  { extension: 'ms-vscode.cpptools', type: 'cppdbg' },
] as const;

export type DebuggerType = (typeof debuggers)[number]['type'];

/** Facts that a debugger needs about a running program. */
export interface Debuggee {
  /** Path of the ELF file. */
  elf: string;
  /** Path of a GDB for ARM. */
  gdb: string;
  /** host:port of the GDB server. */
  address: string;
  /** Folder that relative paths start from. */
  folder: string;
}

/** Entry of a launch.json that debugs the program of the virtual Pico. */
export interface LaunchConfiguration {
  name: string;
  type: DebuggerType;
  request: 'attach' | 'launch';
  [setting: string]: unknown;
}

/** The program is running already and keeps running: both debuggers only attach. */
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
      // cppdbg attaches only to processes; with a GDB server it launches.
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
