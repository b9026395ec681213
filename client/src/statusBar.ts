/** The current target and its kernel in the status bar; a click connects to another. */
import * as vscode from 'vscode';
import { targetStateNotification, type TargetState } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';
import { statusOf } from './status.ts';

/** What the server told last of the current target. */
export interface CurrentTarget {
  readonly state: () => TargetState | undefined;
  readonly onDidChange: vscode.Event<TargetState>;
}

export function registerStatusBar(ctx: Ctx): CurrentTarget {
  const told = new vscode.EventEmitter<TargetState>();
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
    told.fire(state);
  }));
  ctx.extension.subscriptions.push(item, told, ctx.onServerState((state) => {
    // What the old server knew about its target may no longer hold.
    if (state !== 'running') target = undefined;
    show();
  }));
  show();
  return { state: () => target, onDidChange: told.event };
}
