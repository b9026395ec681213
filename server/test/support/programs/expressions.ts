import { chance, freshName, pick, pickAny, type Generator, type Kind } from './generator.ts';

const KINDS: readonly [Kind, ...Kind[]] = ['int', 'string', 'task', 'bool', 'stack', 'symbol', 'tuple', 'address', 'bytes'];
const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] as const;
const COMPARISONS = ['==', '!=', '<', '>', '<=', '>='] as const;

/** An expression of a type; at the place of the fault one of another type. */
export function expression(g: Generator, kind: Kind, depth = 2): string {
  const wrong = g.site++ === g.fault;
  const wanted = wrong ? pick(g, KINDS.filter((k) => k !== kind) as unknown as typeof KINDS) : kind;
  const variable = chance(g, 25) ? pickAny(g, g.scopes.flat().filter((v) => v.kind === wanted)) : undefined;
  if (variable) return variable.name;
  const field = chance(g, 30) ? pickAny(g, g.args.filter((f) => f.kind === wanted)) : undefined;
  if (field) return `${g.newest && chance(g, 50) ? 'args.' : 'args->'}${field.name}`;
  const map = chance(g, 15) ? pickAny(g, g.maps.filter((m) => m.value === wanted)) : undefined;
  if (map) return `${map.name}${mapKeys(g, map.keys)}`;
  return MAKERS[wanted](g, depth);
}

/** `[1, comm]`, or nothing for a scalar map. */
export function mapKeys(g: Generator, keys: readonly Kind[]): string {
  return keys.length === 0 ? '' : `[${keys.map((k) => expression(g, k, 1)).join(', ')}]`;
}

const MAKERS: Readonly<Record<Kind, (g: Generator, depth: number) => string>> = {
  int: integer,
  string,
  task,
  bool: comparison,
  stack: (g) => (g.stacks ? pick(g, ['kstack', 'kstack', 'kstack()']) : 'comm'),
  symbol: (g, depth) => `ksym(${expression(g, chance(g, 50) ? 'int' : 'task', depth - 1)})`,
  tuple: (g, depth) => `(${expression(g, 'int', depth - 1)}, ${expression(g, 'string', depth - 1)})`,
  record: (g, depth) => `(num = ${expression(g, 'int', depth - 1)}, name = ${expression(g, 'string', depth - 1)})`,
  bytes: (g) => pick(g, ['pton("127.0.0.1")', 'pton("10.1.2.3")', ...(g.newest ? ['(uint8[4])(uint32)pid' as const] : [])]),
  address: (g, depth) => pick(g, [`ntop(${expression(g, 'int', depth - 1)})`, `ntop(2, ${expression(g, 'int', depth - 1)})`]),
};

function integer(g: Generator, depth: number): string {
  if (depth <= 0) return leafInteger(g);
  const inner = (): string => expression(g, 'int', depth - 1);
  switch (g.random(14)) {
    case 0:
      return `(${inner()} ${pick(g, OPERATORS)} ${inner()})`;
    case 1:
      return `(${pick(g, ['uint8', 'int8', 'uint16', 'int32', 'uint32', 'int64', 'uint64'])})${leafInteger(g)}`;
    case 2:
      // With a single word in the parentheses 0.27 can take them for a cast.
      return `${pick(g, ['-', '~'])}(${inner()} + 1)`;
    case 3:
      return `${expression(g, 'task', depth - 1)}->${pick(g, ['pid', 'tgid', 'flags', 'prio', 'start_time', 'exit_code', 'se.vruntime', 'mm->total_vm', 'signal->nr_threads'])}`;
    case 4:
      return `curtask->cpus_mask.bits[${g.random(2)}]`;
    case 5:
      return `strncmp(${expression(g, 'string', depth - 1)}, ${expression(g, 'string', depth - 1)}, ${g.random(16)})`;
    case 6:
      return `sizeof(${pick(g, ['uint32', 'struct task_struct', 'uint64', 'struct file'])})`;
    case 7:
      return `*(${pick(g, ['uint64', 'uint32', 'int8'])} *)${expression(g, 'task', depth - 1)}`;
    case 8:
      return `(uint64)${expression(g, 'task', depth - 1)}`;
    case 9:
      return `(${expression(g, 'int', depth - 1)} > ${g.random(50)} ? ${inner()} : ${inner()})`;
    case 10:
      return `bswap(${pick(g, ['(uint16)', '(uint32)', ''])}${leafInteger(g)})`;
    case 11:
      return `(${inner()}, ${expression(g, 'string', 1)}).0`;
    case 12:
      return g.newest ? newInteger(g, depth) : `(${inner()} == ${inner()})`;
    default:
      return leafInteger(g);
  }
}

