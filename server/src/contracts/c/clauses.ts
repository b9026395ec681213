import type { CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import type { Cst } from '../../language/bpftrace/syntax/cst.ts';
import type { Span } from '../../base/span.ts';
import type { CClause } from '../language/check/c.ts';
import { conditionText } from '../language/parse/parse.ts';
import type { COwner } from '../language/place/c.ts';
import type { Unsupported } from '../verdict.ts';
import type { Edit } from './edits.ts';
import { NotCompiled, Written, type Enums } from './expression.ts';
import type { LinesOf } from './lines.ts';
import type { Mark, Marks } from './marks.ts';

/** An invariant: its map, and its condition in C over `kgent_key` and `kgent_value`. */
export interface InvariantText {
  readonly map: string;
  readonly condition: string;
  readonly span: Span;
  readonly says: string;
}

export interface ClauseEdits {
  readonly edits: readonly Edit[];
  readonly invariants: readonly InvariantText[];
}

/** What belongs to one function: conditions on entry and on leaving. */
interface Contract {
  readonly owner: COwner;
  readonly requires: CClause[];
  readonly ensures: CClause[];
}

/** Clauses as C at their places. Those that are wrong are left out: findings tell of them. */
export function clauseEdits(analysis: CAnalysis, contracts: readonly CClause[], marks: Marks, lines: LinesOf, unsupported: Unsupported[]): ClauseEdits {
  const { text } = analysis.document;
  const enums: Enums = (name) => analysis.inventory.types.enum(name)?.values().map(({ value }) => value);
  const edits: Edit[] = [];
  const invariants: InvariantText[] = [];
  const functions = new Map<COwner['placed'], Contract>();
  for (const checked of contracts) {
    const { clause, place, problems } = checked;
    if (problems.some(({ severity }) => severity === 'error')) continue;
    const span = { start: clause.expr.start, end: clause.expr.end };
    const says = conditionText(clause, text);
    try {
      if (place.kind === 'statement') {
        const mark: Mark = clause.keyword === 'assume' ? { kind: 'assume', span } : { kind: 'assert', property: 'contract', span, says };
        const [line] = clause.lines;
        const condition = new Written(text, enums, () => '').condition(checked);
        if (line) edits.push({ span: line, before: '', after: '', instead: `${marks.call(mark, `!!(${condition})`)};`, line: lines.line(line.start), optional: false });
      } else if (place.kind === 'entry') {
        const known = functions.get(place.owner.placed) ?? { owner: place.owner, requires: [], ensures: [] };
        functions.set(place.owner.placed, known);
        known[clause.keyword === 'requires' ? 'requires' : 'ensures'].push(checked);
      } else if (place.kind === 'top' && clause.subject) {
        const written = new Written(text, enums, () => '');
        const condition = written.condition(checked);
        if (written.olds.length > 0) throw new NotCompiled('old() in an invariant is not followed in compiled C');
        invariants.push({ map: clause.subject.name, condition, span, says });
      }
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      unsupported.push({ span, what: error.message, only: { property: 'contract', says } });
    }
  }
  for (const contract of functions.values()) edits.push(...functionEdits(analysis, contract, enums, marks, lines, unsupported));
  return { edits, invariants };
}

function functionEdits(analysis: CAnalysis, { owner, requires, ensures }: Contract, enums: Enums, marks: Marks, lines: LinesOf, unsupported: Unsupported[]): readonly Edit[] {
  const { text } = analysis.document;
  const { placed, fn } = owner;
  const { body } = fn;
  if (!body) return [];
  const isProgram = analysis.programs.some((program) => program.placed === placed);
  const written = new Written(text, enums, (index) => `kgent_old${index}`);
  const compiled = (clauses: readonly CClause[], mark: (span: Span, says: string) => Mark): (() => string)[] => clauses.flatMap((checked) => {
    const span = { start: checked.clause.expr.start, end: checked.clause.expr.end };
    try {
      const condition = written.condition(checked);
      return [() => `${marks.call(mark(span, conditionText(checked.clause, text)), `!!(${condition})`)}; `];
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      unsupported.push({ span, what: error.message, only: { property: 'contract', says: conditionText(checked.clause, text) } });
      return [];
    }
  });
  const asserted = (span: Span, says: string): Mark => ({ kind: 'assert', property: 'contract', span, says });
  // Whoever calls a function has to see to what it requires; of a program it is what the kernel grants.
  const entering = compiled(requires, isProgram ? (span) => ({ kind: 'assume', span }) : asserted);
  const leaving = compiled(ensures, asserted);
  const start = placed.start + body.start + 1;
  const olds = written.olds.map((value, i) => `__auto_type kgent_old${i} = (${value}) + 0; `);
  const at = (span: Span, before: string, after: string): Edit => ({ span, before, after, line: lines.line(span.start), optional: false });
  const entry = at({ start, end: start }, ` ${olds.join('')}${entering.map((make) => make()).join('')}`, '');
  return leaving.length === 0 ? [entry] : [entry, ...leavingEdits(owner, () => leaving.map((make) => make()).join(''), at)];
}

function leavingEdits({ placed, fn }: COwner, leaving: () => string, at: (span: Span, before: string, after: string) => Edit): readonly Edit[] {
  const type = fn.returns.replace(/\b(?:static|inline|extern|__\w+)\b(?!\d)/g, (word) => (/^__(?:u|s|be|le)\d+$/.test(word) ? word : ' ')).trim() || 'int';
  const isVoid = type === 'void';
  const inDocument = (node: Span): Span => ({ start: placed.start + node.start, end: placed.start + node.end });
  const edits = returnsIn(placed.item.tree).map((node) => {
    const value = node.children.find(({ type: kind }) => kind !== 'return' && kind !== ';' && kind !== 'comment');
    if (!value || isVoid) return at(inDocument(node), `{ ${leaving()}`, ' }');
    return at(inDocument(value), `({ ${type} kgent_retval = (`, `); ${leaving()}kgent_retval; })`);
  });
  const end = placed.start + (fn.body?.end ?? 0) - 1;
  return isVoid ? [...edits, at({ start: end, end }, leaving(), '')] : edits;
}

function returnsIn(tree: Cst | undefined): readonly Cst[] {
  const found: Cst[] = [];
  const waiting = tree ? [tree] : [];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'return_statement') found.push(node);
    waiting.push(...node.children);
  }
  return found.toSorted((a, b) => a.start - b.start);
}

