/** What the status bar says. No `vscode` here: tested in plain Node. */
import { printable } from '../../server/src/base/text.ts';
import type { TargetState } from '../../server/src/protocol.ts';
import type { ServerState } from './ctx.ts';

export interface Status {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
  readonly warn: boolean;
}

/** Host text in the status bar: `$(…)` would become an icon. */
function plain(text: string): string {
  return printable(text).replaceAll('$(', '$ (');
}

/** `doing`: what tools do with a program now. */
export function statusOf(server: ServerState, target: TargetState | undefined, doing?: string): Status {
  switch (server) {
    case 'untrusted':
      return { text: '$(shield) Kgent: restricted', tooltip: 'Kgent runs nothing until you trust this workspace. Click to manage trust.', command: 'workbench.trust.manage', warn: false };
    case 'failed':
      return { text: '$(error) Kgent: no server', tooltip: 'The Kgent language server is not running. Click to start it again.', command: 'kgent.restartServer', warn: true };
    case 'stopped':
    case 'starting':
      return { text: '$(sync~spin) Kgent', tooltip: 'The Kgent language server is starting.', command: 'kgent.showLog', warn: false };
    case 'running':
      return target ? statusOfTarget(target, doing) : { text: '$(sync~spin) Kgent', tooltip: 'Kgent asks the target what it is. Click to choose another.', command: 'kgent.connect', warn: false };
  }
}

function statusOfTarget({ name, state, summary, release }: TargetState, doing: string | undefined): Status {
  const base = { command: 'kgent.connect' };
  switch (state) {
    case 'connecting':
      return { ...base, text: `$(sync~spin) ${plain(name)}`, tooltip: `Connecting to ${plain(name)}…`, warn: false };
    case 'unusable':
      return { ...base, text: `$(warning) ${plain(name)}`, tooltip: `${plain(name)} cannot be used: ${plain(summary)}\nClick to connect to a target.`, warn: true };
    case 'connected':
      return { ...base, text: `${doing === undefined ? '$(server)' : '$(sync~spin)'} ${plain(name)}${release ? ` · ${plain(release)}` : ''}`, tooltip: `${doing === undefined ? '' : `Now: ${plain(doing)}\n`}Programs are checked and run on ${plain(name)}: ${plain(summary)}\nClick to connect to another target.`, warn: false };
  }
}
