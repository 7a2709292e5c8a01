import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import { commandCategory, commandEnablement, commands } from '../../src/extension/commands';
import { taskCommands, taskType } from '../../src/extension/tasks/definition';

describe('package.json', () => {
  it('contributes the commands that the code declares', () => {
    const declared = Object.values(commands).map(({ id, title }) => ({
      command: id,
      title,
      category: commandCategory,
      enablement: commandEnablement,
    }));
    expect(manifest.contributes.commands).toEqual(declared);
  });

  it('describes the tasks that the code runs', () => {
    const [definition, ...others] = manifest.contributes.taskDefinitions;
    expect(others).toEqual([]);
    expect(definition?.type).toBe(taskType);
    expect(definition?.required).toEqual(['command']);
    expect(Object.keys(definition?.properties ?? {})).toEqual(['command', 'file', 'prompt']);
    expect(definition?.properties.command.enum).toEqual([...taskCommands]);
  });

  it('wakes the extension for a model and for its tasks only', () => {
    expect(manifest.activationEvents).toEqual([
      'workspaceContains:**/model.json',
      `onTaskType:${taskType}`,
    ]);
  });

  it('gives reasons where the extension is held back', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    expect(untrustedWorkspaces.supported).toBe('limited');
    expect(untrustedWorkspaces.description).not.toBe('');
    expect(virtualWorkspaces.supported).toBe(false);
    expect(virtualWorkspaces.description).not.toBe('');
  });

  it('names an icon that is there', () => {
    expect(existsSync(new URL(`../../${manifest.icon}`, import.meta.url))).toBe(true);
  });
});
