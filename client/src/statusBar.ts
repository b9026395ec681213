/** The current target and its kernel in the status bar; a click connects to another. */
import * as vscode from 'vscode';
import { checkingNotification, targetStateNotification, type TargetState } from '../../server/src/protocol.ts';
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
  const doings = new Doings(() => show());

  const show = (): void => {
    // No eBPF program was opened yet: nothing to tell.
    if (ctx.serverState === 'stopped') return item.hide();
    const { text, tooltip, command, warn } = statusOf(ctx.serverState, target, doings.text());
    item.text = text;
    item.tooltip = tooltip;
    item.command = command;
    item.backgroundColor = warn ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.accessibilityInformation = { label: `Kgent target: ${tooltip}`, role: 'button' };
    item.show();
  };

  ctx.onClient((client) => [
    client.onNotification(targetStateNotification, (state) => {
      target = state;
      show();
      told.fire(state);
    }),
    client.onNotification(checkingNotification, ({ uri, doing }) => doings.put(uri, doing)),
  ]);
  ctx.extension.subscriptions.push(item, told, doings, ctx.onServerState((state) => {
    // What the old server knew about its target may no longer hold.
    if (state !== 'running') {
      target = undefined;
      doings.clear();
    }
    show();
  }));
  show();
  return { state: () => target, onDidChange: told.event };
}

/** What is quicker than this is not shown: the bar would flicker with every pause in typing. */
const SHOWN_AFTER_MS = 500;

/** What tools do with programs, as far as it takes long enough to be told. */
class Doings implements vscode.Disposable {
  readonly #of = new Map<string, { readonly doing: string; readonly since: number }>();
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  put(uri: string, doing: string | null): void {
    const known = this.#of.get(uri);
    if (doing === null) this.#of.delete(uri);
    else this.#of.set(uri, { doing, since: known?.since ?? Date.now() });
    this.#changed();
    this.#awaitLong();
  }

  #awaitLong(): void {
    if (this.#timer || this.#long().length === this.#of.size) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#changed();
      this.#awaitLong();
    }, SHOWN_AFTER_MS);
  }

  #long(): readonly (readonly [string, { readonly doing: string }])[] {
    return [...this.#of].filter(([, { since }]) => Date.now() - since >= SHOWN_AFTER_MS);
  }

  text(): string | undefined {
    const long = this.#long();
    return long.length === 0 ? undefined : long.map(([uri, { doing }]) => `${doing} of ${vscode.Uri.parse(uri).path.split('/').at(-1) ?? ''}`).join(', ');
  }

  clear(): void {
    this.#of.clear();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
