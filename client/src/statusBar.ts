/** The current target and its kernel in the status bar; a click connects to another. */
import * as vscode from 'vscode';
import { targetStateNotification, type TargetState } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';
import { statusOf } from './status.ts';

export function registerStatusBar(ctx: Ctx): void {
  const item = vscode.window.createStatusBarItem('kgent.target', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Kgent target';
  let target: TargetState | undefined;

  const show = (): void => {
    // No eBPF program was opened yet: nothing to tell.
    if (ctx.serverState === 'stopped') return item.hide();
    const { text, tooltip, command, warn } = statusOf(ctx.serverState, target);
    item.text = text;
    item.tooltip = tooltip;
    item.command = command;
    item.backgroundColor = warn ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.accessibilityInformation = { label: `Kgent target: ${tooltip}`, role: 'button' };
    item.show();
  };

  ctx.onClient((client) => client.onNotification(targetStateNotification, (state) => {
    target = state;
    show();
  }));
  ctx.extension.subscriptions.push(item, ctx.onServerState((state) => {
    // What the old server knew about its target may no longer hold.
    if (state !== 'running') target = undefined;
    show();
  }));
  show();
}
