import { all, argumentsOf, bareExpression, calleeOf, calls, childIn, find, rootOf, type CNode, type CSource } from '../c-source.ts';
import { candidate, insert, replace, type Candidate } from '../edit.ts';
import type { NeedOf, RepairSituation } from '../situation.ts';

type S = RepairSituation<NeedOf<'in-bounds'>>;

/** The size a call is given becomes the size of the memory it is given. */
export function sizeOfMemory({ source, rejected, rejectedFn, need }: S): Candidate[] {
  return calls(source, rejected).flatMap((call) =>
    argumentsOf(call).flatMap((arg, i, args) => {
      const size = args[i + 1];
      const root = rootOf(arg.type === 'pointer_expression' ? (childIn(arg, 'argument') ?? arg) : arg);
      if (!size || !root || (need.value.variable !== undefined && source.of(root) !== need.value.variable)) return [];
      if (!/^(?:[\w\s()+*-]|sizeof\b.*)+$/.test(source.of(size)) || /^&/.test(source.of(size))) return [];
      const whole = sizeOfBehind(source, rejectedFn, arg);
      return whole === undefined || whole === source.of(size) ? [] : [candidate(`Use the size of \`${source.of(arg)}\` itself: ${whole}`, replace(size, whole))];
    }),
  );
}

/** `sizeof` of what an argument points to. */
export function sizeOfBehind(source: CSource, fn: RepairSituation['fn'], arg: CNode): string | undefined {
  const at = bareExpression(arg);
  if (at.type === 'pointer_expression' && source.of(at).startsWith('&')) {
    const inner = childIn(at, 'argument');
    const element = inner?.type === 'subscript_expression' && source.of(childIn(inner, 'index') ?? inner) === '0' ? childIn(inner, 'argument') : inner;
    return element ? `sizeof(${source.of(element)})` : undefined;
  }
  if (at.type === 'field_expression') return `sizeof(${source.of(at)})`;
  if (at.type !== 'identifier') return undefined;
  const type = source.typeOf(fn, source.of(at));
  if (!type) return `sizeof(${source.of(at)})`;
  if (type.array) return `sizeof(${source.of(at)})`;
  return type.pointers === 1 && !/\b(?:void|char|__u8)\b/.test(type.specifiers) ? `sizeof(*${source.of(at)})` : undefined;
}

/** The memory becomes as large as what is used of it. */
export function largerMemory(s: S): Candidate[] {
  return [...sizeOfResult(s), ...largerArray(s), ...largerKey(s), ...largerRecord(s), ...smallerMove(s)];
}

/** The size that a call was asked for is as large as what its result points to. */
function sizeOfResult({ source, rejectedFn, need }: S): Candidate[] {
  const name = need.value.variable;
  const type = name === undefined ? undefined : source.typeOf(rejectedFn, name);
  if (name === undefined || type?.pointers !== 1 || !/\b(?:struct|union)\b/.test(type.specifiers)) return [];
  const made = all(rejectedFn.body, (node) => (node.type === 'assignment_expression' && source.of(childIn(node, 'left') ?? node) === name) || (node.type === 'init_declarator' && source.of(childIn(node, 'declarator') ?? node).replace(/^[*\s]*/, '') === name));
  return made.flatMap((node) => calls(source, node)).flatMap((call) => argumentsOf(call)).filter((arg) => (arg.type === 'number_literal' && Number(source.of(arg)) === need.limit) || /^sizeof\b/.test(source.of(arg))).map((arg) => candidate(`Ask for as much as \`*${name}\` has`, replace(arg, `sizeof(*${name})`)));
}

function largerArray({ source, rejected, rejectedFn, cause, need }: S): Candidate[] {
  if (need.memory === 'packet' || need.size === undefined) return [];
  const wanted = need.memory === 'stack' ? need.size : (need.offset ?? 0) + need.size;
  const used = all(cause.type === 'declaration' ? rejected : cause, ({ type }) => type === 'identifier').map((node) => source.of(node));
  const names = [...new Set([...(need.value.variable === undefined ? [] : [need.value.variable]), ...used, ...madeFrom(source, rejectedFn.body, need.value.variable)])];
  return names.flatMap((name) => {
    const local = source.local(rejectedFn, name);
    const bracket = local && find(local.declarator, ({ type }) => type === 'array_declarator');
    const size = bracket && childIn(bracket, 'size');
    return local && size && /\b(?:char|__?u8|u8|uint8_t|__s8)\b/.test(local.specifiers) && local.value === undefined ? [candidate(`Make \`${name}\` ${wanted} bytes long, as much as is used`, replace(size, String(wanted)))] : [];
  });
}

