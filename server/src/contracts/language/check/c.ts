import { nearest } from '../../../base/near.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import { newState } from '../../../language/bpftrace/analysis/analyze.ts';
import type { State } from '../../../language/bpftrace/analysis/check/state.ts';
import type { Types } from '../../../language/bpftrace/analysis/ctypes/preamble.ts';
import { sharedOf } from '../../../language/bpftrace/analysis/shared.ts';
import type { Problem } from '../../../language/bpftrace/problem.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import type { Subject } from '../ast.ts';
import { commentsOfC } from '../comments.ts';
import { readClauses, type Clause } from '../parse/parse.ts';
import { whereInC, type COwner, type CPoint } from '../place/c.ts';
import { judgePlace, type Place } from '../place/place.ts';
import { preambleOf } from './c-preamble.ts';
import { globalsOfC, type Global } from './c-globals.ts';
import { localsOfC, type CLocal } from './c-locals.ts';
import { cHost, typeWritten, type CScope } from './c-names.ts';
import { renamesIn } from './c-renames.ts';
import { checkClause, type CheckedClause } from './clause.ts';

export type CClause = CheckedClause<COwner, CPoint>;

/** Made once for each version of a program. */
const made = new WeakMap<CAnalysis, readonly CClause[]>();

/** The contracts of a BPF C program, in order, with what is surely wrong with them. Never throws. */
export function cContracts(analysis: CAnalysis): readonly CClause[] {
  const known = made.get(analysis) ?? contractsOf(analysis);
  made.set(analysis, known);
  return known;
}

function contractsOf(analysis: CAnalysis): readonly CClause[] {
  const { document } = analysis;
  if (!document.text.includes('//@')) return [];
  const clauses = readClauses(document.text, commentsOfC(document.text), 'c');
  const globals = globalsOfC(document);
  const locals = new Map<COwner['placed'], readonly CLocal[]>();
  const basis = stateFor(analysis);
  const renames = renamesIn(analysis);
  return clauses.map((clause) => {
    const place = judgePlace(clause, whereInC(document, clause.start), 'c');
    const owner = place.kind === 'top' ? undefined : place.owner;
    if (owner && !locals.has(owner.placed)) locals.set(owner.placed, localsOfC(owner.placed));
    const scope: CScope = { analysis, globals, owner, locals: visibleTo(clause, place, (owner && locals.get(owner.placed)) ?? []), invariant: clause.keyword === 'invariant', renamed: (owner && renames.get(owner.fn.name)) ?? new Map() };
    return checkIn(clause, place, scope, basis);
  });
}

function checkIn(clause: Clause, place: Place<COwner, CPoint>, scope: CScope, basis: State): CClause {
  const state = { ...basis, document: { text: scope.analysis.document.text, items: [], comments: [] }, suggestions: { left: 5 } };
  const map = clause.subject && scope.globals.get(clause.subject.name);
  const key = typeWritten({ state }, map?.key);
  return checkClause(clause, place, cHost(scope), state, [key], clause.subject ? subjectProblems(clause.subject, scope.globals) : []);
}

/** bpftrace's checker with the types that a C program has; what is unknown may come from a header, and is never reported. */
function stateFor({ document: program, inventory, declared }: CAnalysis): State {
  const document = preambleOf(program);
  const shared = sharedOf(document, { version: [0, 27], inventory, unsafe: false, targetName: inventory.label }, undefined);
  return newState(document, { ...shared, types: kernelTypes(shared.types, inventory, declared) });
}

function kernelTypes(types: Types, inventory: Inventory, declared: ReadonlySet<string>): Types {
  const own = new Set(types.ownNames);
  // What the program declares and could not be read is not the kernel's.
  const orKernel = <T>(mine: (name: string) => T | undefined, look: (name: string) => T | undefined) => (name: string): T | undefined => (own.has(name) ? mine(name) : declared.has(name) ? undefined : look(name));
  // `struct sock___old` is what CO-RE takes for `struct sock` of another kernel.
  const plain = (name: string): string => name.replace(/___.*$/, '');
  return {
    ...types, includes: true,
    struct: orKernel((name) => types.struct(name), (name) => inventory.types.struct(plain(name))),
    union: orKernel((name) => types.union(name), (name) => inventory.types.union(plain(name))),
    enum: orKernel((name) => types.enum(name), (name) => inventory.types.enum(plain(name))),
    typedef: orKernel((name) => types.typedef(name), (name) => types.typedef(name)),
  };
}

/** Variables that are declared before, in blocks around; on entry and return only parameters are known. */
export function visibleTo(clause: Clause, place: Place<COwner, CPoint>, locals: readonly CLocal[]): readonly CLocal[] {
  return place.kind === 'statement' || place.kind === 'misplaced' ? locals.filter(({ scope, span }) => span.end <= clause.start && scope.start <= clause.start && clause.end <= scope.end) : [];
}

function subjectProblems(subject: Subject, globals: ReadonlyMap<string, Global>): readonly Problem[] {
  const maps = [...globals].flatMap(([name, { kind }]) => (kind === 'map' ? [name] : []));
  const wrong = (message: string): readonly Problem[] => [{ code: 'undefined-map', severity: 'error', message, span: subject.nameSpan, evidence: [], repairs: [] }];
  if (globals.get(subject.name)?.kind !== 'map') {
    const near = nearest(subject.name, maps)[0];
    return wrong(`The program has no map ${subject.name}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
  }
  if (subject.keys?.length === 1) return [];
  return wrong(`Name the key of ${subject.name}: invariant ${subject.name}[k] : ….`);
}
