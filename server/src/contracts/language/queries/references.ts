import { contains, type Span } from '../../../base/span.ts';
import type { Analysis, Reference } from '../../../language/bpftrace/analysis/analysis.ts';
import { checkedName, renameable, renameSpans } from '../../../language/bpftrace/queries/rename.ts';
import { UserError } from '../../../base/error.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { bpftraceContracts } from '../check/bpftrace.ts';
import { cContracts } from '../check/c.ts';
import { clauseAt } from './at.ts';
import { checkedBoundName, nameAt, occurrencesOf, type Occurrence, type Target } from './names.ts';
import { checkedVariableName, placesInCode, variableAt, variableDeclared } from './rename-c.ts';

/** The name at an offset, and where it stands in the program and its contracts. */
export interface Named {
  readonly name: string;
  /** At the offset. */
  readonly span: Span;
  readonly target: Target;
  /** By place. */
  readonly places: readonly Reference[];
}

/** Of a bpftrace program; undefined where there is no name of its own. */
export function namedAt(analysis: Analysis, offset: number): Named | undefined {
  const clauses = bpftraceContracts(analysis);
  const inContract = nameAt(clauses, offset, analysis.symbols.all);
  const sym = inContract ? (inContract.of.kind === 'symbol' ? inContract.of.sym : undefined) : analysis.symbols.at(offset);
  const here = inContract ?? sym?.references.find(({ span }) => contains(span, offset));
  const target: Target | undefined = sym ? { kind: 'symbol', sym } : inContract?.of;
  if (!here || !target) return undefined;
  const places = [...(sym?.references ?? []), ...occurrencesOf(clauses, target).map(reference)];
  return { name: inContract?.name ?? sym?.name ?? '', span: here.span, target, places: places.toSorted((a, b) => a.span.start - b.span.start) };
}

/** Of a BPF C program, from within its contracts: where they name it, and where it is declared. Everything else is clangd's. */
export function namedAtC(analysis: CAnalysis, offset: number): Named | undefined {
  const clauses = cContracts(analysis);
  const here = nameAt(clauses, offset);
  if (!here) return undefined;
  const { name, span, of } = here;
  const declared: Reference[] = of.kind === 'c' ? [{ span: of.declaration, access: 'declare' }] : [];
  return { name, span, target: of, places: [...declared, ...occurrencesOf(clauses, of).map(reference)] };
}

const reference = ({ span, declares }: Occurrence): Reference => ({ span, access: declares ? 'declare' : 'read' });

/** The name to be replaced at an offset. Throws UserError with the reason when it cannot be renamed. */
export function renameAt(analysis: Analysis, offset: number): Named {
  const named = namedAt(analysis, offset);
  if (named?.target.kind === 'bound') return named;
  // What stands in a contract is renamed as where it is declared.
  renameable(analysis, named?.target.kind === 'symbol' ? named.target.sym.definition.start : offset);
  if (!named) throw new UserError('rename', 'There is nothing to rename here.');
  return named;
}

/** Where a new name goes, and how it is written there. Throws UserError when it cannot be one, or is taken. */
export function renamed(analysis: Analysis, { target, places, name, span }: Named, wanted: string): { readonly newText: string; readonly spans: readonly Span[] } {
  if (target.kind !== 'symbol') return { newText: boundName(bpftraceContracts(analysis), { name, span, target }, wanted, analysis.symbols.all), spans: places.map((place) => place.span) };
  const newText = checkedName(analysis, target.sym, wanted);
  const spans = [...renameSpans(analysis, target.sym), ...occurrencesOf(bpftraceContracts(analysis), target).map((occurrence) => occurrence.span)];
  return { newText, spans: spans.toSorted((a, b) => a.start - b.start) };
}

/**
 * What can be renamed in a BPF C program: names of a contract's own, and variables and parameters that contracts name, from there or from code. Undefined for
 * all other code: that is clangd's, which knows nothing of contracts.
 */
export function renameAtC(analysis: CAnalysis, offset: number): Named | undefined {
  const clauses = cContracts(analysis);
  const named = namedAtC(analysis, offset);
  if (named?.target.kind === 'bound') return named;
  const inContract = clauseAt(clauses, offset) !== undefined;
  const variable = named?.target.kind === 'c' ? variableDeclared(analysis, named.target.declaration) : inContract ? undefined : variableAt(analysis, offset);
  if (variable) {
    const target: Target = { kind: 'c', declaration: variable.declaration };
    const inClauses = occurrencesOf(clauses, target);
    const spans = [...placesInCode(variable), ...inClauses.map(({ span }) => span)].toSorted((a, b) => a.start - b.start);
    const here = spans.find((span) => contains(span, offset));
    return here && inClauses.length > 0 ? { name: variable.name, span: here, target, places: spans.map((span) => ({ span, access: 'read' })) } : undefined;
  }
  if (!inContract) return undefined;
  throw new UserError('rename', named ? `${named.name} is no variable of this function: rename it where it is declared, and its contracts say which name they miss.` : 'There is nothing to rename here: only variables of the function and names that the contract itself introduces can be renamed.');
}

export function renamedC(analysis: CAnalysis, { target, places, name, span }: Named, wanted: string): { readonly newText: string; readonly spans: readonly Span[] } {
  const variable = target.kind === 'c' ? variableDeclared(analysis, target.declaration) : undefined;
  const newText = variable ? checkedVariableName(analysis, variable, wanted) : boundName(cContracts(analysis), { name, span, target }, wanted);
  return { newText, spans: places.map((place) => place.span) };
}

function boundName(clauses: Parameters<typeof checkedBoundName>[0], { name, span, target }: Pick<Named, 'name' | 'span' | 'target'>, wanted: string, symbols?: Parameters<typeof checkedBoundName>[3]): string {
  return checkedBoundName(clauses, { name, span, of: target, declares: false }, wanted, symbols);
}
