/** The manifest says what the code does: settings, commands, and the files it names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settingsSchema } from '../../server/src/settings.ts';

const root = join(import.meta.dirname, '../..');
const record = z.record(z.string(), z.unknown());
const command = z.object({ command: z.string() });
const manifest = z.object({
  main: z.string(),
  icon: z.string(),
  contributes: z.object({
    commands: z.array(command.extend({ title: z.string(), category: z.literal('Kgent') })),
    menus: z.record(z.string(), z.array(command)),
    views: z.object({ kgent: z.array(z.object({ id: z.string(), icon: z.string() })) }),
    viewsContainers: z.object({ activitybar: z.array(z.object({ id: z.string(), icon: z.string() })) }),
    viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string() })),
    languages: z.array(z.object({ id: z.string(), configuration: z.string(), icon: z.object({ light: z.string(), dark: z.string() }) })),
    grammars: z.array(z.object({ language: z.string().optional(), path: z.string() })),
    configuration: z.object({ properties: z.record(z.string(), record) }),
  }),
  capabilities: z.object({ untrustedWorkspaces: z.object({ restrictedConfigurations: z.array(z.string()) }) }),
}).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const { contributes } = manifest;
const commands = contributes.commands.map((c) => c.command).sort();
const sources = readFiles('client/src', '.ts').filter(([file]) => !file.endsWith('.test.ts'));

/** Files below a folder whose name ends so. */
function readFiles(folder: string, ending: string): [file: string, text: string][] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(ending)).map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]);
}

/** What only the editor's settings page needs. */
const EDITOR_ONLY = new Set(['scope', 'order', 'enumDescriptions', 'markdownDescription']);

describe('the settings of the manifest', () => {
  it('are those of the one schema', () => {
    const schema = z.object({ properties: z.record(z.string(), record) }).parse(z.toJSONSchema(settingsSchema, { io: 'input' }));
    const declared = Object.entries(schema.properties).map(([name, property]) => [`kgent.${name}`, property]);
    const contributed = Object.entries(contributes.configuration.properties).map(([name, property]) => [
      name,
      { ...Object.fromEntries(Object.entries(property).filter(([key]) => !EDITOR_ONLY.has(key))), description: property['markdownDescription'] },
    ]);
    expect(Object.fromEntries(contributed)).toEqual(Object.fromEntries(declared));
  });

  it('describe every value of an enum', () => {
    for (const property of Object.values(contributes.configuration.properties)) {
      if (property['enum']) expect(property['enumDescriptions']).toHaveLength((property['enum'] as unknown[]).length);
    }
  });

  it('do not let a workspace send the API key elsewhere', () => {
    expect(contributes.configuration.properties['kgent.model.baseUrl']).toMatchObject({ scope: 'machine' });
  });

  it('that lead outside are restricted until the workspace is trusted', () => {
    for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations) expect(contributes.configuration.properties).toHaveProperty([name]);
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(expect.arrayContaining(['kgent.target', 'kgent.model.baseUrl']));
  });
});

describe('the commands of the manifest', () => {
  it('are those the code registers', () => {
    const registered = sources.flatMap(([, text]) => [...text.matchAll(/ctx\.command\('(kgent\.\w+)'/g)].map((m) => m[1] ?? ''));
    expect(registered.sort()).toEqual(commands);
  });

  it('are those menus, welcome texts and code call', () => {
    const inMenus = Object.values(contributes.menus).flat().map((c) => c.command);
    const inTexts = contributes.viewsWelcome.flatMap(({ contents }) => [...contents.matchAll(/command:(kgent\.\w+)/g)].map((m) => m[1]));
    const inCode = sources.flatMap(([, text]) => [...text.matchAll(/(?:executeCommand\(|command: )'(kgent\.\w+)'/g)].map((m) => m[1]));
    for (const name of [...inMenus, ...inTexts, ...inCode]) expect(commands).toContain(name);
  });
});

it('names files that exist', () => {
  const { languages, grammars, views, viewsContainers } = contributes;
  const files = [manifest.icon, ...languages.flatMap((l) => [l.configuration, l.icon.light, l.icon.dark]), ...grammars.map((g) => g.path), ...views.kgent.map((v) => v.icon), ...viewsContainers.activitybar.map((v) => v.icon)];
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('has JSON in its grammars', () => {
  for (const [file, text] of readFiles('grammars', '.json')) expect(z.json().safeParse(JSON.parse(text)).success, file).toBe(true);
});
