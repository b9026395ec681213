import { all, argumentsOf, around, calleeOf, calls, childIn, isStatement, rootOf, type CFunction, type CNode } from '../c-source.ts';
import { after, before, candidate, insert, replace, statementOf, withoutStatement, type Candidate } from '../edit.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { waysOut } from '../leave.ts';
import { declaredKfuncs } from './kfuncs.ts';
import { freshName } from './null.ts';
import { alreadyReleased, inside, leavingIn, releasedBefore } from './release.ts';

type S = RepairSituation<NeedOf<'balanced'>>;

/** A lock, an RCU section, interrupts that are off: opened once, closed before the program leaves, nothing in between that may not be there. */
export const balanced: RepairRule<NeedOf<'balanced'>> = (s) => {
  const { source, need, fn, rejectedFn } = s;
  const [open, close] = [need.open, need.close].map((name) => /\w+/.exec(name)?.[0] ?? '');
  if (open === undefined || close === undefined || close === '') return [];
  const owners = [...new Set([fn, rejectedFn, ...source.functions])];
  const owner = owners.find(({ body }) => open !== '' && calls(source, body, open).length > 0);
  if (owner && /cannot use/.test(s.explanation.complaint)) return atomically(s.source, owner, open, close);
  if (owner) return [...mixedUp(s, owner, open, close), ...closedTwice(s, owner, close), ...closed(s, owner, open, close), ...outside(s, owner, open, close)];
  const closer = owners.find(({ body }) => calls(source, body, close).length > 0);
  return [...(closer && open !== '' ? opened(s, closer, open, close) : []), ...within(s, open, close)];
};

/** Where no lock may be, each addition is made in one piece. */
function atomically(source: S['source'], owner: CFunction, open: string, close: string): Candidate[] {
  const [opening, closing] = [calls(source, owner.body, open)[0], calls(source, owner.body, close).at(-1)].map((call) => call && around(call, isStatement));
  if (!opening || !closing || opening.parent !== closing.parent) return [];
  const between = (opening.parent?.children ?? []).filter((child) => isStatement(child) && child.start > opening.start && child.end < closing.end && child !== closing);
  const atomic = between.map((statement) => {
    const m = /^(?:(.+?)\s*([+-])=\s*([^;]+)|(.+?)(\+\+|--)|(\+\+|--)(.+?));$/s.exec(source.of(statement));
    if (!m) return undefined;
    const [, left, sign, by, before, twice, first, behind] = m;
    const minus = sign === '-' || (twice ?? first) === '--';
    return replace(statement, `__sync_fetch_and_add(&${left ?? before ?? behind ?? ''}, ${minus ? '-' : ''}${by === undefined ? '1' : minus ? `(${by})` : by});`);
  });
  const changed = atomic.flatMap((edit) => edit ?? []);
  if (atomic.length === 0 || changed.length !== atomic.length) return [];
  // A map whose values have a lock is refused too: its place stays, for programs that know the layout.
  const members = [...source.text.matchAll(/\bstruct\s+bpf_spin_lock(?=\s+\w+\s*;)/g)].map(({ index, 0: text }) => replace({ start: index, end: index + text.length }, '__u32'));
  const only = source.functions.reduce((sum, { body }) => sum + calls(source, body, open).length, 0) === 1;
  return [candidate('Add atomically: programs of this type cannot take locks', withoutStatement(source, opening), ...changed, withoutStatement(source, closing), ...(only ? members : []))];
}

/** The second lock was meant to be the unlock, or the unlock is of another lock. */
function mixedUp({ source, rejected, rejectedFn, explanation }: S, owner: CFunction, open: string, close: string): Candidate[] {
  if (owner !== rejectedFn && !calls(source, rejectedFn.body, open).length) return [];
  const opens = calls(source, owner.body, open);
  const again = calls(source, rejected, open)[0];
  const found: Candidate[] = [];
  const callee = again && childIn(again, 'function');
  if (callee && opens.some(({ start }) => start < again.start)) found.push(candidate(`Call ${close}() here: ${open}() was called before`, replace(callee, close)));
  const closing = calls(source, rejected, close)[0];
  const last = closing && opens.findLast(({ start }) => start < closing.start);
  const [is, was] = [closing, last].map((call) => call && childIn(call, 'arguments'));
  if (is && was && source.of(is) !== source.of(was) && /different|order|acquire|restore/i.test(explanation.complaint)) found.push(candidate(`Close what was opened last, \`${source.of(was).slice(1, -1)}\``, replace(is, source.of(was))));
  return found;
}

