import { nearest } from '../../../base/near.ts';
import type { Analysis, ProbeInfo, Sym } from '../../../language/bpftrace/analysis/analysis.ts';
import { newState } from '../../../language/bpftrace/analysis/analyze.ts';
import type { MapState, Place as HostPlace, State } from '../../../language/bpftrace/analysis/check/state.ts';
import { spaceOf } from '../../../language/bpftrace/analysis/probes/args.ts';
import { rulesOf } from '../../../language/bpftrace/analysis/rules.ts';
import { none, unknown, type BtType } from '../../../language/bpftrace/analysis/types.ts';
import type { Problem, SpanRepair } from '../../../language/bpftrace/problem.ts';
import type { Subject } from '../ast.ts';
import { readClauses, type Clause } from '../parse/parse.ts';
import { whereInBpftrace, type BtOwner, type BtPoint } from '../place/bpftrace.ts';
import { judgePlace, type Place } from '../place/place.ts';
import { bpftraceHost, type Scope } from './bpftrace-names.ts';
import { checkClause, type CheckedClause } from './clause.ts';

export type BtClause = CheckedClause<BtOwner, BtPoint>;

type Names = ReadonlyMap<string, Sym>;

/** Contracts are read as the newest bpftrace reads conditions, whatever the target has: they are proved, not run. */
const NEWEST = rulesOf([0, 27]);

/** Made once for each version of a program: everything an editor asks begins with them. */
const made = new WeakMap<Analysis, readonly BtClause[]>();

/** The contracts of a bpftrace program, in order, with all that is wrong with them. Never throws. */
export function bpftraceContracts(analysis: Analysis): readonly BtClause[] {
  const known = made.get(analysis) ?? contractsOf(analysis);
  made.set(analysis, known);
  return known;
}

function contractsOf(analysis: Analysis): readonly BtClause[] {
  const { document } = analysis;
  const clauses = readClauses(document.text, document.comments, 'bpftrace');
  if (clauses.length === 0) return [];
  const basis = newState(document, analysis.shared);
  const named = (kinds: RegExp): Names => new Map(analysis.symbols.all.flatMap((sym) => (kinds.test(sym.kind) ? [[sym.name, sym] as const] : [])));
  const [maps, words] = [named(/^map$/), named(/^(?:define|enum-member|macro|function)$/)];
  return clauses.map((clause) => {
    const place = judgePlace(clause, whereInBpftrace(document, clause.start), 'bpftrace');
    return checkIn(analysis, clause, place, basis, maps, words);
  });
}

function checkIn(analysis: Analysis, clause: Clause, place: Place<BtOwner, BtPoint>, basis: State, maps: Names, words: Names): BtClause {
  const owner = place.kind === 'top' ? undefined : place.owner;
  const info = analysis.probes.find(({ placed }) => placed === owner?.placed);
  const scope: Scope = { analysis, maps, words, own: analysis.shared.rules, visible: visibleTo(analysis, clause, place), invariant: clause.keyword === 'invariant' };
  const known = new Map([...maps].map(([name, { type, keyType }]): [string, MapState] => [name, { value: type, key: keyType, assigned: true, read: true }]));
  const state: State = { ...basis, rules: NEWEST, maps: known, place: placeOf(basis, owner, info), suggestions: { left: 5 } };
  const { keys, problems } = clause.subject ? subjectOf(clause.subject, maps) : { keys: [], problems: [] };
  return checkClause(clause, place, bpftraceHost(scope), state, keys, problems);
}

function placeOf(state: State, owner: BtOwner | undefined, info: ProbeInfo | undefined): HostPlace {
  if (owner?.node.kind === 'probe' && info) return { probe: owner.node, attachPoints: info.attachPoints, space: spaceOf(info.attachPoints), args: () => info.args };
  return { ...state.place, ...(owner?.node.kind === 'func' ? { func: owner.node } : {}) };
}

/** Variables that have a value where the clause is of; on leaving, those of the outermost block. */
export function visibleTo({ symbols }: Analysis, clause: Clause, place: Place<BtOwner, BtPoint>): readonly Sym[] {
  if (place.kind === 'top' || !place.owner) return [];
  const { placed, node: { body } } = place.owner;
  const offset = place.kind !== 'entry' ? clause.start : placed.start + (clause.keyword === 'ensures' ? body.end - 1 : body.start + 1);
  return symbols.visibleAt(offset).filter(({ kind }) => kind === 'variable' || kind === 'parameter');
}

/** The types of the keys that an invariant names. */
function subjectOf(subject: Subject, maps: Names): { readonly keys: readonly BtType[]; readonly problems: readonly Problem[] } {
  const sym = maps.get(subject.name);
  const wrong = (code: string, message: string, repairs: readonly SpanRepair[] = []): { keys: readonly BtType[]; problems: readonly Problem[] } => ({ keys: [], problems: [{ code, severity: 'error', message, span: subject.nameSpan, evidence: [], repairs }] });
  if (!sym) {
    const near = nearest(subject.name, maps.keys())[0];
    return wrong('undefined-map', `The program has no map ${subject.name}.${near === undefined ? '' : ` Did you mean ${near}?`}`, near === undefined ? [] : [{ title: `Replace with ${near}`, sure: false, edits: [{ span: subject.nameSpan, newText: near }] }]);
  }
  const has = sym.keyType === undefined ? undefined : sym.keyType.kind === 'tuple' ? sym.keyType.elements : sym.keyType === none || sym.keyType.kind === 'none' ? [] : [sym.keyType];
  const named = subject.keys?.length ?? 0;
  // A tuple can be named as one key.
  if (!has || (named === 1 && has.length > 1)) return { keys: [sym.keyType ?? unknown], problems: [] };
  if (has.length === named) return { keys: has, problems: [] };
  const form = has.length === 0 ? subject.name : `${subject.name}[${has.length === 1 ? 'k' : has.map((_, i) => `k${i + 1}`).join(', ')}]`;
  return wrong('map-key-mismatch', `${subject.name} has ${has.length === 0 ? 'no key' : has.length === 1 ? 'one key' : `${has.length} keys`}: write invariant ${form} : ….`);
}

