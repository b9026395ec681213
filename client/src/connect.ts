/** "Kgent: Connect to a target": choose one, connect, remember the choice. */
import * as vscode from 'vscode';
import { printable } from '../../server/src/base/text.ts';
import { connectRequest, targetRowsRequest, type TargetState } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';
import { writeSetting } from './settings.ts';
import { enterDestination } from './targets/add.ts';
import { whileConnecting } from './targets/progress.ts';
import type { TargetStore } from './targets/store.ts';

interface Item extends vscode.QuickPickItem {
  readonly target?: string;
}

const TITLE = 'Kgent: Connect to a target';
const ICONS = { local: 'vm', ssh: 'remote', none: 'package' } as const;
const USE_ANYWAY = 'Use It Anyway';
const TRY_AGAIN = 'Try Again';

export function registerConnect(ctx: Ctx, store: TargetStore): void {
  ctx.command('kgent.connect', async (target?: string) => {
    try {
      const chosen = typeof target === 'string' ? target : await chooseTarget(ctx);
      if (chosen !== undefined) await connect(ctx, store, chosen);
    } catch (error) {
      await ctx.fail(error);
    }
  });
}

async function chooseTarget(ctx: Ctx): Promise<string | undefined> {
  const client = await ctx.client();
  const known = client.sendRequest(targetRowsRequest).then((rows): Item[] => [
    ...rows.map(({ name, detail, kind, current }) => ({ label: `$(${ICONS[kind]}) ${name}`, description: current ? `${detail} (current)` : detail, target: name })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(add) Enter an SSH destination…', description: 'user@host, user@host:port or a name of ~/.ssh/config' },
  ]);
  const item = await ctx.ui.pick(known, { title: TITLE, placeHolder: 'Where programs are checked and run', matchOnDescription: true });
  if (!item) return undefined;
  return item.target ?? enterDestination(ctx, client, TITLE);
}

async function connect(ctx: Ctx, store: TargetStore, target: string): Promise<void> {
  const client = await ctx.client();
  const state = await whileConnecting(store, target, `Kgent: ${target}`, (token) => client.sendRequest(connectRequest, { target }, token));
  if (!state) return;
  if (state.state === 'unusable' && !(await insists(ctx, store, state))) return;
  await writeSetting('target', state.name);
  if (state.state === 'connected') ctx.background(ctx.offer('info', `Programs are now checked and run on ${printable(state.name)}: ${printable(state.summary)}`, []));
}

/** True when the user wants a target that cannot be used now. */
async function insists(ctx: Ctx, store: TargetStore, state: TargetState): Promise<boolean> {
  const chosen = await ctx.ui.tell('error', `${printable(state.name)}: ${printable(state.summary)}`, TRY_AGAIN, USE_ANYWAY);
  if (chosen === TRY_AGAIN) await connect(ctx, store, state.name);
  return chosen === USE_ANYWAY;
}
