/** "Kgent: Check on all connected targets": one program, every kernel at once. */
import * as vscode from 'vscode';
import { UserError } from '../../../server/src/base/error.ts';
import { checkOnTargetsRequest } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { programOf } from '../program.ts';
import { whileWaiting } from './progress.ts';
import { groupsOf, verdictOf, type ReportLine } from './reports.ts';
import type { TargetStore } from './store.ts';

interface Item extends vscode.QuickPickItem {
  readonly range?: ReportLine['range'];
}

const ICONS: Readonly<Record<ReportLine['icon'], vscode.ThemeIcon>> = {
  passed: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  info: new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground')),
  skipped: new vscode.ThemeIcon('debug-step-over', new vscode.ThemeColor('testing.iconSkipped')),
  difference: new vscode.ThemeIcon('diff'),
};

export async function checkOnTargets(ctx: Ctx, store: TargetStore): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) throw new UserError('no-program', 'Open a bpftrace (.bt) or BPF C (.bpf.c) program first.');
  const program = programOf(document);
  const client = await ctx.client();
  const targets = store.rows.filter(({ state, kind }) => state === 'connected' && kind !== 'none').map(({ name }) => name);
  if (targets.length === 0) throw new UserError('target', 'No target is connected: connect to one in the sidebar.');
  const answer = await whileWaiting(`Kgent: checking on ${targets.join(', ')}`, (token) => client.sendRequest(checkOnTargetsRequest, { ...program, targets }, token));
  if (!answer) return;
  const items = groupsOf(answer.reports, answer.differences).flatMap(({ heading, lines }): Item[] => [{ label: heading, kind: vscode.QuickPickItemKind.Separator }, ...lines.map(itemOf)]);
  const chosen = await ctx.ui.pick(items, { title: `${document.uri.path.split('/').at(-1) ?? ''}: ${verdictOf(answer.reports)}`, placeHolder: 'Choose a problem to go to it', matchOnDetail: true, ignoreFocusOut: true });
  if (chosen?.range) await goTo(document, chosen.range);
}

function itemOf({ icon, label, description, detail, range }: ReportLine): Item {
  return { label, iconPath: ICONS[icon], ...(description === undefined ? {} : { description }), ...(detail === undefined ? {} : { detail }), ...(range ? { range } : {}) };
}

async function goTo(document: vscode.TextDocument, { start, end }: NonNullable<ReportLine['range']>): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(document, { selection });
}
