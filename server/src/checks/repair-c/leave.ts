import { all, childIn, isStatement, loopAround, type CFunction, type CNode, type CSource } from './c-source.ts';

/** What a program of a section returns to let things go on as without it. */
const PASS: readonly (readonly [RegExp, string])[] = [
  [/^xdp/, 'XDP_PASS'],
  [/^(?:tc|tcx|classifier|action)\b/, 'TC_ACT_OK'],
  [/^(?:cgroup|sk_skb|sk_msg|sk_lookup|sk_reuseport|flow_dissector|netfilter)/, '1'],
];
/** The same as it may be written. One guard's verdict is no rule: another value counts only where all guards agree. */
const PASSING: readonly (readonly [RegExp, RegExp])[] = [[/^xdp/, /^(?:XDP_PASS|2)$/], [/^(?:tc|tcx|classifier|action)\b/, /^(?:TC_ACT_(?:OK|UNSPEC|PIPE)|TCX_PASS|TCX_NEXT|0|-1)$/]];
const PASS_VALUES: Readonly<Record<string, string>> = { XDP_PASS: '2', TC_ACT_OK: '0' };

/** The value to leave a function with when what it works on is not there. */
export function bailValue(source: CSource, fn: CFunction, at?: number): string | undefined {
  const { returns, section, macro } = fn.item;
  const pointer = returns.includes('*');
  if (macro === undefined && /\bvoid\b/.test(returns) && !pointer) return undefined;
  const every = earlyReturns(source, fn);
  const failing = every.filter(({ fails }) => fails);
  // A branch that does the program's work returns its verdict; one that finds something missing returns what is wanted here.
  const own = failing.length > 0 || section ? failing : every;
  const passing = PASSING.find(([pattern]) => section && pattern.test(section.name))?.[1];
  const agreed = passing === undefined || (own.length > 1 && new Set(own.map(({ text }) => text)).size === 1) ? own : own.filter(({ text }) => passing.test(text));
  const near = agreed.filter(({ start }) => at === undefined || start < at).at(-1) ?? agreed[0];
  if (near) return near.text;
  if (pointer) return 'NULL';
  const known = PASS.find(([pattern]) => section && pattern.test(section.name))?.[1] ?? '0';
  const value = PASS_VALUES[known];
  // TC_ACT_OK is a macro of a header that vmlinux.h replaces.
  return known === 'TC_ACT_OK' && value !== undefined && !source.text.includes('TC_ACT_OK') ? value : known;
}

/** `return X;` for leaving early, or `return;`. */
export function bailOut(source: CSource, fn: CFunction, at?: number): string {
  const value = bailValue(source, fn, at);
  return value === undefined ? 'return;' : `return ${value};`;
}

/** Something is not there, not enough, or not for this program. */
const FAILS = /![\s(]*\w|!=|\bNULL\b|\w*end\b|<=? ?0\b|^\(\s*bpf_\w+\(/;

/** Constants that the function's own guards return. */
function earlyReturns(source: CSource, fn: CFunction): { readonly text: string; readonly start: number; readonly fails: boolean }[] {
  return all(fn.body, ({ type }) => type === 'return_statement').flatMap((statement) => {
    const guard = [statement.parent, statement.parent?.parent].find((node) => node?.type === 'if_statement');
    const condition = guard && childIn(guard, 'condition');
    const value = statement.children.find(({ type }) => !/^(?:return|;|comment)$/.test(type));
    if (!condition || !value) return [];
    const text = source.of(value);
    return /^-?\w+$/.test(text) && !isVariable(source, fn, text) ? [{ text, start: statement.start, fails: FAILS.test(source.of(condition)) }] : [];
  });
}

function isVariable(source: CSource, fn: CFunction, text: string): boolean {
  return source.local(fn, text) !== undefined || fn.item.params.some(({ name }) => name === text);
}

/** How to get away from a statement: out of the function, and out of the loop where it stands in one. */
export function waysOut(source: CSource, fn: CFunction, statement: CNode, first: 'return' | 'break' | 'continue' = 'return'): readonly string[] {
  const back = bailOut(source, fn, statement.start);
  if (!loopAround(statement)) return [back];
  return first === 'return' ? [back, 'continue;', 'break;'] : [`${first};`, back];
}

/** The statement and those it stands in, up to the function's block. */
export function enclosing(statement: CNode): readonly CNode[] {
  const found: CNode[] = [];
  for (let at: CNode | undefined = statement; at; at = at.parent) if (isStatement(at) && at.type !== 'compound_statement') found.push(at);
  return found;
}

export function conditionOf(statement: CNode): CNode | undefined {
  return childIn(statement, 'condition');
}
