import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import {
  commandCategory,
  commands,
  programEnablement,
  type CommandDeclaration,
} from '../../src/extension/commands';
import { boardsViewId } from '../../src/extension/boards/view-id';
import { viewId } from '../../src/extension/explorer/view-id';
import { monitorViewType } from '../../src/extension/monitor/view-type';
import { settings } from '../../src/extension/settings';
import { speedViewType } from '../../src/extension/speed/view-type';
import { trainingViewType } from '../../src/extension/training/view-type';
import { virtualPicoViewType } from '../../src/extension/virtual-pico/view-type';
import { taskCommands, taskType } from '../../src/extension/tasks/definition';

const declarations: CommandDeclaration[] = Object.values(commands);

describe('package.json', () => {
  it('contributes the commands that the code declares', () => {
    const declared = declarations.map(({ id, title, icon, startsPrograms }) => ({
      command: id,
      title,
      category: commandCategory,
      ...(icon && { icon }),
      ...(startsPrograms && { enablement: programEnablement }),
    }));
    expect(manifest.contributes.commands).toEqual(declared);
  });

  it('leaves commands about an entry of the view out of the palette', () => {
    const hidden = declarations
      .filter(({ onEntryOnly }) => onEntryOnly)
      .map(({ id }) => ({ command: id, when: 'false' }));
    expect(manifest.contributes.menus.commandPalette).toEqual(hidden);
  });

  it('has no menu, link or milestone for an absent command', () => {
    const { menus, viewsWelcome, walkthroughs } = manifest.contributes;
    const inMenus = Object.values(menus).flatMap((items) => items.map(({ command }) => command));
    const linked = JSON.stringify([viewsWelcome, walkthroughs]).matchAll(
      /(?:command:|onCommand:)(starmind\.\w+)/g,
    );
    const ids = declarations.map(({ id }) => id);
    const strays = [...inMenus, ...[...linked].map(([, id = '']) => id)].filter(
      (id) => !ids.includes(id),
    );
    expect(strays).toEqual([]);
  });

  it('has the views that the code fills', () => {
    const ids = manifest.contributes.views.starmind.map(({ id }) => id);
    expect(ids).toEqual([viewId, boardsViewId]);
  });

  it('contributes the settings that the code reads', () => {
    const contributed = manifest.contributes.configuration.properties;
    expect(Object.keys(contributed).sort()).toEqual(Object.values(settings).sort());
    const closing = contributed[settings.whenWindowCloses];
    expect(closing.default).toBe('stop');
    expect(closing.enum).toEqual(['stop', 'continue']);
    expect(closing.enumDescriptions).toHaveLength(2);
  });

  it('describes the tasks that the code runs', () => {
    const [definition, ...others] = manifest.contributes.taskDefinitions;
    expect(others).toEqual([]);
    expect(definition?.type).toBe(taskType);
    expect(definition?.required).toEqual(['command']);
    expect(Object.keys(definition?.properties ?? {})).toEqual(['command', 'file', 'run', 'prompt']);
    expect(definition?.properties.command.enum).toEqual([...taskCommands]);
  });

  it('wakes the extension for a model, its tasks and a monitor that was open', () => {
    expect(manifest.activationEvents).toEqual([
      'workspaceContains:**/model.json',
      `onTaskType:${taskType}`,
      `onWebviewPanel:${monitorViewType}`,
      `onWebviewPanel:${virtualPicoViewType}`,
      `onWebviewPanel:${speedViewType}`,
      `onWebviewPanel:${trainingViewType}`,
    ]);
  });

  it('explains why the extension is limited in untrusted folders', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    expect(untrustedWorkspaces.supported).toBe('limited');
    expect(untrustedWorkspaces.description).not.toBe('');
    expect(virtualWorkspaces.supported).toBe('limited');
    expect(virtualWorkspaces.description).not.toBe('');
  });

  it('names pictures that exist', () => {
    const { viewsContainers, views, walkthroughs } = manifest.contributes;
    const pictures = [
      manifest.icon,
      ...viewsContainers.activitybar.map(({ icon }) => icon),
      ...views.starmind.map(({ icon }) => icon),
      ...walkthroughs.flatMap(({ icon, steps }) => [icon, ...steps.map(({ media }) => media.svg)]),
    ];
    const missing = pictures.filter(
      (path) => !existsSync(new URL(`../../${path}`, import.meta.url)),
    );
    expect(missing).toEqual([]);
  });
});
