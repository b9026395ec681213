import { expression, mapKeys } from './expressions.ts';
import { chance, freshName, pick, pickAny, type Aggregation, type Generator, type Kind, type ProgramMap } from './generator.ts';

const FORMATS: Readonly<Record<Kind, readonly [string, ...string[]]>> = {
  int: ['d', 'u', 'x', 'lld', 'llx', '5d', '-8u', 'c'],
  string: ['s', '10s', '-16s'],
  task: ['p', 'x', 'llx'],
  bool: ['d'],
  stack: ['s'],
  symbol: ['s'],
  tuple: ['s'],
  address: ['s'],
  record: ['s'],
  bytes: ['s'],
};
const PRINTED: readonly [Kind, ...Kind[]] = ['int', 'string', 'task', 'stack', 'symbol', 'address'];
const VALUES: readonly [Kind, ...Kind[]] = ['int', 'int', 'string', 'task', 'stack', 'symbol', 'tuple', 'address', 'int'];
const NEW_VALUES: readonly [Kind, ...Kind[]] = [...VALUES, 'bool', 'record', 'bytes'];
const AGGREGATIONS: readonly [Aggregation, ...Aggregation[]] = ['count', 'sum', 'min', 'max', 'avg', 'stats', 'hist', 'lhist'];

/** Statements of one block, with a scope of their own where the version has one. */
export function block(g: Generator, depth: number, count: number): string {
  g.scopes.push([]);
  const lines = Array.from({ length: count }, () => statement(g, depth));
  g.scopes.pop();
  return `{ ${lines.join(' ')} }`;
}

export function statement(g: Generator, depth: number): string {
  switch (g.random(depth > 0 ? 20 : 14)) {
    case 0:
    case 1:
    case 2:
      return assignVariable(g);
    case 3:
    case 4:
    case 5:
      return assignMap(g);
    case 6:
    case 7:
      return aggregate(g);
    case 8:
    case 9:
      return printFormatted(g);
    case 10:
      if (g.newest && chance(g, 30)) return newStatement(g);
      return `print(${expression(g, pick(g, ['int', 'string', 'stack', 'symbol', 'tuple', 'address']))});`;
    case 11:
      return wholeMap(g);
    case 12:
      return change(g);
    case 13:
      return pick(g, ['time("%H:%M:%S");', 'exit();', `cat("/proc/%d/status", ${expression(g, 'int', 0)});`, `join(${expression(g, 'task', 1)});`, `printf("%r", buf(${expression(g, 'task', 0)}, 4));`, `printf("%s", strftime("%H", ${expression(g, 'int', 1)}));`]);
    case 14:
    case 15:
    case 16:
      return `if (${expression(g, 'bool')}) ${block(g, depth - 1, 2)}${chance(g, 40) ? ` else ${block(g, depth - 1, 1)}` : ''}`;
    case 17:
      return `unroll (${1 + g.random(5)}) ${block(g, depth - 1, 1)}`;
    case 18:
      return loop(g, depth);
    default:
      // 0.27 takes a statement that begins with a name and == for an assignment.
      return `(${expression(g, 'bool')}) ? ${pick(g, ['print(1)', 'exit()', 'printf("a")'])} : ${pick(g, ['print(2)', 'printf("b")'])};`;
  }
}

function assignVariable(g: Generator): string {
  const scope = g.scopes.at(-1);
  const known = chance(g, 35) ? pickAny(g, g.scopes.flat()) : undefined;
  if (known) return `${known.name} = ${expression(g, known.kind)};`;
  const kind = pick(g, g.newest ? NEW_VALUES : VALUES);
  const name = freshName(g, '$');
  const typed = kind === 'int' && chance(g, 20) ? ': uint64' : kind === 'string' && chance(g, 20) ? ': string' : '';
  const text = g.newest && chance(g, 30) ? `let ${name}${typed} = ${kind === 'int' && typed ? `(uint64)${expression(g, kind, 0)}` : expression(g, kind)};` : `${name} = ${expression(g, kind)};`;
  scope?.push({ name, kind });
  return text;
}

function mapOf(g: Generator, wanted: (map: ProgramMap) => boolean, make: () => ProgramMap): ProgramMap {
  const known = chance(g, 60) ? pickAny(g, g.maps.filter(wanted)) : undefined;
  if (known) return known;
  const map = make();
  g.maps.push(map);
  return map;
}

function keyKinds(g: Generator): readonly Kind[] {
  return Array.from({ length: g.random(4) }, () => pick(g, ['int', 'int', 'string', 'task', 'stack', 'symbol', 'address'] as const));
}