/** An earlier call closed it already: the program leaves there, or leaves that to the later call. */
function closedTwice({ source, rejected, explanation }: S, owner: CFunction, close: string): Candidate[] {
  if (!/unmatched|without|not (?:held|taken)|initialized/i.test(explanation.complaint)) return [];
  return calls(source, owner.body, close).filter(({ end }) => end < rejected.start).toReversed().flatMap((early) => {
    const statement = around(early, isStatement);
    if (statement?.type !== 'expression_statement') return [];
    const branch = around(statement.parent, ({ type }) => type === 'if_statement');
    const leave = branch ? waysOut(source, owner, statement).filter((way) => way.startsWith('return')).map((way) => candidate(`Leave behind ${close}()`, after(source, statement, [way]))) : [];
    const straight = statement.parent !== undefined && rejected.type === 'expression_statement' && statement.parent === rejected.parent;
    if (straight) return [candidate(`Call ${close}() once: it was called before`, withoutStatement(source, rejected))];
    return [...leave, candidate(`Call ${close}() once: it is called again behind`, withoutStatement(source, statement))];
  });
}

/** Closed where the program leaves with it open, and at the end of a function that returns nothing. */
function closed(s: S, owner: CFunction, openName: string, name: string): Candidate[] {
  const { source, cause, rejected } = s;
  const open = calls(source, owner.body, openName)[0];
  if (!open) return [];
  const args = argumentsOf(open).map((arg) => source.of(arg)).join(', ');
  const close = `${name}(${args});`;
  const title = `Call ${name}() before the program leaves here`;
  const exits = all(owner.body, ({ type }) => type === 'return_statement').filter(({ start }) => start > open.end);
  const left = exits.filter((exit) => !alreadyReleased(source, exit, close));
  const first = [cause, rejected].flatMap((statement) => leavingIn(statement) ?? []).filter((node) => inside(owner, node) && node.start > open.end && !alreadyReleased(source, node, close));
  const found = [...new Set([...first, ...left])].map((exit) => candidate(title, releasedBefore(source, owner, exit, args || undefined, close)));
  if (left.length > 1) found.splice(first.length, 0, candidate(`Call ${name}() on every path that leaves`, ...left.map((exit) => releasedBefore(source, owner, exit, args || undefined, close))));
  const block = around(open, ({ type }) => type === 'compound_statement');
  const last = block?.children.findLast((child) => isStatement(child));
  if (last && calls(source, owner.body, name).every(({ start }) => start < open.start) && !/^(?:return|goto|break|continue)_statement$/.test(last.type)) found.push(candidate(`Call ${name}() at the end of the block`, after(source, last, [close])));
  return found;
}

/** A call that is not allowed in between goes before it, or behind. */
function outside({ source, rejected, rejectedFn }: S, owner: CFunction, openName: string, name: string): Candidate[] {
  const closing = calls(source, owner.body, name).find(({ start }) => start > rejected.start);
  const held = closing && around(closing, isStatement);
  const opening = calls(source, owner.body, openName).findLast(({ start }) => start < rejected.start);
  const begin = opening && statementOf(opening);
  if (owner !== rejectedFn || !held || !begin) return [];
  const object = argumentsOf(opening)[0];
  const root = object && rootOf(object.type === 'pointer_expression' ? (childIn(object, 'argument') ?? object) : object);
  const inner = calls(source, rejected).filter((call) => ![openName, name].includes(calleeOf(source, call)) && call.parent?.type !== 'expression_statement');
  const found = inner.filter((call) => root === undefined || !new RegExp(`\\b${source.of(root)}\\b`).test(source.of(call))).map((call) => {
    const value = freshName(source, owner.body, 'value');
    return candidate(`Call ${calleeOf(source, call)}() before ${openName}()`, before(source, begin, [`__auto_type ${value} = ${source.of(call)};`]), replace(call, value));
  });
  if (rejected.type === 'expression_statement' && rejected.end <= held.start) {
    found.push(candidate(`Do this behind ${name}()`, withoutStatement(source, rejected), after(source, held, [source.of(rejected)])));
  }
  return found;
}

