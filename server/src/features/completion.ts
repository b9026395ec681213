import { CompletionItemKind, CompletionItemTag, InsertTextFormat, MarkupKind, type CompletionItem, type CompletionList } from 'vscode-languageserver/node';
import type { LineIndex } from '../base/line-index.ts';
import { bpftraceContracts } from '../contracts/language/check/bpftrace.ts';
import { cContracts } from '../contracts/language/check/c.ts';
import { completeContract } from '../contracts/language/queries/complete-bpftrace.ts';
import { completeContractC } from '../contracts/language/queries/complete-c.ts';
import { completeC } from '../language/bpfc/queries/complete/complete.ts';
import type { Completion, CompletionKind, Completions } from '../language/bpftrace/queries/complete/completion.ts';
import { complete } from '../language/bpftrace/queries/complete/complete.ts';
import type { ClientFeatures } from './client.ts';
import type { Feature } from './feature.ts';

const KIND: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  probe: CompletionItemKind.Event,
  event: CompletionItemKind.Event,
  module: CompletionItemKind.Module,
  field: CompletionItemKind.Field,
  builtin: CompletionItemKind.Constant,
  function: CompletionItemKind.Function,
  macro: CompletionItemKind.Function,
  map: CompletionItemKind.Class,
  variable: CompletionItemKind.Variable,
  keyword: CompletionItemKind.Keyword,
  type: CompletionItemKind.TypeParameter,
  struct: CompletionItemKind.Struct,
  enum: CompletionItemKind.Enum,
  'enum-member': CompletionItemKind.EnumMember,
  constant: CompletionItemKind.Constant,
  config: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
};

const AGAIN = { proposals: { title: 'Propose', command: 'editor.action.triggerSuggest' }, signature: { title: 'Parameters', command: 'editor.action.triggerParameterHints' } };

/** Proposals while typing. Documentation is made when an item is looked at. */
export const completion: Feature = {
  capabilities: { completionProvider: { triggerCharacters: [':', '.', '>', '@', '$', ' ', '"', '/'], resolveProvider: true } },
  register({ connection, programs, client, described }) {
    // Only the items of the last answer are ever looked at.
    let last: readonly Completion[] = [];
    let answers = 0;
    const shown = ({ items, incomplete }: Completions, lines: LineIndex): CompletionList => {
      last = items;
      answers++;
      return { isIncomplete: incomplete, items: items.map((item, i) => toItem(item, `${answers}:${i}`, lines, client())) };
    };
    connection.onCompletion(({ textDocument, position, context }, token) =>
      programs.answer(
        textDocument.uri,
        token,
        null,
        (snapshot): CompletionList | null => {
          const offset = snapshot.lines.offset(position);
          // Quotes and slashes are for BPF C's sections.
          if (!opens(context?.triggerCharacter, snapshot.text, offset) || context?.triggerCharacter === '"' || context?.triggerCharacter === '/') return null;
          const analysis = snapshot.analysis();
          return shown(completeContract(analysis, bpftraceContracts(analysis), offset) ?? complete(analysis, offset), snapshot.lines);
        },
        ({ analysis, lines }) => {
          const offset = lines.offset(position);
          const contract = completeContractC(analysis, cContracts(analysis), offset);
          if (contract) return opens(context?.triggerCharacter, analysis.document.text, offset) ? shown(contract, lines) : null;
          return context?.triggerCharacter === ' ' ? null : shown(completeC(analysis, offset), lines);
        },
      ),
    );
    connection.onCompletionResolve((item) => {
      const [answer, index] = String(item.data).split(':').map(Number);
      const value = answer === answers ? last[index ?? -1]?.documentation?.(described) : undefined;
      return !value ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
    });
  },
};

/** A space only opens proposals where a type must follow, or the word that begins a contract. */
function opens(trigger: string | undefined, text: string, offset: number): boolean {
  return trigger !== ' ' || /(?:\b(?:struct|union|enum)|\/\/@) $/.test(text.slice(Math.max(0, offset - 8), offset));
}

function toItem(item: Completion, data: string, lines: LineIndex, { snippets, kgent }: ClientFeatures): CompletionItem {
  const snippet = snippets ? item.snippet : undefined;
  return {
    label: item.label,
    kind: KIND[item.kind],
    sortText: `${String(item.rank).padStart(4, '0')}${item.label}`,
    textEdit: { range: lines.range(item.span), newText: snippet ?? item.newText },
    insertTextFormat: snippet === undefined ? InsertTextFormat.PlainText : InsertTextFormat.Snippet,
    data,
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(item.filter === undefined ? {} : { filterText: item.filter }),
    ...(item.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(item.goesOn && kgent ? { command: AGAIN[item.goesOn] } : {}),
  };
}