function assignMap(g: Generator): string {
  let value: string | undefined;
  const map = mapOf(g, (m) => !(AGGREGATIONS as readonly string[]).includes(m.value), () => {
    const kind = pick(g, g.newest ? NEW_VALUES : VALUES);
    value = expression(g, kind);
    return { name: freshName(g, '@'), keys: keyKinds(g), value: kind };
  });
  return `${map.name}${mapKeys(g, map.keys)} = ${value ?? expression(g, map.value as Kind)};`;
}

/** What only newer versions have. */
function newStatement(g: Generator): string {
  const keyed = pickAny(g, g.maps.filter((m) => m.keys.length === 1));
  const variable = pickAny(g, g.scopes.flat().filter((v) => v.kind === 'int'));
  if (keyed && chance(g, 50)) {
    const key = expression(g, keyed.keys[0] ?? 'int', 1);
    return pick(g, [`if (has_key(${keyed.name}, ${key})) { print(len(${keyed.name})); }`, `delete(${keyed.name}, ${key});`, `let ${freshName(g, '$')} = delete(${keyed.name}, ${key});`]);
  }
  if (variable) return `raise(${variable.name}, ${expression(g, 'int', 1)});`;
  return pick(g, [`warnf("%d", ${expression(g, 'int', 1)});`, `if comptime (false) { nothing(); }`, `_ = ${expression(g, 'int', 1)};`]);
}

function aggregate(g: Generator): string {
  const map = mapOf(g, (m) => (AGGREGATIONS as readonly string[]).includes(m.value), () => ({ name: freshName(g, '@'), keys: keyKinds(g), value: pick(g, AGGREGATIONS) }));
  return `${map.name}${mapKeys(g, map.keys)} = ${aggregationCall(g, map.value as Aggregation)};`;
}

function aggregationCall(g: Generator, of: Aggregation): string {
  if (of === 'count') return 'count()';
  if (of === 'lhist') return `lhist(${expression(g, 'int')}, 0, ${100 + g.random(900)}, ${1 + g.random(50)})`;
  return `${of}(${expression(g, 'int')})`;
}

function printFormatted(g: Generator): string {
  const kinds = Array.from({ length: g.random(4) }, () => pick(g, PRINTED));
  const format = kinds.map((k) => `%${pick(g, FORMATS[k])}`).join(pick(g, [' ', ', ', '|']));
  return `printf("${format}\\n"${kinds.map((k) => `, ${expression(g, k)}`).join('')});`;
}

function wholeMap(g: Generator): string {
  const map = pickAny(g, g.maps);
  if (!map) return 'print("none");';
  const key = mapKeys(g, map.keys);
  return pick(g, [`print(${map.name});`, `print(${map.name}, ${1 + g.random(9)});`, `clear(${map.name});`, `zero(${map.name});`, `delete(${map.name}${key});`]);
}

/** `++`, `--` and assignments with an operator. */
function change(g: Generator): string {
  const variable = pickAny(g, g.scopes.flat().filter((v) => v.kind === 'int'));
  const map = mapOf(g, (m) => m.value === 'int', () => ({ name: freshName(g, '@'), keys: keyKinds(g), value: 'int' }));
  const target = variable && chance(g, 50) ? variable.name : `${map.name}${mapKeys(g, map.keys)}`;
  return pick(g, [`${target}++;`, `${target}--;`, `++${target};`, `${target} += ${expression(g, 'int')};`, `${target} |= ${expression(g, 'int')};`]);
}

function loop(g: Generator, depth: number): string {
  if (!g.newest || chance(g, 30)) {
    const name = freshName(g, '$');
    g.scopes.at(-1)?.push({ name, kind: 'int' });
    return `${name} = 0; while (${name} < ${1 + g.random(9)}) { ${name}++; ${statement(g, 0).replaceAll('exit();', 'break;')} }`;
  }
  const map = chance(g, 50) ? pickAny(g, g.maps.filter((m) => m.keys.length === 1 && !['hist', 'lhist', 'stats'].includes(m.value))) : undefined;
  const name = freshName(g, '$');
  const over = map ? map.name : `${g.random(3)}..${3 + g.random(9)}`;
  g.scopes.push(map ? [] : [{ name, kind: 'int' }]);
  // The probe's arguments cannot be read in here, and stacks make 0.27.1 crash.
  const { args, stacks } = g;
  g.args = [];
  g.stacks = false;
  const body = block(g, depth - 1, 2).replaceAll('exit();', chance(g, 50) ? 'break;' : 'continue;');
  g.scopes.pop();
  g.args = args;
  g.stacks = stacks;
  return `for (${name} : ${over}) ${map ? body.replace('{', `{ print(${name}.0);`) : body}`;
}
