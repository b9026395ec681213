import { all, argumentsOf, bareExpression, calls, childIn, rootOf, type CFunction, type CLocal, type CSource } from '../c-source.ts';
import { after, candidate, insert, instead, replace, type Candidate } from '../edit.ts';
import { bailValue } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';

/** Bytes of the stack without a value: the variable gets one, padding included. */
export const initializedStack: RepairRule<NeedOf<'initialized-stack'>> = (s) => stackCandidates(s, s.need.value.variable);

export function stackCandidates(s: Pick<RepairSituation, 'source' | 'rejected' | 'rejectedFn' | 'fn'>, variable: string | undefined): Candidate[] {
  const { source, rejected, rejectedFn, fn } = s;
  const handed = calls(source, rejected).flatMap((call) => argumentsOf(call)).flatMap((arg) => {
    const root = rootOf(bareExpression(arg).type === 'pointer_expression' ? (childIn(bareExpression(arg), 'argument') ?? arg) : arg);
    return root ? [source.of(root)] : [];
  });
  const names = [...new Set([...(variable === undefined ? [] : [variable]), ...handed])];
  const owners = [...new Set([rejectedFn, fn])];
  return owners.flatMap((owner) => names.flatMap((name) => {
    const local = source.local(owner, name);
    return local && local.pointers === 0 ? cleared(source, local) : [];
  }));
}

function cleared(source: CSource, local: CLocal): Candidate[] {
  const compound = /^(?:struct|union)\b/.test(local.specifiers) || local.dimensions.length > 0;
  const scalar = !compound && /^(?:const |volatile |unsigned |signed )*(?:__?[usb]\w+|[us]\d+|int|long|short|char|unsigned|bool|size_t)\b/.test(local.specifiers);
  const zero = `__builtin_memset(&${local.name}, 0, sizeof(${local.name}));`;
  if (!local.value) {
    const title = `Give \`${local.name}\` a value where it is declared`;
    return [candidate(title, insert(local.declarator.end, scalar ? ' = 0' : ' = {}')), ...(scalar ? [] : [candidate(`Clear \`${local.name}\` with __builtin_memset(), padding included`, after(source, local.declaration, [zero]))])];
  }
  return members(source, local, zero);
}

/** `= { .a = x }` leaves padding as it was: cleared first, and then the members one by one. */
function members(source: CSource, local: CLocal, zero: string): Candidate[] {
  const alone = local.declaration.children.filter(({ field }) => field === 'declarator').length === 1;
  const pairs = local.value?.children.filter(({ type }) => type === 'initializer_pair') ?? [];
  const others = local.value?.children.filter(({ type }) => !/^(?:[{},]|comment|initializer_pair)$/.test(type)) ?? [];
  if (!alone || local.value?.type !== 'initializer_list' || others.length > 0) return [];
  const set = pairs.map((pair) => `${local.name}${source.of(childIn(pair, 'designator') ?? pair)} = ${source.of(childIn(pair, 'value') ?? pair)};`);
  return [candidate(`Clear \`${local.name}\` with __builtin_memset(), padding included, and then set its members`, instead(source, local.declaration, [`${local.specifiers} ${local.name};`, zero, ...set]))];
}

/** A variable without a value on some path, or a function that ends without one. */
export const initializedRegister: RepairRule<NeedOf<'initialized-register'>> = ({ source, fn, rejectedFn, need }) => {
  const found: Candidate[] = [];
  for (const owner of new Set([rejectedFn, fn])) {
    const local = source.local(owner, need.value.variable);
    if (local && !local.value) found.push(candidate(`Give \`${local.name}\` a value where it is declared`, insert(local.declarator.end, local.dimensions.length > 0 || (/^(?:struct|union)\b/.test(local.specifiers) && local.pointers === 0) ? ' = {}' : ' = 0')));
  }
  return [...found, ...[...new Set([rejectedFn, fn])].flatMap((owner) => missingReturn(source, owner)), ...uninitialized(source, rejectedFn)];
};

function missingReturn(source: CSource, fn: CFunction): Candidate[] {
  const last = fn.body.children.filter(({ type }) => type.endsWith('_statement') || type === 'declaration').at(-1);
  const value = bailValue(source, fn);
  if (value === undefined) return [];
  const bare = all(fn.body, ({ type }) => type === 'return_statement').filter((node) => /^return\s*;/.test(source.of(node)));
  const end = last?.type === 'return_statement' ? [] : [insert(fn.body.end - 1, `${source.indent}return ${value};\n`)];
  const edits = [...bare.map((node) => replace(node, `return ${value};`)), ...end];
  return edits.length === 0 ? [] : [candidate(`Return ${value} at the function's end`, ...edits)];
}

/** Scalars that are declared without a value. */
function uninitialized(source: CSource, fn: CFunction): Candidate[] {
  return source.locals(fn).filter(({ value, pointers, dimensions, specifiers }) => !value && dimensions.length === 0 && (pointers > 0 || !/^(?:struct|union)\b/.test(specifiers)))
    .map((local) => candidate(`Give \`${local.name}\` a value where it is declared`, insert(local.declarator.end, ' = 0')));
}

/** A function without an end: it returns, also where clang was told that it never comes there. */
export function ending({ source, fn, rejectedFn, explanation }: RepairSituation): Candidate[] {
  const owners = [...new Set([rejectedFn, fn, ...source.functions.filter(({ item }) => item.name === explanation.program), ...source.functions])];
  return owners.flatMap((owner) => {
    const value = bailValue(source, owner);
    const back = value === undefined ? 'return;' : `return ${value};`;
    const told = calls(source, owner.body).filter((call) => /^__builtin_(?:unreachable|trap)$/.test(source.of(childIn(call, 'function') ?? call))).flatMap((call) => (call.parent?.type === 'expression_statement' ? [replace(call.parent, back)] : []));
    return [...renamed(source, owner), ...(told.length > 0 ? [candidate(`Return here: \`${back}\``, ...told)] : []), ...missingReturn(source, owner)];
  });
}

/** Functions of C that do not return: clang takes one of the program's by that name for it, and leaves out what follows. */
const NEVER_RETURN = /^(?:_?exit|_Exit|quick_exit|abort|longjmp)$/;

function renamed(source: CSource, { item }: CFunction): Candidate[] {
  if (!NEVER_RETURN.test(item.name)) return [];
  const name = `${item.name.replace(/^_/, '')}_program`;
  return [candidate(`Call the function \`${name}\`: clang knows \`${item.name}\` as one that does not return`, ...[...source.text.matchAll(new RegExp(`\\b${item.name}\\b(?=\\s*[(,])`, 'g'))].map(({ index }) => replace({ start: index, end: index + item.name.length }, name)))];
}
