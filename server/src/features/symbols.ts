import { SymbolKind, type DocumentSymbol, type SymbolInformation } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import { outlineC } from '../language/bpfc/queries/outline.ts';
import { outline, type OutlineEntry } from '../language/bpftrace/queries/outline.ts';
import type { Feature } from './feature.ts';
import { pathOf, type Outlined } from './workspace.ts';

const KIND: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = {
  probe: SymbolKind.Event,
  macro: SymbolKind.Function,
  function: SymbolKind.Function,
  map: SymbolKind.Variable,
  struct: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  typedef: SymbolKind.Class,
  member: SymbolKind.Field,
  'enum-member': SymbolKind.EnumMember,
  define: SymbolKind.Constant,
  config: SymbolKind.Module,
  'config-key': SymbolKind.Property,
};

/** Most names of one answer for the whole workspace. */
const LIMIT = 500;

/** Probes, macros, maps and types: of one document as a tree, of the whole workspace and all open documents by name. */
export const symbols: Feature = {
  capabilities: { documentSymbolProvider: { label: 'eBPF' }, workspaceSymbolProvider: true },
  register({ connection, programs, workspace, client }) {
    const shown = (outlined: Outlined): DocumentSymbol[] | SymbolInformation[] =>
      client().tree ? outlined.entries.map((entry) => toTree(entry, outlined.lines)) : outlined.entries.flatMap((entry) => flat(entry, outlined));
    connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
      programs.answer(
        uri,
        token,
        null,
        ({ document, lines }) => shown({ uri, lines, entries: outline(document) }),
        ({ analysis, lines }) => shown({ uri, lines, entries: outlineC(analysis.document) }),
      ),
    );
    connection.onWorkspaceSymbol(async ({ query }) => {
      const open = (await programs.all()).map(({ uri, lines, document }): Outlined => ({ uri, lines, entries: outline(document) }));
      const shown = new Set(open.map(({ uri }) => pathOf(uri)));
      // What is typed counts, not what is on disk.
      const all = [...open, ...(await workspace.all()).filter(({ uri }) => !shown.has(pathOf(uri)))];
      return all.flatMap((outlined) => outlined.entries.flatMap((entry) => flat(entry, outlined))).filter(({ name }) => matches(name, query)).slice(0, LIMIT);
    });
  },
};

function toTree(entry: OutlineEntry, lines: LineIndex): DocumentSymbol {
  return {
    name: entry.name,
    ...(entry.detail === '' ? {} : { detail: entry.detail }),
    kind: KIND[entry.kind],
    range: lines.range(entry.span),
    selectionRange: lines.range(entry.nameSpan),
    children: entry.children.map((child) => toTree(child, lines)),
  };
}

function flat(entry: OutlineEntry, from: Pick<Outlined, 'uri' | 'lines'>, container?: string): SymbolInformation[] {
  const { uri, lines } = from;
  const own: SymbolInformation = { name: entry.name, kind: KIND[entry.kind], location: { uri, range: lines.range(entry.nameSpan) }, ...(container === undefined ? {} : { containerName: container }) };
  return [own, ...entry.children.flatMap((child) => flat(child, from, entry.name))];
}

/** The letters of a query in their order, as editors search. */
function matches(name: string, query: string): boolean {
  let at = 0;
  const letters = name.toLowerCase();
  return [...query.toLowerCase()].every((letter) => {
    const found = letters.indexOf(letter, at);
    at = found + 1;
    return found >= 0;
  });
}