/** What only newer versions have. */
function newInteger(g: Generator, depth: number): string {
  const inner = (): string => expression(g, 'int', depth - 1);
  return pick(g, [`(if ${pick(g, ['pid', 'cpu'])} { ${inner()} } else { ${inner()} })`, `({ let ${freshName(g, '$')} = 1; ${inner()} })`, `(${leafInteger(g)} ?: ${leafInteger(g)})`, `twice(${inner()})`, `(${expression(g, 'tuple', depth - 1)})[0]`, `${expression(g, 'record', depth - 1)}.num`, `strlen(${expression(g, 'string', depth - 1)})`, 'comptime (1 + 2)', '5ms', `ntop(${inner()}) == ntop(${inner()}) ? 1 : 2`, `offsetof(struct task_struct, pid)`]);
}

function leafInteger(g: Generator): string {
  switch (g.random(5)) {
    case 0:
      return String(g.random(3) === 0 ? g.random(100_000) : g.random(20));
    case 1:
      return pick(g, ['0x10', '0xff', '1e3', '1_000']);
    default:
      return pick(g, ['pid', 'tid', 'uid', 'gid', 'cpu', 'nsecs', 'rand', 'elapsed', 'cgroup']);
  }
}

function string(g: Generator, depth: number): string {
  if (depth <= 0) return pick(g, ['comm', '"x"', '"some text"']);
  switch (g.random(8)) {
    case 0:
      return `str(${expression(g, chance(g, 50) ? 'int' : 'task', depth - 1)})`;
    case 1:
      return `str(${expression(g, 'task', depth - 1)}, ${1 + g.random(60)})`;
    case 2:
      return `${expression(g, 'task', depth - 1)}->comm`;
    case 3:
      return `(${expression(g, 'int', depth - 1)} == 1 ? ${expression(g, 'string', depth - 1)} : ${expression(g, 'string', depth - 1)})`;
    case 4:
      return `"${pick(g, ['a', 'bash', 'é', 'a\\n', 'quote \\" in', ''])}"`;
    default:
      return 'comm';
  }
}

function task(g: Generator, depth: number): string {
  switch (g.random(depth > 0 ? 5 : 2)) {
    case 2:
      return `${expression(g, 'task', depth - 1)}->${pick(g, ['parent', 'group_leader', 'real_parent'])}`;
    case 3:
      return `((struct task_struct *)${expression(g, 'int', depth - 1)})`;
    case 4:
      return `((struct task_struct *)curtask)`;
    default:
      return 'curtask';
  }
}

function comparison(g: Generator, depth: number): string {
  switch (g.random(5)) {
    case 0:
      return `${expression(g, 'string', depth - 1)} ${pick(g, ['==', '!='])} ${expression(g, 'string', depth - 1)}`;
    case 1:
      return `(${expression(g, 'bool', depth - 1)}) ${pick(g, ['&&', '||'])} (${expression(g, 'bool', depth - 1)})`.replaceAll(/\(\(/g, '( (');
    case 2:
      return `${expression(g, 'task', 0)} ${pick(g, ['==', '!='])} ${chance(g, 50) ? '0' : expression(g, 'task', 0)}`;
    default:
      return `${expression(g, 'int', depth - 1)} ${pick(g, COMPARISONS)} ${expression(g, 'int', depth - 1)}`;
  }
}
