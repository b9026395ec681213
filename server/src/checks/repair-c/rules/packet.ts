import { all, argumentsOf, around, calleeOf, calls, childIn, find, isStatement, leaves, loopAround, rootOf, withoutParentheses, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { after, before, candidate, inBlock, replace, type Candidate } from '../edit.ts';
import { bailOut, waysOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { assigns } from './null.ts';

type S = RepairSituation<NeedOf<'in-bounds'>>;

/** A comparison with the packet's end before bytes of it are used. */
export const packetBounds: RepairRule<NeedOf<'in-bounds'>> = (s) => [...turned(s), ...ignored(s), ...macroTooWeak(s), ...limited(s), ...added(s), ...beforeCall(s)];

/** A macro compares the pointer itself with the end: what it points to must lie before it. */
function macroTooWeak({ source, explanation }: S): Candidate[] {
  const line = explanation.cause.line;
  if (line === undefined) return [];
  const text = source.lines.line(line - 1);
  const head = /^\s*#\s*define\s+\w+\(([^)]*)\)/.exec(text);
  const params = (head?.[1] ?? '').split(',').map((name) => name.trim()).filter((name) => /^\w+$/.test(name) && !/end/i.test(name));
  return params.flatMap((name) => {
    const use = new RegExp(`\\(\\s*${name}\\s*\\)(?=[\\s)]*(?:[<>]=?))`).exec(text.slice(head?.[0].length ?? 0));
    const start = source.lines.offset({ line: line - 1, character: (head?.[0].length ?? 0) + (use?.index ?? 0) });
    return use ? [candidate(`Compare what lies behind \`${name}\` with the packet's end`, replace({ start, end: start + use[0].length }, `((${name}) + 1)`))] : [];
  });
}

/** A function of the program checks, and nobody looks at what it says. */
function ignored({ source, rejectedFn, rejected }: S): Candidate[] {
  const checks = source.functions.filter(({ item, body }) => !item.section && !/\bvoid\b/.test(item.returns) && /end\b/.test(source.of(body)) && /[<>]/.test(source.of(body))).map(({ item }) => item.name);
  return calls(source, rejectedFn.body).filter((call) => call.end < rejected.start && call.parent?.type === 'expression_statement' && checks.includes(calleeOf(source, call))).flatMap((call) => {
    const statement = call.parent;
    const used = calls(source, rejectedFn.body, calleeOf(source, call)).flatMap((each) => around(each.parent, ({ type }) => type === 'if_statement') ?? []).map((guard) => source.of(childIn(guard, 'condition') ?? guard));
    const fails = used.length === 0 || used.some((condition) => /^\(\s*!/.test(condition)) ? '!' : '';
    return statement ? [candidate(`Leave when ${calleeOf(source, call)}() says that it is not there`, replace(statement, `if (${fails}${source.of(call)})\n${source.indentAt(statement.start)}${source.indent}${bailOut(source, rejectedFn, statement.start)}`))] : [];
  });
}

/** So far a length of the packet may move a pointer, once and in each turn of a loop: the verifier follows 65,535 bytes in all. */
const FARTHEST = 16384;
const FARTHEST_A_TURN = 1024;

/** A number without a limit was added to the pointer: no comparison with the end proves anything behind it. */
function limited(s: S): Candidate[] {
  const { source, rejectedFn, need } = s;
  const name = need.index?.variable;
  if (name === undefined || !need.checked) return [];
  const sums = all(rejectedFn.body, (node) => (node.type === 'binary_expression' && source.of(childIn(node, 'operator') ?? node) === '+' && source.of(childIn(node, 'right') ?? node) === name) || (node.type === 'assignment_expression' && source.of(childIn(node, 'operator') ?? node) === '+=' && source.of(childIn(node, 'right') ?? node) === name));
  return sums.flatMap((sum) => {
    const statement = around(sum, isStatement);
    if (!statement || !inBlock(statement)) return [];
    const out = waysOut(source, rejectedFn, statement, 'break')[0] ?? bailOut(source, rejectedFn, statement.start);
    const most = loopAround(statement) ? FARTHEST_A_TURN : FARTHEST;
    return [candidate(`Leave when \`${name}\` is above ${most}`, before(source, statement, [`if (${name} > ${most})`, `${source.indent}${out}`]))];
  });
}

/** A function that is handed a pointer and no end: its callers check for it. */
function beforeCall({ source, rejectedFn, need }: S): Candidate[] {
  const index = rejectedFn.item.params.findIndex(({ name }) => name === need.value.variable);
  const type = rejectedFn.item.params[index]?.type.replace(/\*\s*$/, '').trim();
  if (type === undefined || /\*|\bvoid\b/.test(type)) return [];
  const count = elementsOf(source, rejectedFn, need.value.variable ?? '');
  const size = count === '1' ? `sizeof(${type})` : `${count} * sizeof(${type})`;
  return source.functions.filter((fn) => fn !== rejectedFn).flatMap((fn) => calls(source, fn.body, rejectedFn.item.name).flatMap((call) => {
    const [argument, statement, end] = [argumentsOf(call)[index], around(call, isStatement), packetEnd(source, fn)];
    if (!argument || !statement || end === undefined) return [];
    return waysOut(source, fn, statement).map((way) => candidate(`Check that what ${rejectedFn.item.name}() is given is inside the packet`, before(source, statement, [`if ((void *)(${source.of(argument)}) + ${size} > ${end})`, `${source.indent}${way}`])));
  }));
}

/** How many elements a function uses of what it is given: those with numbers, and those that a loop counts. */
function elementsOf(source: CSource, fn: CFunction, name: string): string {
  const used = all(fn.body, ({ type }) => type === 'subscript_expression').flatMap((node) => {
    const [array, index] = [childIn(node, 'argument'), childIn(node, 'index')];
    if (!array || !index || source.of(array) !== name) return [];
    const counter = source.of(index);
    if (/^\d+$/.test(counter)) return [String(Number(counter) + 1)];
    const loop = loopAround(node);
    const condition = loop && childIn(loop, 'condition');
    return (condition && new RegExp(`^\\(?\\s*${counter.replaceAll(/\W/g, '\\$&')}\\s*<\\s*(\\w+)\\s*\\)?$`).exec(source.of(condition))?.[1]) ?? [];
  });
  const counted = used.find((each) => !/^\d+$/.test(each));
  return counted ?? String(Math.max(1, ...used.map(Number)));
}

function added(s: S): Candidate[] {
  const { source, rejectedFn, rejected, cause, fn } = s;
  const end = inMetadata(s) ? packetBegin(s) : packetEnd(source, rejectedFn);
  if (end === undefined) return [];
  const found: Candidate[] = [];
  for (const { past, words } of ends(s)) {
    const code = (way: string): string[] => [`if (${past} > ${end})`, `${source.indent}${way}`];
    const name = s.need.value.variable;
    if (fn === rejectedFn && name !== undefined && cause !== rejected && cause.type !== 'if_statement' && assigns(source, cause, name) && inBlock(cause) && cause.parent === rejected.parent && !/[[+]/.test(past.replace(' + 1)', ''))) {
      found.push(candidate(`Check that ${words} is inside the packet`, after(source, cause, code(bailOut(source, fn, cause.start)))));
    }
    const ways = waysOut(source, rejectedFn, rejected, loopAround(rejected) ? 'break' : 'return');
    found.push(...ways.map((way) => candidate(`Check that ${words} is inside the packet${way === 'break;' ? ', and leave the loop otherwise' : ''}`, before(source, rejected, code(way)))));
  }
  return found;
}

/** What lies before the packet ends where the packet begins. */
function inMetadata({ source, rejectedFn, need }: S): boolean {
  const made = new Map(source.locals(rejectedFn).map(({ name, value }) => [name, value ? source.of(value) : '']));
  const from = (name: string | undefined, depth = 0): boolean => name !== undefined && depth < 4 && (/->data_meta\b/.test(made.get(name) ?? '') || (made.get(name)?.match(/\w+/g) ?? []).some((each) => each !== name && made.has(each) && from(each, depth + 1)));
  return from(need.value.variable);
}

function packetBegin({ source, rejectedFn }: S): string | undefined {
  const begin = source.locals(rejectedFn).find(({ value, pointers }) => pointers > 0 && value && /->data\s*$/.test(source.of(value)));
  const context = source.contextOf(rejectedFn);
  return begin ? `(void *)${begin.name}` : context === undefined ? undefined : `(void *)(long)${context}->data`;
}

/** What must not lie behind the packet's end, the most natural way to say it first. */
function ends({ source, rejected, rejectedFn, need }: S): { past: string; words: string }[] {
  const name = need.value.variable;
  const found: { past: string; words: string }[] = [];
  const every = all(rejected, ({ type }) => /^(?:field|subscript|pointer)_expression$/.test(type)).filter((node) => !/^&/.test(source.of(node)));
  const pointer = every.filter((node) => isPointer(source, rejectedFn, rootName(source, node)));
  const named = pointer.filter((node) => name === undefined || rootName(source, node) === name);
  // The explanation may know the pointer by the name of another one it was made from.
  const made = name === undefined ? every.filter((node) => rootOf(node) === undefined && childIn(node, 'argument')?.type === 'call_expression') : [];
  const accesses = named.length > 0 ? [...named, ...made] : [...pointer, ...made];
  for (const access of accesses) {
    const whole = around(access, (node) => !(node.parent && /^(?:field|subscript)_expression$/.test(node.parent.type) && node.field === 'argument')) ?? access;
    const base = access.type === 'field_expression' && source.of(childIn(access, 'operator') ?? access) === '->' ? childIn(access, 'argument') : undefined;
    if (base) found.push({ past: `(void *)(${source.of(base)} + 1)`, words: `\`${source.of(base)}\`` });
    const behind = access.type === 'pointer_expression' ? childIn(access, 'argument') : undefined;
    if (behind && !/\+\+|--/.test(source.of(behind))) found.push({ past: `(void *)(${source.of(withoutParentheses(behind))} + 1)`, words: `\`${source.of(access)}\`` });
    if (whole.type !== 'pointer_expression' && !/\+\+|--/.test(source.of(whole))) found.push({ past: `(void *)(&${source.of(whole)} + 1)`, words: `\`${source.of(whole)}\`` });
  }
  found.push(...copied(source, rejected, name));
  const type = name === undefined ? undefined : source.typeOf(rejectedFn, name);
  if (name !== undefined && type?.pointers === 1) {
    if (!/\bvoid\b/.test(type.specifiers)) found.push({ past: `(void *)(${name} + 1)`, words: `\`${name}\`` });
    if (need.size !== undefined) found.push({ past: `(void *)${name} + ${need.size}`, words: `what is read behind \`${name}\`` });
  }
  return found.filter(({ past }, i) => found.findIndex((other) => other.past === past) === i);
}

/** Whether what is accessed may lie in the packet: behind a pointer of the function, or one in a struct of it; never in a global array. */
function isPointer(source: CSource, fn: CFunction, name: string | undefined): boolean {
  const type = name === undefined || name === source.contextOf(fn) ? undefined : source.typeOf(fn, name);
  return type !== undefined && !type.array;
}

/** `__builtin_memcpy(to, from, n)` and helpers that are given packet memory with its size. */
function copied(source: CSource, rejected: CNode, name: string | undefined): { past: string; words: string }[] {
  return calls(source, rejected).flatMap((call) => {
    const args = argumentsOf(call);
    return args.flatMap((arg, i) => {
      const isCopy = /memcpy|memmove|memset|memcmp/.test(source.of(childIn(call, 'function') ?? call));
      const size = isCopy ? args[2] : args[i + 1];
      if (!size || (name !== undefined && rootName(source, arg) !== name) || /^sizeof|^\d/.test(source.of(arg))) return [];
      return [{ past: `(void *)(${source.of(arg)}) + ${source.of(size)}`, words: `\`${source.of(arg)}\`` }];
    });
  });
}

function rootName(source: CSource, node: CNode): string | undefined {
  const root = rootOf(node);
  return root && source.of(root);
}

/** How the function says where the packet ends. */
export function packetEnd(source: CSource, fn: CFunction): string | undefined {
  for (const local of source.locals(fn)) {
    if (/end$/i.test(local.name) && local.pointers > 0) return `(void *)${local.name}`;
    if (local.value && local.value.type !== 'initializer_list' && /->data_end\b/.test(source.of(local.value))) return local.pointers > 0 ? `(void *)${local.name}` : `(void *)(long)${local.name}`;
  }
  const param = fn.item.params.find(({ name, type }) => /end$/i.test(name) && type.includes('*'));
  if (param) return `(void *)${[...param.type].filter((c) => c === '*').length > 1 ? '*' : ''}${param.name}`;
  const member = find(fn.body, (node) => node.type === 'field_expression' && /(?:->|\.)\w*end$/.test(source.of(node)) && !/->data_end$/.test(source.of(node)));
  if (member) return `(void *)(long)${source.of(member)}`;
  const kept = keptEnd(source, fn);
  if (kept !== undefined) return kept;
  const context = source.contextOf(fn);
  return context === undefined ? undefined : `(void *)(long)${context}->data_end`;
}

/** The end in a struct of the program's own that the function has or is given. */
function keptEnd(source: CSource, fn: CFunction): string | undefined {
  const named = [...source.locals(fn).map(({ name, specifiers, pointers }) => ({ name, type: specifiers, pointers })), ...fn.item.params.map(({ name, type }) => ({ name, type, pointers: type.includes('*') ? 1 : 0 }))];
  for (const { name, type, pointers } of named) {
    const tag = /\bstruct\s+(\w+)/.exec(type)?.[1] ?? /^(?:const\s+)?(\w+)/.exec(type)?.[1];
    const body = tag === undefined ? undefined : (new RegExp(`\\bstruct\\s+${tag}\\s*\\{([^{}]*)\\}`).exec(source.text) ?? new RegExp(`\\{([^{}]*)\\}\\s*${tag}\\s*;`).exec(source.text))?.[1];
    const member = body === undefined ? undefined : /\*\s*(\w*end)\b/.exec(body)?.[1];
    if (member !== undefined) return `(void *)${name}${pointers > 0 ? '->' : '.'}${member}`;
  }
  return undefined;
}

/** `if (p + 1 < end) return;` is the wrong way round, and `if (p + 1 > end) { use }` too. */
function turned({ source, fn, cause, rejected }: S): Candidate[] {
  const guards = cause.type === 'if_statement' ? [cause] : [];
  const holding = around(rejected, ({ type, field }) => type === 'if_statement' && field !== 'alternative');
  if (holding && holding !== cause) guards.push(holding);
  return guards.flatMap((guard) => {
    const condition = childIn(guard, 'condition');
    const test = condition && withoutParentheses(condition);
    const sign = test?.type === 'binary_expression' ? childIn(test, 'operator') : undefined;
    const [left, right] = test ? [childIn(test, 'left'), childIn(test, 'right')] : [];
    if (!sign || !left || !right) return [];
    const flip: Readonly<Record<string, string>> = { '<': '>', '<=': '>', '>': '<=', '>=': '<=' };
    const endRight = /end\b/.test(source.of(right));
    const mayGoOn = endRight ? /^</.test(source.of(sign)) : /^>/.test(source.of(sign));
    const out = leaves(childIn(guard, 'consequence'));
    const other = endRight ? flip[source.of(sign)] : { '>': '<', '>=': '<', '<': '>=', '<=': '>=' }[source.of(sign)];
    if ((!endRight && !/end\b/.test(source.of(left))) || mayGoOn !== out || other === undefined || fn.body.end < guard.end) return [];
    return [candidate(`Turn the comparison with the packet's end round: \`${other}\``, replace(sign, other))];
  });
}
