import { all, argumentsOf, bareExpression, calls, childIn, isStatement, type CFunction, type CNode, type CSource } from '../c-source.ts';
import { before, candidate, instead, replace, type Candidate } from '../edit.ts';
import { waysOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { boundGuards, oneLess, tightened, unsignedGuard } from './bounds.ts';
import { assigns } from './null.ts';
import { largerMemory, sizeOfMemory } from './memory.ts';

type S = RepairSituation<NeedOf<'in-bounds'>>;

/** An index into an array of known length: checked, masked, or the comparison before it made exact. */
export const indexBounds: RepairRule<NeedOf<'in-bounds'>> = (s) => {
  if (!s.need.index && s.need.limit !== undefined && s.need.offset !== undefined) return [...sizeOfMemory(s), ...oneLess(s), ...largerMemory(s), ...guarded(s)];
  return [...tightened(s, s.need.index?.variable), ...rightLength(s), ...handedOver(s), ...guarded(s), ...oneLess(s), ...sizeOfMemory(s), ...largerMemory(s)];
};

/** `f(array + n, size, …)`: n may be as large as leaves room for the size. */
function handedOver(s: S): Candidate[] {
  const { source, rejected, rejectedFn, need } = s;
  const name = need.index?.variable;
  if (name === undefined) return [];
  return calls(source, rejected).flatMap((call) => argumentsOf(call).flatMap((arg, i, args) => {
    const sum = bareExpression(arg);
    const [base, offset] = sum.type === 'binary_expression' ? [childIn(sum, 'left'), childIn(sum, 'right')] : [];
    if (!base || !offset || source.of(offset) !== name) return [];
    const size = [args[i + 1], args[i - 1]].find((each) => each !== undefined && /^(?:\d+|[A-Z]\w*|sizeof\b.*)$/.test(source.of(each)));
    const room = /^(?:field_expression)$/.test(base.type) || source.typeOf(rejectedFn, source.of(base))?.array === true ? `sizeof(${source.of(base)})` : String(need.limit ?? 0);
    const most = size ? `${room} - ${source.of(size)}` : room;
    const outside = unsignedGuard(source, rejectedFn, offset, most, '>');
    return waysOut(source, rejectedFn, rejected, 'continue').map((way) => candidate(`Leave when \`${name}\` leaves no room`, before(source, rejected, [`if (${outside})`, `${source.indent}${way}`])));
  }));
}

/** The index is compared with another length than the array's. */
function rightLength(s: S): Candidate[] {
  const { source, rejectedFn } = s;
  return subscripts(s).flatMap(({ index, length, statement }) => {
    const name = source.of(bareExpression(index));
    const tests = all(rejectedFn.body, (node) => node.type === 'binary_expression' && node.start < statement.start && /^(?:<|>=)$/.test(source.of(childIn(node, 'operator') ?? node)) && source.of(childIn(node, 'left') ?? node) === name);
    return tests.toReversed().flatMap((test) => {
      const right = childIn(test, 'right');
      return right && source.of(right) !== length && numberOf(source, source.of(right)) !== undefined ? [candidate(`Compare \`${name}\` with the array's own length, ${length}`, replace(right, length))] : [];
    });
  });
}

interface Indexed {
  /** The statement it stands in. */
  readonly statement: CNode;
  readonly index: CNode;
  readonly length: string;
}

function guarded(s: S): Candidate[] {
  const { source, rejectedFn } = s;
  return [...subscripts(s).flatMap(({ index, length, statement: rejected }) => {
    const bare = bareExpression(index);
    const words = source.of(bare);
    const outside = unsignedGuard(source, rejectedFn, bare, length, '>=');
    const inside = unsignedGuard(source, rejectedFn, bare, length, '<');
    const guard = waysOut(source, rejectedFn, rejected, 'continue').map((way) => candidate(`Leave when \`${words}\` is not below ${length}`, before(source, rejected, [`if (${outside})`, `${source.indent}${way}`])));
    const only = rejected.type === 'expression_statement' ? [candidate(`Do this only when \`${words}\` is below ${length}`, instead(source, rejected, [`if (${inside})`, `${source.indent}${source.of(rejected)}`]))] : [];
    const n = numberOf(source, length);
    const masked = n !== undefined && n > 0 && (n & (n - 1)) === 0 ? [candidate(`Mask \`${words}\` with ${length} - 1`, replace(index, `(${words}) & (${length} - 1)`))] : [];
    const kept = boundGuards(s, index, length);
    const plain = /^(?:identifier)$/.test(bare.type) ? [...only, ...guard] : [];
    return [...plain, ...kept, ...(plain.length === 0 ? [...only, ...guard] : []), ...masked];
  }), ...moved(s)];
}

/** `*(T *)(array + offset)`: the offset is checked with the size of what is used there. */
function moved(s: S): Candidate[] {
  const { source, rejected, need } = s;
  return all(rejected, (node) => node.type === 'pointer_expression' && source.of(node).startsWith('*')).flatMap((node) => {
    const inner = childIn(node, 'argument');
    const sum = inner && bareExpression(inner);
    if (sum?.type !== 'binary_expression' || !/[+]/.test(source.of(sum))) return [];
    let base = sum;
    for (let left = childIn(base, 'left'); base.type === 'binary_expression' && left; left = childIn(base, 'left')) base = left;
    const offset = { ...sum, start: base.end + (/^\s*\+\s*/.exec(source.text.slice(base.end, sum.end))?.[0].length ?? 0) };
    const room = base.type === 'field_expression' ? `sizeof(${source.of(base)})` : String(need.limit ?? 0);
    return boundGuards(s, offset, `${room} - sizeof(${source.of(node)}) + 1`);
  });
}

/** Elements in the rejected statement whose index may be meant, with the array's length. */
function subscripts(s: S): Indexed[] {
  const own = subscriptsIn(s, s.rejected);
  const made = own.length > 0 || s.need.value.variable === undefined ? undefined : all(s.rejectedFn.body, (node) => isStatement(node) && node.end <= s.rejected.start && assigns(s.source, node, s.need.value.variable ?? '')).at(-1);
  return made ? subscriptsIn(s, made) : own;
}

/** `slot = &table[i]` is where the index counts that `*slot` is refused for. */
function subscriptsIn({ source, rejectedFn, need }: S, statement: CNode): Indexed[] {
  const name = need.index?.variable;
  const nodes = all(statement, ({ type }) => type === 'subscript_expression');
  const found = nodes.flatMap((node): Indexed[] => {
    const array = childIn(node, 'argument');
    const index = childIn(node, 'index');
    if (!array || !index || /^(?:\d+|'.')$/.test(source.of(index))) return [];
    const length = lengthOf(source, rejectedFn, array, need.limit, need.size);
    return length === undefined ? [] : [{ statement, index, length }];
  });
  const named = found.filter(({ index }) => name !== undefined && new RegExp(`\\b${name}\\b`).test(source.of(index)));
  return named.length > 0 ? named : found;
}

/** The length of an array as the program says it: `SLOTS`, `16`, or by `sizeof`. */
function lengthOf(source: CSource, fn: CFunction, array: CNode, limit: number | undefined, size: number | undefined): string | undefined {
  let at = bareExpression(array);
  let depth = 0;
  for (let inner = childIn(at, 'argument'); at.type === 'subscript_expression' && inner; inner = childIn(at, 'argument')) {
    at = bareExpression(inner);
    depth++;
  }
  const name = at.type === 'field_expression' ? source.of(childIn(at, 'field') ?? at) : at.type === 'identifier' ? source.of(at) : undefined;
  if (name !== undefined) {
    const near = new RegExp(`\\b${name}((?:\\s*\\[[^\\]]+\\])+)\\s*(?:[;,=]|SEC|__)`, 'g');
    const lengths = [...(at.type === 'identifier' ? `${source.of(fn.body)}\n${source.text}` : source.text).matchAll(near)].flatMap((m) => [...(m[1] ?? '').matchAll(/\[([^\]]+)\]/g)][depth]?.[1]?.trim() ?? []);
    const length = lengths.find((each) => numberOf(source, each) !== undefined) ?? lengths.find((each) => !namesVariable(source, fn, each));
    if (length !== undefined && !new RegExp(`^\\s*${name}`).test(length)) return length;
    if (depth === 0 && at.type === 'identifier' && new RegExp(`\\b${name}\\s*\\[\\s*\\]`).test(source.text)) return `sizeof(${name}) / sizeof(${name}[0])`;
  }
  return limit !== undefined && size !== undefined && size > 0 ? String(Math.floor(limit / size)) : undefined;
}