/** Variables handed to the call that made a pointer. */
function madeFrom(source: CSource, body: CNode, variable: string | undefined): string[] {
  if (variable === undefined) return [];
  const made = all(body, (node) => (node.type === 'assignment_expression' && source.of(childIn(node, 'left') ?? node) === variable) || (node.type === 'init_declarator' && source.of(childIn(node, 'declarator') ?? node).replace(/^\**/, '') === variable));
  return made.flatMap((node) => calls(source, node)).flatMap((call) => argumentsOf(call)).flatMap((arg) => (arg.type === 'identifier' ? [source.of(arg)] : []));
}

/** A key or value smaller than the map's: it gets the map's type. */
function largerKey({ source, rejected, rejectedFn, need }: S): Candidate[] {
  if (need.memory !== 'stack') return [];
  return calls(source, rejected).flatMap((call) => {
    const args = argumentsOf(call);
    const map = source.maps.find(({ name }) => args[0] && source.of(args[0]) === `&${name}`);
    if (!map || !/^bpf_map_/.test(calleeOf(source, call))) return [];
    return (['key', 'value'] as const).flatMap((kind, i) => {
      const arg = args[i + 1];
      const type = map.entries.get(kind);
      const local = arg && /^&\w+$/.test(source.of(arg)) ? source.local(rejectedFn, source.of(arg).slice(1)) : undefined;
      if (!local || type === undefined || local.specifiers === type || local.pointers > 0 || local.dimensions.length > 0) return [];
      if (local.declaration.children.filter(({ field }) => field === 'declarator').length > 1) return [];
      const specifiers = { start: local.declaration.start, end: local.declaration.start + source.of(local.declaration).indexOf(local.specifiers) + local.specifiers.length };
      const members = /^struct/.test(type) ? structMembers(source, type) : undefined;
      if (members && local.value && local.value.type !== 'initializer_list') return wrapped(source, local.value, specifiers, type, members);
      return [candidate(`Make \`${local.name}\` a ${type}, as the map's ${kind} is`, replace(specifiers, type), ...(local.value ? [] : [insert(local.declarator.end, /^struct/.test(type) ? ' = {}' : ' = 0')]))];
    });
  });
}

/** A number where the map wants a struct: it becomes the struct's last member of its own, with the prefix length of a trie before it. */
function wrapped(source: CSource, value: CNode, specifiers: { start: number; end: number }, type: string, members: readonly string[]): Candidate[] {
  const [first, last] = [members[0], members.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const set = /prefixlen/.test(first) ? `.${first} = 32, ` : '';
  return [candidate(`Make it a ${type}, as the map's key is`, replace(specifiers, type), replace(value, `{ ${set}.${last} = ${source.of(value)} }`))];
}

function structMembers(source: CSource, type: string): readonly string[] | undefined {
  const body = new RegExp(`${type.replaceAll(/\s+/g, '\\s+')}\\s*\\{([^{}]*)\\}`).exec(source.text)?.[1];
  return body?.split(';').flatMap((line) => /(\w+)\s*(?:\[[^\]]*\])?\s*$/.exec(line.trim())?.[1] ?? []);
}

/** A record reserved too small for what is written into it. */
function largerRecord({ source, fn, need }: S): Candidate[] {
  if (need.memory !== 'memory' || need.offset === undefined || need.size === undefined || need.limit === undefined) return [];
  const more = need.offset + need.size - need.limit;
  return calls(source, fn.body, 'bpf_ringbuf_reserve').flatMap((call) => {
    const size = argumentsOf(call)[1];
    return size && more > 0 ? [candidate(`Reserve ${more} more bytes, as many as are written`, insert(size.end, ` + ${more}`))] : [];
  });
}

/** A constant offset or a member past the end: nothing that a repair may guess. */
function smallerMove({ source, rejected, rejectedFn, need }: S): Candidate[] {
  const sizes = all(rejected, ({ type }) => type === 'number_literal').filter((node) => Number(source.of(node)) > (need.limit ?? Infinity));
  const given = sizes.length === 1 && sizes[0] && childIn(sizes[0].parent?.parent ?? sizes[0], 'function') ? sizes[0] : undefined;
  return given && need.limit !== undefined && source.typeOf(rejectedFn, need.value.variable ?? '') ? [candidate(`Use the ${need.limit} bytes there are`, replace(given, String(need.limit)))] : [];
}