/** What is closed was never opened: before the first statement of the block. */
function opened({ source }: S, owner: CFunction, open: string, close: string): Candidate[] {
  const closing = calls(source, owner.body, close)[0];
  const block = closing && around(closing, ({ type }) => type === 'compound_statement');
  const list = closing && childIn(closing, 'arguments');
  if (!block || !list) return [];
  const statements = block.children.filter((child) => isStatement(child) && child.start < closing.start);
  const last = statements.findLast(({ type }) => type === 'declaration' || type === 'if_statement');
  const places = [statements.find(({ start }) => last === undefined || start > last.start), statements[0]].flatMap((place) => place ?? []);
  return [...new Set(places)].map((place) => candidate(`Call ${open}() before`, before(source, place, [`${open}${source.of(list)};`]), ...declared(source, open)));
}

/** What needs the section gets one around it. */
function within({ source, rejected }: S, open: string, close: string): Candidate[] {
  if (open !== 'bpf_rcu_read_lock') return [];
  return section(source, rejected, rejected, open, close);
}

function section(source: S['source'], from: CNode, to: CNode, open: string, close: string): Candidate[] {
  const exits = all(to.parent ?? to, ({ type }) => type === 'return_statement').filter(({ start }) => start > from.start);
  const title = `Put it between ${open}() and ${close}()`;
  const narrow = /^(?:expression_statement|declaration)$/.test(to.type) ? [candidate(title, before(source, from, [`${open}();`]), after(source, to, [`${close}();`]), ...declared(source, open), ...declared(source, close))] : [];
  const fn = source.functions.find(({ body }) => body.start <= from.start && from.end <= body.end);
  const wide = fn && exits.length > 0 ? [candidate(title, before(source, from, [`${open}();`]), ...exits.map((exit) => releasedBefore(source, fn, exit, undefined, `${close}();`)), ...declared(source, open), ...declared(source, close))] : [];
  return [...narrow, ...wide];
}

/** An argument that RCU must protect: the section begins where it is read. */
export function rcuSection({ source, rejected, rejectedFn, need }: RepairSituation<NeedOf<'argument'>>): Candidate[] {
  const name = need.value.variable;
  const making = name === undefined ? undefined : source.local(rejectedFn, name)?.declaration;
  const assigned = name === undefined ? undefined : all(rejectedFn.body, (node) => node.type === 'assignment_expression' && source.of(childIn(node, 'left') ?? node) === name && node.end <= rejected.start).at(-1);
  const from = (assigned && around(assigned, isStatement)) ?? (making && source.local(rejectedFn, name)?.value ? making : undefined) ?? rejected;
  const ended = calls(source, rejectedFn.body, 'bpf_rcu_read_unlock').find((call) => call.start > from.start && call.end < rejected.start)?.parent;
  const later = ended?.type === 'expression_statement' && ended.parent === rejected.parent && /^(?:expression_statement|declaration)$/.test(rejected.type) ? [candidate('End the section behind the last use', withoutStatement(source, ended), after(source, rejected, [source.of(ended)]))] : [];
  return [...later, ...section(source, from, rejected, 'bpf_rcu_read_lock', 'bpf_rcu_read_unlock')];
}

function declared(source: S['source'], name: string): ReturnType<typeof insert>[] {
  return /^bpf_rcu_read_(?:un)?lock$/.test(name) ? declaredKfuncs(source, [`void ${name}(void)`]) : [];
}
