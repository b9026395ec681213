import { CodeActionKind, CodeActionTriggerKind, type CodeAction, type CodeActionParams, type Diagnostic, type TextEdit } from 'vscode-languageserver/node';
import type { Range } from '../base/range.ts';
import { proved } from '../checks/prove.ts';
import { sureEdits, sureRepair } from '../checks/repairs.ts';
import type { Finding, Repair } from '../checks/finding.ts';
import { refactorings, type Refactoring } from '../language/bpftrace/queries/refactor/refactoring.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Repairs everything that can be repaired surely; editors run it on save when they are told to. */
const FIX_ALL = `${CodeActionKind.SourceFixAll}.kgent`;

/** A person who asked for repairs waits no longer for those that are being tried. */
const PATIENCE_MS = 1500;

const KIND: Readonly<Record<Refactoring['kind'], CodeActionKind>> = { extract: CodeActionKind.RefactorExtract, rewrite: CodeActionKind.RefactorRewrite };

/** Repairs of findings, and changes a person may want. */
export const codeActions: Feature = {
  capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorExtract, CodeActionKind.RefactorRewrite, FIX_ALL] } },
  register({ connection, programs, findings, whole }) {
    /** Who asks by hand waits a moment for repairs that are being tried; the light bulb does not. */
    const tried = async (uri: string, version: number, { range, context }: CodeActionParams): Promise<readonly Finding[]> => {
      const near = (): Finding[] => findings(uri, version).filter((found) => touch(found.range, range));
      // Where nothing is being tried, there is nothing to wait for.
      const waits = context.triggerKind !== CodeActionTriggerKind.Automatic && near().some(({ check, repairs }) => check === 'load' && repairs.every(({ sure }) => !sure));
      if (waits) await whole(uri, PATIENCE_MS);
      return near();
    };
    connection.onCodeAction((params, token) =>
      programs.answer(
        params.textDocument.uri,
        token,
        null,
        async (snapshot): Promise<CodeAction[]> => {
          const found = findings(snapshot.uri, snapshot.version);
          const all = params.context.only?.some((kind) => FIX_ALL.startsWith(kind)) ?? false;
          const near = all ? found : found.filter(({ range }) => touch(range, params.range));
          const sure = await proved(snapshot.text, near, (text) => programs.judge(text, snapshot));
          return [...quickFixes(params, sure), ...(all ? fixAll(params, sure) : []), ...offered(params, snapshot)].filter((action) => wanted(params, action));
        },
        async ({ uri, version }) => {
          const sure = await tried(uri, version, params);
          const all = params.context.only?.some((kind) => FIX_ALL.startsWith(kind)) ?? false;
          return [...quickFixes(params, sure), ...(all ? fixAll(params, findings(uri, version)) : [])].filter((action) => wanted(params, action));
        },
      ),
    );
  },
};

/** An editor that asks for a kind gets it and what is below it. */
function wanted({ context: { only } }: CodeActionParams, { kind = '' }: CodeAction): boolean {
  return only?.some((want) => kind === want || kind.startsWith(`${want}.`)) ?? true;
}

function quickFixes({ textDocument: { uri }, range, context }: CodeActionParams, findings: readonly Finding[]): CodeAction[] {
  return findings.filter((finding) => touch(finding.range, range)).flatMap((finding) => {
    const preferred = sureRepair(finding);
    const diagnostics = context.diagnostics.filter((d) => isOf(d, finding));
    return distinct(finding.repairs).map((repair) => ({
      title: titleOf(repair, finding),
      kind: CodeActionKind.QuickFix,
      ...(diagnostics.length > 0 ? { diagnostics } : {}),
      ...(repair === preferred ? { isPreferred: true } : {}),
      edit: { changes: { [uri]: toEdits(repair) } },
    }));
  });
}

/** What reads alike cannot be chosen between: the first is the most natural one, and what is sure comes before all. */
function distinct(repairs: readonly Repair[]): readonly Repair[] {
  return repairs.filter(({ title }, i) => !repairs.slice(0, i).some((earlier) => earlier.title === title));
}

/** A repair of what the kernel rejects promises that the kernel accepts it: where nobody saw that, it says so. */
function titleOf({ title, sure, trying }: Repair, { check }: Finding): string {
  if (sure || check !== 'load') return title;
  return `${title} (${trying ? 'still being tried' : 'not proved'})`;
}

function fixAll({ textDocument: { uri } }: CodeActionParams, findings: readonly Finding[]): CodeAction[] {
  const edits = sureEdits(findings);
  return edits.length === 0 ? [] : [{ title: 'Repair all that is sure', kind: FIX_ALL, edit: { changes: { [uri]: [...edits] } } }];
}

function offered({ textDocument: { uri }, range, context }: CodeActionParams, snapshot: Snapshot): CodeAction[] {
  const asked = context.only?.some((kind) => kind.startsWith(CodeActionKind.Refactor)) ?? true;
  if (!asked) return [];
  return refactorings(snapshot.analysis(), snapshot.lines.span(range)).map(({ kind, title, edits }) => ({
    title,
    kind: KIND[kind],
    edit: { changes: { [uri]: edits.map(({ span, newText }) => ({ range: snapshot.lines.range(span), newText })) } },
  }));
}

function toEdits({ edits }: Repair): TextEdit[] {
  return edits.map(({ range, newText }) => ({ range, newText }));
}

function touch(a: Range, b: Range): boolean {
  const before = (x: Range['start'], y: Range['start']): boolean => x.line < y.line || (x.line === y.line && x.character <= y.character);
  return before(a.start, b.end) && before(b.start, a.end);
}

function isOf(diagnostic: Diagnostic, { code, range }: Finding): boolean {
  return diagnostic.code === code && diagnostic.range.start.line === range.start.line && diagnostic.range.start.character === range.start.character;
}
