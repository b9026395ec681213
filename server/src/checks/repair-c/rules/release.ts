import { all, argumentsOf, around, calleeOf, calls, childIn, isStatement, leaves, loopAround, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { before, candidate, instead, insert, withoutStatement, type Candidate, type Edit } from '../edit.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { dropOf, exchanged } from './maps.ts';
import { freshName } from './null.ts';

/** What gives something back that a call gave: by the call, and how it is called with the variable. */
const RELEASES: readonly (readonly [RegExp, string])[] = [
  [/^bpf_ringbuf_reserve$/, 'bpf_ringbuf_discard($, 0)'],
  [/^bpf_ringbuf_reserve_dynptr$/, 'bpf_ringbuf_discard_dynptr($, 0)'],
  [/^bpf_sk(?:c)?_lookup_(?:tcp|udp)$|^bpf_skc_to_/, 'bpf_sk_release($)'],
  [/^bpf_map_lookup_elem$/, 'bpf_sk_release($)'],
  [/^bpf_task_(?:acquire|from_v?pid)/, 'bpf_task_release($)'],
  [/^bpf_cgroup_(?:acquire|from_id|ancestor)/, 'bpf_cgroup_release($)'],
  [/^bpf_cpumask_(?:create|acquire)/, 'bpf_cpumask_release($)'],
  [/^bpf_get_task_exe_file/, 'bpf_put_file($)'],
  [/^bpf_lookup_(?:user|system)_key/, 'bpf_key_put($)'],
  [/^bpf_crypto_ctx_(?:create|acquire)/, 'bpf_crypto_ctx_release($)'],
  [/^bpf_(?:xdp|skb)_ct_(?:lookup|alloc)/, 'bpf_ct_release($)'],
  [/^bpf_(?:obj_new|kptr_xchg)|^bpf_(?:list_pop|rbtree_remove)/, 'bpf_obj_drop($)'],
  [/^bpf_percpu_obj_new/, 'bpf_percpu_obj_drop($)'],
  [/^bpf_iter_(\w+)_new$/, 'bpf_iter_$1_destroy($)'],
];

/** Something that a path keeps: given back before the program leaves there. */
export const released: RepairRule<NeedOf<'released'>> = (s) => {
  const { source, need, fn, rejectedFn } = s;
  const made = calls(source, fn.body, need.madeBy);
  const making = made.find((call) => source.lines.position(call.start).line + 1 === need.madeAtLine) ?? made.at(-1) ?? calls(source, rejectedFn.body, need.madeBy)[0];
  const wrapped = making ? undefined : localMaker(s);
  const call = making ?? wrapped;
  const owner = call && source.functions.find(({ body }) => body.start <= call.start && call.end <= body.end);
  if (!call || !owner) return [];
  const stored = storedInMap(s, call);
  if (stored.length > 0) return stored;
  const dropped = unheld(s, owner, call);
  if (dropped.length > 0) return dropped;
  const held = heldName(source, call, need) ?? need.value.variable;
  const release = held === undefined ? undefined : releaseCall(s, owner, call, held);
  if (held === undefined || release === undefined) return [];
  return [...beforeTailCall(s, owner, held, release), ...overwritten(source, owner, call, held, release), ...ways(s, owner, call, held, release)];
};

/** What is stored in a map's kptr stays there: it is exchanged. */
function storedInMap(s: RepairSituation<NeedOf<'released'>>, call: CNode): Candidate[] {
  const set = around(call, ({ type }) => type === 'assignment_expression');
  const statement = set && around(set, isStatement);
  const field = set && /(?:->|\.)\s*(\w+)$/.exec(s.source.of(childIn(set, 'left') ?? set))?.[1];
  return statement && field !== undefined && new RegExp(`__kptr\\w*[\\s*]+${field}\\b`).test(s.source.text) ? exchanged({ ...s, rejected: statement }) : [];
}

/** A result that nobody keeps gets a name, and is given back at once. */
function unheld(s: RepairSituation<NeedOf<'released'>>, owner: CFunction, call: CNode): Candidate[] {
  const { source } = s;
  const use = around(call.parent, ({ type }) => !/^(?:parenthesized|cast)_expression$/.test(type));
  if (use?.type !== 'expression_statement' || /_(?:dynptr|new)$/.test(s.need.madeBy)) return [];
  const name = freshName(source, owner.body, 'held');
  const release = releaseCall(s, owner, call, name);
  if (release === undefined) return [];
  return [candidate(`Keep what ${calleeOf(source, call)}() gives, and give it back`, instead(source, use, [`__auto_type ${name} = ${source.of(call)};`, '', `if (${name})`, `${source.indent}${release}`]))];
}

/** A tail call does not come back: what is given back behind it is given back before. */
function beforeTailCall({ source, rejected, explanation }: RepairSituation<NeedOf<'released'>>, owner: CFunction, held: string, release: string): Candidate[] {
  if (!/tail_call/.test(explanation.complaint) || calls(source, rejected, 'bpf_tail_call').length === 0) return [];
  const behind = calls(source, owner.body).find((call) => call.start > rejected.end && call.parent?.type === 'expression_statement' && call.parent.parent === rejected.parent && /_(?:submit|discard|release|put|drop|destroy)\w*$/.test(calleeOf(source, call)) && argumentsOf(call).some((arg) => source.of(arg) === held));
  const title = 'Give it back before bpf_tail_call(), which does not come back';
  if (behind?.parent) return [candidate(title, before(source, rejected, [source.of(behind.parent)]), withoutStatement(source, behind.parent))];
  return [candidate(title, before(source, rejected, [release]))];
}

/** The variable is given another value while it holds something: that is given back before. */
function overwritten(source: CSource, owner: CFunction, making: CNode, held: string, release: string): Candidate[] {
  const again = all(owner.body, (node) => node.type === 'assignment_expression' && node.start > making.end && source.of(childIn(node, 'left') ?? node) === held);
  return again.flatMap((node) => {
    const statement = around(node, isStatement);
    return statement?.type === 'expression_statement' ? [candidate(`Call ${release.replace(/\(.*$/, '()')} before \`${held}\` gets another value`, before(source, statement, [`if (${held})`, `${source.indent}${release}`]))] : [];
  });
}

/** The variable that holds it, or the memory that the call was given for it. */
function heldName(source: CSource, call: CNode, { value, madeBy }: NeedOf<'released'>): string | undefined {
  if (/_dynptr$/.test(madeBy)) return argumentText(source, call, -1);
  if (/^bpf_iter_/.test(madeBy)) return argumentText(source, call, 0);
  if (value.variable !== undefined && !/_new$/.test(madeBy)) return value.variable;
  const set = around(call, ({ type }) => type === 'init_declarator' || type === 'assignment_expression');
  const target = set && (childIn(set, 'left') ?? childIn(set, 'declarator'));
  return target ? source.of(target).replace(/^\**\s*/, '') : undefined;
}

function argumentText(source: CSource, call: CNode, at: number): string | undefined {
  const arg = argumentsOf(call).at(at);
  return arg && source.of(arg);
}

function releaseCall({ source, need: { madeBy, releaseWith } }: RepairSituation<NeedOf<'released'>>, owner: CFunction, making: CNode, held: string): string | undefined {
  const known = RELEASES.find(([pattern]) => pattern.test(madeBy));
  const [pattern, text] = known ?? [undefined, undefined];
  const name = madeBy === 'bpf_kptr_xchg' ? dropOf(kptrType(source, owner, making)) : /(\w+)\(\)/.exec(releaseWith ?? '')?.[1];
  // Where nothing is ever handed over, the record is meant to be sent.
  const sends = /ringbuf/.test(madeBy) && !/\bbpf_ringbuf_submit/.test(source.text);
  const call = madeBy !== 'bpf_kptr_xchg' && pattern && text !== undefined ? (pattern.exec(madeBy)?.[1] === undefined ? text : text.replace('$1', pattern.exec(madeBy)?.[1] ?? '')) : name === undefined ? undefined : `${name}($)`;
  return call === undefined ? undefined : `${(sends ? call.replace('discard', 'submit') : call).replace('$', held)};`;
}

/** What lies in the field whose address bpf_kptr_xchg() is given. */
function kptrType(source: CSource, owner: CFunction, making: CNode): string {
  const [field, value] = argumentsOf(making).map((arg) => source.of(arg));
  const member = /(?:->|\.)\s*(\w+)\s*$/.exec(field ?? '')?.[1];
  const declared = member === undefined ? undefined : new RegExp(`([\\w ]+?)\\s+(?:__kptr\\w*\\s*)?\\*?\\s*(?:__kptr\\w*\\s*)?\\*?\\s*${member}\\s*;`).exec(source.text)?.[1]?.trim();
  const alias = declared === undefined ? undefined : new RegExp(`typedef\\s+([\\w ]+?)\\s*\\*?\\s*\\b${declared}\\s*;`).exec(source.text)?.[1];
  return `${declared ?? ''} ${alias ?? ''} ${(value === undefined ? undefined : source.typeOf(owner, value)?.specifiers) ?? ''}`;
}

/** A function of the program that takes something and gives it to its caller. */
function localMaker({ source, fn, need }: RepairSituation<NeedOf<'released'>>): CNode | undefined {
  const makers = source.functions.filter((each) => each !== fn && calls(source, each.body, need.madeBy).length > 0).map(({ item }) => item.name);
  return calls(source, fn.body).find((call) => makers.includes(calleeOf(source, call)));
}

function ways(s: RepairSituation<NeedOf<'released'>>, owner: CFunction, making: CNode, held: string, release: string): Candidate[] {
  const { source, cause, rejected } = s;
  const title = `Call ${release.replace(/\(.*$/, '()')} before the program leaves here`;
  const found: Candidate[] = [];
  for (const statement of [cause, rejected]) {
    const leaving = leavingIn(statement);
    if (leaving && inside(owner, leaving)) found.push(candidate(title, releasedBefore(source, owner, leaving, held, release)));
    const taken = around(making, isStatement);
    const branch = taken?.type === 'if_statement' ? childIn(taken, 'consequence') : undefined;
    const out = branch && leavingIn(branch);
    if (out) found.push(candidate(title, releasedBefore(source, owner, out, held, release)));
  }
  const loop = loopAround(making);
  const block = loop && childIn(loop, 'body');
  if (block?.type === 'compound_statement') found.push(candidate(`Call ${release.replace(/\(.*$/, '()')} before the loop's next turn`, insert(block.end - 1, `${source.indent}if (${held})\n${source.indentAt(block.end - 1)}${source.indent.repeat(2)}${release}\n${source.indentAt(block.end - 1)}`), ));
  const exits = all(owner.body, ({ type }) => type === 'return_statement').filter(({ start }) => start > making.end && !isNullGuard(source, owner, start, held));
  const open = exits.filter((exit) => !alreadyReleased(source, exit, release));
  if (open.length > 0) found.push(candidate(`Call ${release.replace(/\(.*$/, '()')} on every path that leaves`, ...open.map((exit) => releasedBefore(source, owner, exit, held, release))));
  for (const exit of exits.toReversed()) found.push(candidate(title, releasedBefore(source, owner, exit, held, release)));
  const fails = all(owner.body, ({ type }) => type === 'return_statement' || type === 'goto_statement' || type === 'break_statement').filter(({ start }) => start > making.end);
  for (const exit of fails) found.push(candidate(title, releasedBefore(source, owner, exit, held, release)));
  const making2 = around(making, isStatement);
  if (exits.length === 0 && making2) found.push(candidate(title, insert(owner.body.end - 1, `${source.indent}${release}\n`)));
  return found;
}

export function inside({ body }: CFunction, node: CNode): boolean {
  return body.start <= node.start && node.end <= body.end;
}

/** The statement that leaves: itself, or the last one of a branch. */
export function leavingIn(statement: CNode): CNode | undefined {
  if (/^(?:return|goto|break|continue)_statement$/.test(statement.type)) return statement;
  const branch = statement.type === 'if_statement' ? childIn(statement, 'consequence') : statement.type === 'compound_statement' ? statement : undefined;
  if (!branch || !leaves(branch)) return undefined;
  return branch.type === 'compound_statement' ? branch.children.filter((child) => isStatement(child)).at(-1) : branch;
}

/** The value returned is calculated before what it is read from is given back; without a name any value may be read from it. */
export function releasedBefore(source: CSource, fn: CFunction, leaving: CNode, held: string | undefined, release: string): Edit {
  const name = held?.replace(/^[&*(\s]*/, '').match(/^\w+/)?.[0] ?? '\\w';
  const value = leaving.type === 'return_statement' ? leaving.children.find(({ type }) => !/^(?:return|;|comment)$/.test(type)) : undefined;
  if (!value || /^(?:[A-Z_0-9]+|-?\d+)$/.test(source.of(value)) || !new RegExp(`\\b${name}\\b|\\(|->`).test(source.of(value))) return before(source, leaving, [release]);
  const kept = freshName(source, fn.body, 'result');
  return instead(source, leaving, [`${fn.item.macro === undefined ? fn.item.returns.replaceAll(/\b(?:static|inline)\b\s*/g, '').trim() || 'int' : 'int'} ${kept} = ${source.of(value)};`, release, `return ${kept};`]);
}

/** `if (!x) return` has nothing to give back. */
function isNullGuard(source: CSource, fn: CFunction, at: number, held: string): boolean {
  const guard = all(fn.body, (node) => node.type === 'if_statement' && node.start < at && at < node.end).at(-1);
  const condition = guard && childIn(guard, 'condition');
  return condition !== undefined && new RegExp(`^\\(\\s*(?:!\\s*${held}|${held}\\s*==\\s*(?:NULL|0))\\s*\\)$`).test(source.of(condition));
}

/** Whether the statement just before it does so already. */
export function alreadyReleased(source: CSource, exit: CNode, release: string): boolean {
  const name = /^\w+/.exec(release)?.[0] ?? '';
  const other = name.replace('discard', 'submit');
  const earlier = exit.parent?.children.filter((child) => isStatement(child) && child.end <= exit.start) ?? [];
  return earlier.some((statement) => statement.type === 'expression_statement' && new RegExp(`^(?:${name}|${other})\\(`).test(source.of(statement)));
}
