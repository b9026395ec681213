import { SymbolKind, type DocumentSymbol, type SymbolInformation } from 'vscode-languageserver/node';
import { outline, type OutlineEntry } from '../language/bpftrace/queries/outline.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

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

/** Probes, macros, maps and types: of one document as a tree, of all open ones by name. */
export const symbols: Feature = {
  capabilities: { documentSymbolProvider: { label: 'bpftrace' }, workspaceSymbolProvider: true },
  register({ connection, programs, client }) {
    connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
      programs.answer(uri, token, null, (snapshot) => {
        const entries = outline(snapshot.document);
        return client().tree ? entries.map((entry) => toTree(entry, snapshot)) : entries.flatMap((entry) => flat(entry, snapshot));
      }),
    );
    connection.onWorkspaceSymbol(async ({ query }) => {
      const all = await programs.all();
      return all.flatMap((snapshot) => outline(snapshot.document).flatMap((entry) => flat(entry, snapshot))).filter(({ name }) => matches(name, query)).slice(0, LIMIT);
    });
  },
};

function toTree(entry: OutlineEntry, snapshot: Snapshot): DocumentSymbol {
  const { lines } = snapshot;
  return {
    name: entry.name,
    ...(entry.detail === '' ? {} : { detail: entry.detail }),
    kind: KIND[entry.kind],
    range: lines.range(entry.span),
    selectionRange: lines.range(entry.nameSpan),
    children: entry.children.map((child) => toTree(child, snapshot)),
  };
}

function flat(entry: OutlineEntry, snapshot: Snapshot, container?: string): SymbolInformation[] {
  const { uri, lines } = snapshot;
  const own: SymbolInformation = { name: entry.name, kind: KIND[entry.kind], location: { uri, range: lines.range(entry.nameSpan) }, ...(container === undefined ? {} : { containerName: container }) };
  return [own, ...entry.children.flatMap((child) => flat(child, snapshot, entry.name))];
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
