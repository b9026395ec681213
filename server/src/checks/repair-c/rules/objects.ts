import { all, argumentsOf, around, bareExpression, calleeOf, calls, childIn, isStatement, loopAround, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { after, before, candidate, insert, replace, statementOf, withoutStatement, type Candidate } from '../edit.ts';
import { waysOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { declaredKfuncs } from './kfuncs.ts';
import { freshName } from './null.ts';
import { movedToMap } from './stack-limit.ts';

type S = RepairSituation<NeedOf<'argument'>>;

/** What sets an iterator or dynptr up, and what ends an object's life. */
const MAKES = /^bpf_(?:iter_\w+_new|dynptr_from_\w+|ringbuf_reserve_dynptr|dynptr_clone)$/;
const ENDS = /^bpf_\w*(?:_destroy|_release|_submit(?:_dynptr)?|_discard(?:_dynptr)?|_put|_drop(?:_impl)?|put_file|key_put)$/;
const OBJECT = /\bstruct\s+bpf_(?:dynptr|iter_\w+)\b/;
/** What takes a reference of one's own to what was only lent. */
const ACQUIRES: Readonly<Record<string, string>> = { bpf_task_release: 'bpf_task_acquire', bpf_cgroup_release: 'bpf_cgroup_acquire', bpf_cpumask_release: 'bpf_cpumask_acquire' };

/** Iterators, dynptrs and references that are used before their life begins, after its end, or begun again within it. */
export const objectLife: RepairRule<NeedOf<'argument'>> = (s) => {
  const { source, rejected, rejectedFn, need } = s;
  const call = calls(source, rejected, need.callee)[0] ?? calls(source, rejected)[0];
  if (!call) return [];
  const callee = calleeOf(source, call);
  const name = objectOf(source, rejectedFn, call) ?? need.value.variable;
  if (name === undefined) return [];
  if (/_from_mem$/.test(callee)) return ownMemory(s, call);
  if (MAKES.test(callee)) return [...inAnotherVariable(s, call, name), ...endedFirst(s, call, name)];
  return [...endedBefore(s, call, name), ...elseLeaves(s, call, name), ...(ENDS.test(callee) ? acquiredFirst(s, call, name) : [])];
};

/** The iterator or dynptr whose address (or pointer) a call is given. */
function objectOf(source: CSource, fn: CFunction, call: CNode): string | undefined {
  const names = argumentsOf(call).map((arg) => source.of(bareExpression(arg)).replace(/^&\s*/, ''));
  return names.find((name) => /^\w+$/.test(name) && OBJECT.test(source.typeOf(fn, name)?.specifiers ?? ''));
}

/** Calls that are given a variable or its address. */
function given(source: CSource, body: CNode, name: string, callee: RegExp): CNode[] {
  return calls(source, body).filter((call) => callee.test(calleeOf(source, call)) && argumentsOf(call).some((arg) => new RegExp(`^&?\\s*${name}$`).test(source.of(bareExpression(arg)))));
}

/** Its life ended at an earlier call: the program leaves there, or leaves the ending to the later call. */
function endedBefore(s: S, call: CNode, name: string): Candidate[] {
  const { source, rejectedFn } = s;
  return given(source, rejectedFn.body, name, ENDS).filter((each) => each.start !== call.start && (each.start < call.start || loopAround(each) === loopAround(call))).toReversed().flatMap((early) => {
    const statement = around(early, isStatement);
    const loop = loopAround(early);
    if (statement?.type !== 'expression_statement') return [];
    const what = calleeOf(source, early);
    // Outside the loop it is ended once more: leaving the loop is enough.
    const ends = ENDS.test(calleeOf(source, call)) || given(source, rejectedFn.body, name, ENDS).some(({ start }) => loop !== undefined && start > loop.end);
    const breaks = loop && ends ? [candidate(`Leave the loop here: ${what}() is called behind it`, replace(statement, 'break;'))] : [];
    const inBranch = around(statement.parent, ({ type }) => type === 'if_statement') !== undefined;
    const leaves = inBranch ? waysOut(source, rejectedFn, statement).filter((way) => way.startsWith('return')).map((way) => candidate(`Leave behind ${what}(): it is gone then`, after(source, statement, [way]))) : [];
    const straight = statement.parent === s.rejected.parent && early.start < call.start && ENDS.test(calleeOf(source, call)) && s.rejected.type === 'expression_statement';
    if (straight) return [candidate(`Call ${what}() once: it was called before`, withoutStatement(source, s.rejected))];
    const later = ENDS.test(calleeOf(source, call)) ? [candidate(`Call ${what}() once: it is called again behind`, withoutStatement(source, statement))] : [];
    return [...breaks, ...leaves, ...later, ...endedLater(s, statement)];
  });
}

/** What ends it moves behind the use. */
function endedLater({ source, rejected }: S, ending: CNode): Candidate[] {
  if (rejected.type !== 'expression_statement' || ending.parent !== rejected.parent || ending.start > rejected.start) return [];
  return [candidate(`Do \`${source.of(ending)}\` behind the last use`, withoutStatement(source, ending), after(source, rejected, [source.of(ending)]))];
}

/** Where the branch that sets it up is not taken, there is nothing to go on with. */
function elseLeaves({ source, rejectedFn }: S, call: CNode, name: string): Candidate[] {
  return given(source, rejectedFn.body, name, MAKES).filter(({ start }) => start < call.start).flatMap((making) => {
    const guard = around(making, ({ type, field }) => type === 'if_statement' && field !== 'condition');
    const consequence = guard && childIn(guard, 'consequence');
    if (!guard || !consequence || making.start < consequence.start || call.start < guard.end || childIn(guard, 'alternative')) return [];
    const indent = source.indentAt(guard.start);
    const braces = consequence.type === 'compound_statement';
    return waysOut(source, rejectedFn, guard).map((way) => candidate(`Leave where \`${name}\` was not set up`, insert(guard.end, braces ? ` else {\n${indent}${source.indent}${way}\n${indent}}` : `\n${indent}else\n${indent}${source.indent}${way}`)));
  });
}

/** The second object gets a variable of its own. */
function inAnotherVariable({ source, rejectedFn: fn }: S, making: CNode, name: string): Candidate[] {
  const type = source.typeOf(fn, name);
  const statement = statementOf(making);
  const block = around(statement?.parent, ({ type: kind }) => kind === 'compound_statement');
  if (!type || !statement || !block || !OBJECT.test(type.specifiers)) return [];
  const fresh = freshName(source, fn.body, `${name}_inner`);
  const title = `Use a variable of its own for what ${calleeOf(source, making)}() sets up here`;
  if (type.pointers > 0) return [candidate(title, before(source, statement, [`${type.specifiers} ${fresh};`, `${name} = &${fresh};`]))];
  const first = given(source, fn.body, name, MAKES).find(({ start }) => start < making.start);
  const nested = first !== undefined && (first.start < block.start || first.end > block.end);
  const end = nested ? block.end : (given(source, block, name, ENDS).find(({ start }) => start > making.start)?.end ?? block.end);
  const uses = all(block, (node) => node.type === 'identifier' && source.of(node) === name && node.start >= statement.start && node.end <= end);
  return [candidate(title, before(source, statement, [`${type.specifiers} ${fresh};`]), ...uses.map((node) => replace(node, fresh)))];
}

/** What is there is given back before the next one takes its place. */
function endedFirst({ source, rejectedFn }: S, making: CNode, name: string): Candidate[] {
  const ending = given(source, rejectedFn.body, name, ENDS).at(-1);
  const statement = statementOf(making);
  if (!ending || !statement) return [];
  return [candidate(`Call ${calleeOf(source, ending)}() before \`${name}\` is set up anew`, before(source, statement, [`${source.of(ending).replace(/submit_dynptr/, 'discard_dynptr')};`]))];
}

/** A dynptr lies over a map's value, never over the stack. */
function ownMemory({ source, rejectedFn }: S, call: CNode): Candidate[] {
  const arg = argumentsOf(call)[0];
  const bare = arg && bareExpression(arg);
  const words = bare ? source.of(bare).replace(/^&\s*/, '') : '';
  const local = source.local(rejectedFn, words);
  const behind = local?.pointers === 1 && local.value ? /^&\s*(\w+)$/.exec(source.of(bareExpression(local.value)))?.[1] : words;
  const memory = source.local(rejectedFn, behind);
  return memory && memory.pointers === 0 ? movedToMap(source, rejectedFn, memory) : [];
}

/** What was only lent is taken as one's own before it is given back. */
function acquiredFirst({ source, rejectedFn, context }: S, call: CNode, name: string): Candidate[] {
  const acquire = ACQUIRES[calleeOf(source, call)];
  const type = source.typeOf(rejectedFn, name);
  const statement = statementOf(call);
  const arg = argumentsOf(call)[0];
  if (acquire === undefined || !type || !statement || !arg || context.kfunc?.(acquire) !== true) return [];
  const fresh = freshName(source, rejectedFn.body, 'own');
  const plain = type.specifiers.replaceAll(/\bconst\b\s*/g, '');
  return [candidate(`Take a reference with ${acquire}() before it is given back`, before(source, statement, [`${plain} *${fresh} = ${acquire}(${source.of(arg)});`, '', `if (!${fresh})`, `${source.indent}${waysOut(source, rejectedFn, statement, 'continue')[0] ?? 'return 0;'}`]), replace(arg, fresh), ...declaredKfuncs(source, [`${plain} *${acquire}(${plain} *p)`]))];
}
