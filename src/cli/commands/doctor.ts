import pc from 'picocolors';
import { exitCodes } from '../../node/starmind-error';
import { findOptionalTools, findTools } from '../../node/toolchain/tools';
import type { CommandContext } from '../context';

/**
 * `starmind doctor`: lists the tools of a firmware build, which of them it found and how to get the
 * rest.
 */
export async function doctor({ output }: CommandContext): Promise<void> {
  const tools = await findTools();
  for (const { name, found, version, where, remedy } of tools) {
    const state = found ? pc.green('found  ') : pc.red('missing');
    output.text(`${state} ${[name, version, where].filter(Boolean).join('  ')}`);
    if (remedy) output.text(`        ${remedy}`);
  }
  const missing = tools.filter(({ found }) => !found);
  output.text(
    missing.length === 0
      ? 'Everything for building firmware is here.'
      : 'Without these, models still train and speak on this computer (starmind generate).',
  );
  output.text('\nNot needed, but of use:');
  const optional = await findOptionalTools(process.cwd());
  for (const { name, use, where } of optional) {
    output.text(`${where === undefined ? 'missing' : 'found  '} ${name}  ${where ?? `(${use})`}`);
  }
  output.result({ tools, optional });
  if (missing.length > 0) process.exitCode = exitCodes.toolMissing;
}