/** `table[i];` is a use and no declaration. */
function namesVariable(source: CSource, fn: CFunction, text: string): boolean {
  return [...text.matchAll(/[A-Za-z_]\w*/g)].some(([word]) => source.typeOf(fn, word) !== undefined);
}

/** The number behind a constant expression of one word. */
export function numberOf(source: CSource, text: string): number | undefined {
  if (/^(?:0x[\da-f]+|\d+)[uUlL]*$/i.test(text)) return Number(text.replace(/[uUlL]+$/, ''));
  const shifted = /^\(?\s*1[uUlL]*\s*<<\s*(\d+)\s*\)?$/.exec(text);
  if (shifted) return 2 ** Number(shifted[1]);
  const defined = /^\w+$/.test(text) ? new RegExp(`#\\s*define\\s+${text}[ \\t]+(.+)|\\b${text}\\s*=\\s*([^,;}\\n]+)`).exec(source.text) : undefined;
  const value = (defined?.[1] ?? defined?.[2])?.trim();
  return value === undefined || value === text ? undefined : numberOf(source, value);
}

/** The call that was handed a value, and which argument it is. */
export function callGiven(source: CSource, statement: CNode, words: string): { call: CNode; argument: number } | undefined {
  for (const call of calls(source, statement)) {
    const at = argumentsOf(call).findIndex((arg) => source.of(arg) === words || source.of(bareExpression(arg)) === words);
    if (at >= 0) return { call, argument: at };
  }
  return undefined;
}
