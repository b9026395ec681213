import type { Analysis, ProbeInfo } from '../../../language/bpftrace/analysis/analysis.ts';
import { nothing, type Completion, type Completions } from '../../../language/bpftrace/queries/complete/completion.ts';
import { completeExpression, completeSigil } from '../../../language/bpftrace/queries/complete/names.ts';
import { completeTag } from '../../../language/bpftrace/queries/complete/types.ts';
import { visibleTo, type BtClause } from '../check/bpftrace.ts';
import { PURE } from '../check/bpftrace-names.ts';
import { clauseAt, wordBefore } from './at.ts';
import { keywordItems, memberItems, ownItems, unique, wantedAt } from './complete.ts';

/** What can stand at a place in a contract of a bpftrace program; undefined where there is no contract. */
export function completeContract(analysis: Analysis, clauses: readonly BtClause[], offset: number): Completions | undefined {
  const checked = clauseAt(clauses, offset);
  if (!checked) return undefined;
  const { text } = analysis.document;
  const wanted = wantedAt(checked, text, offset, wordBefore(text, offset));
  const here = asIfInside(analysis, checked);
  switch (wanted.kind) {
    case 'nothing':
      return nothing;
    case 'keyword': {
      const keywords = keywordItems(checked, wanted.span);
      const more = wanted.goesOn ? values(here, checked, wanted.span) : nothing;
      return { items: unique([...keywords, ...more.items]), incomplete: more.incomplete };
    }
    case 'member':
      return memberItems(checked.typeOf(wanted.object), wanted, 'bpftrace', text);
    case 'tag':
      return completeTag(wanted.tag, wanted.span, analysis);
    case 'variable':
    case 'map':
      return completeSigil(wanted.kind, wanted.span, here);
    case 'value':
      return values(here, checked, wanted.span);
  }
}

function values(analysis: Analysis, checked: BtClause, span: { readonly start: number; readonly end: number }): Completions {
  const host = completeExpression({ kind: 'expression', span, statement: false, call: undefined, cast: true }, analysis);
  const items = host.items.filter((item) => allowed(item, checked));
  return { items: unique([...ownItems(checked, 'bpftrace', span, analysis.document.text), ...items]), incomplete: host.incomplete };
}

/** Only what gives a value; between probes there is neither a builtin nor a variable. */
function allowed({ kind, label }: Completion, { clause }: BtClause): boolean {
  if (kind === 'function') return PURE.has(label);
  return kind !== 'macro' && !(clause.keyword === 'invariant' && (kind === 'builtin' || (kind === 'variable' && label.startsWith('$'))));
}

/** The analysis as it is seen from the probe a clause is of, which stands beside it. */
function asIfInside(analysis: Analysis, { clause, place }: BtClause): Analysis {
  const owner = place.kind === 'top' ? undefined : place.owner;
  const info = owner && analysis.probes.find(({ placed }) => placed === owner.placed);
  const whole = { start: 0, end: analysis.document.text.length };
  const probes: readonly ProbeInfo[] = info ? [{ ...info, placed: { ...info.placed, ...whole } }] : [];
  const visible = [...analysis.symbols.all.filter(({ kind }) => kind === 'map' || kind === 'define' || kind === 'enum-member'), ...visibleTo(analysis, clause, place)];
  return { ...analysis, probes, symbols: { all: analysis.symbols.all, at: (offset) => analysis.symbols.at(offset), visibleAt: () => visible } };
}
