import type { Span } from '../../../base/span.ts';
import { nothing, RANK, type Completion, type CompletionKind, type Completions } from '../../../language/bpftrace/queries/complete/completion.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { visibleTo, type CClause } from '../check/c.ts';
import { globalsOfC, type Global } from '../check/c-globals.ts';
import { localsOfC } from '../check/c-locals.ts';
import { clauseAt, wordBefore } from './at.ts';
import { keywordItems, memberItems, ownItems, unique, wantedAt } from './complete.ts';

/** From so many letters on, names of the kernel are proposed: there are tens of thousands. */
const ENOUGH_LETTERS = 3;
const LIMIT = 50;

/** What can stand at a place in a contract of a C program; undefined where there is no contract. */
export function completeContractC(analysis: CAnalysis, clauses: readonly CClause[], offset: number): Completions | undefined {
  const checked = clauseAt(clauses, offset);
  if (!checked) return undefined;
  const { text } = analysis.document;
  const wanted = wantedAt(checked, text, offset, wordBefore(text, offset));
  switch (wanted.kind) {
    case 'nothing':
    case 'variable':
    case 'map':
      return nothing;
    case 'keyword': {
      const more = wanted.goesOn ? values(analysis, checked, wanted.span) : nothing;
      return { items: unique([...keywordItems(checked, wanted.span), ...more.items]), incomplete: more.incomplete };
    }
    case 'member':
      return memberItems(checked.typeOf(wanted.object), wanted, 'c', text);
    case 'tag':
      return kernelNames(analysis, wanted.tag, wanted.span, 0);
    case 'value':
      return values(analysis, checked, wanted.span);
  }
}

const KIND: Readonly<Record<Global['kind'], CompletionKind | undefined>> = { map: 'map', global: 'variable', constant: 'constant', function: undefined };

function values(analysis: CAnalysis, checked: CClause, span: Span): Completions {
  const { clause, place } = checked;
  const owner = place.kind === 'top' ? undefined : place.owner;
  const item = (label: string, kind: CompletionKind, detail: string | undefined, rank: number): Completion => ({ label, kind, ...(detail === undefined ? {} : { detail }), span, newText: label, rank });
  const locals = owner ? visibleTo(clause, place, localsOfC(owner.placed)).map(({ name, type }) => item(name, 'variable', type, RANK.local)) : [];
  const params = (owner?.fn.params ?? []).flatMap(({ name, type }) => (name === '' ? [] : [item(name, 'variable', type, RANK.local)]));
  const globals = [...globalsOfC(analysis.document)].flatMap(([name, { kind, value }]) => {
    const as = KIND[kind];
    return as ? [item(name, as, value === '' ? undefined : value, kind === 'map' ? RANK.map : RANK.own)] : [];
  });
  const result = clause.keyword === 'ensures' && owner ? [item('retval', 'variable', owner.fn.returns, RANK.local)] : [];
  const kernel = kernelNames(analysis, 'enumerator', span, ENOUGH_LETTERS);
  return { items: unique([...locals.toReversed(), ...params, ...result, ...globals, ...ownItems(checked, 'c', span, analysis.document.text), ...kernel.items]), incomplete: kernel.incomplete };
}

function kernelNames({ document, inventory }: CAnalysis, kind: 'struct' | 'union' | 'enum' | 'enumerator', span: Span, letters: number): Completions {
  const typed = document.text.slice(span.start, span.end);
  const names = typed.length >= letters ? inventory.types.namesWith(kind, typed, LIMIT) : [];
  const as: CompletionKind = kind === 'enumerator' ? 'enum-member' : kind === 'enum' ? 'enum' : 'struct';
  return { items: names.map((label): Completion => ({ label, kind: as, span, newText: label, rank: RANK.constant })), incomplete: names.length >= LIMIT || (typed.length > 0 && typed.length < letters) };
}
