/** "Kgent: Add a target": a destination, a name for it, and a first look at it. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { addTargetRequest, judgeTargetRequest, sshHostsRequest, type NewTarget } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { nameFor } from './name.ts';
import type { TargetStore } from './store.ts';

const TITLE = 'Kgent: Add a target';
const ENTER = '$(add) Enter an SSH destination…';

/** The name of the new target, which is saved; undefined when the person went away. */
export async function addTarget(ctx: Ctx, store: TargetStore): Promise<string | undefined> {
  const client = await ctx.client();
  const destination = await askDestination(ctx, client, store);
  if (destination === undefined) return undefined;
  const name = await ask(ctx, client, 'name', {
    prompt: `A short name for ${destination}`,
    value: nameFor(destination, store.rows.map((row) => row.name)),
  });
  if (name === undefined) return undefined;
  await client.sendRequest(addTargetRequest, { name, destination });
  return name;
}

async function askDestination(ctx: Ctx, client: LanguageClient, store: TargetStore): Promise<string | undefined> {
  const hosts = (await client.sendRequest(sshHostsRequest)).filter((host) => !store.row(host));
  if (hosts.length > 0) {
    const items: vscode.QuickPickItem[] = [
      ...hosts.map((label) => ({ label, description: '~/.ssh/config', iconPath: new vscode.ThemeIcon('vm') })),
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: ENTER },
    ];
    const chosen = await ctx.ui.pick(items, { title: TITLE, placeHolder: 'A Linux host on which programs are to be checked and run' });
    if (chosen?.label !== ENTER) return chosen?.label;
  }
  return enterDestination(ctx, client, TITLE);
}

export function enterDestination(ctx: Ctx, client: LanguageClient, title: string): Promise<string | undefined> {
  return ask(ctx, client, 'destination', { title, prompt: 'SSH destination of a Linux host', placeHolder: 'user@host, user@host:port or a name of ~/.ssh/config' });
}

/** The server knows best what is a destination and what a name. */
async function ask(ctx: Ctx, client: LanguageClient, what: keyof NewTarget, options: vscode.InputBoxOptions): Promise<string | undefined> {
  const answer = await ctx.ui.input({
    title: TITLE,
    ignoreFocusOut: true,
    ...options,
    validateInput: (value) => (value.trim() === '' ? '' : client.sendRequest(judgeTargetRequest, { [what]: value.trim() }).then((problem) => problem ?? undefined)),
  });
  return answer?.trim() || undefined;
}
