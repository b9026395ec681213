/** "Kgent: Connect to a target": choose one, connect, remember the choice. */
import * as vscode from 'vscode';
import { printable } from '../../server/src/base/text.ts';
import { connectRequest, listTargetsRequest, type TargetState } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';
import { setting, writeSetting } from './settings.ts';

interface Item extends vscode.QuickPickItem {
  readonly target?: string;
}

const USE_ANYWAY = 'Use It Anyway';
const TRY_AGAIN = 'Try Again';

export function registerConnect(ctx: Ctx): void {
  ctx.command('kgent.connect', async (target?: string) => {
    try {
      const chosen = typeof target === 'string' ? target : await chooseTarget(ctx);
      if (chosen !== undefined) await connect(ctx, chosen);
    } catch (error) {
      await ctx.fail(error);
    }
  });
}

async function chooseTarget(ctx: Ctx): Promise<string | undefined> {
  const client = await ctx.client();
  const current = setting('target', 'local');
  const known = client.sendRequest(listTargetsRequest).then((targets): Item[] => [
    ...targets.map(({ name, detail }) => ({ label: `$(${name === 'local' ? 'vm' : 'remote'}) ${name}`, description: name === current ? `${detail} (current)` : detail, target: name })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(add) Enter an SSH destination…', description: 'user@host, user@host:port or a name of ~/.ssh/config' },
  ]);
  const item = await ctx.ui.pick(known, { title: 'Kgent: Connect to a target', placeHolder: 'Where programs are checked and run', matchOnDescription: true });
  if (!item) return undefined;
  return item.target ?? (await askDestination(ctx));
}

function askDestination(ctx: Ctx): Thenable<string | undefined> {
  return ctx.ui.input({
    title: 'Kgent: Connect to a target',
    prompt: 'SSH destination of a Linux host',
    placeHolder: 'user@host, user@host:port or a name of ~/.ssh/config',
    ignoreFocusOut: true,
    validateInput: (value) => (/^[^\s-]\S*$/.test(value.trim()) ? undefined : 'A destination is one word, for example dev@build-host:2222'),
  }).then((value) => value?.trim());
}

async function connect(ctx: Ctx, target: string): Promise<void> {
  const client = await ctx.client();
  const state = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Kgent: connecting to ${printable(target)}…`, cancellable: true },
    (_, token) => client.sendRequest(connectRequest, { target }, token).then(
      (answer): TargetState | undefined => (token.isCancellationRequested ? undefined : answer),
      (error: unknown) => {
        if (token.isCancellationRequested) return undefined;
        throw error;
      },
    ),
  );
  if (!state) return;
  if (state.state === 'unusable' && !(await insists(ctx, state))) return;
  await writeSetting('target', state.name);
  if (state.state === 'connected') ctx.background(ctx.offer('info', `Programs are now checked and run on ${printable(state.name)}: ${printable(state.summary)}`, []));
}

/** True when the user wants a target that cannot be used now. */
async function insists(ctx: Ctx, state: TargetState): Promise<boolean> {
  const chosen = await ctx.ui.tell('error', `${printable(state.name)}: ${printable(state.summary)}`, TRY_AGAIN, USE_ANYWAY);
  if (chosen === TRY_AGAIN) await connect(ctx, state.name);
  return chosen === USE_ANYWAY;
}
