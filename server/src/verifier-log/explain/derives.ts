import { callArguments, identifiers, literal } from './c/text.ts';
import type { Code } from './c/code.ts';

/** How many assignments and calls a name is followed through. */
const MAX_STEPS = 24;

/** Whether a variable's value is made, by the source's own assignments and calls, from one of the names: `b = payload; parse(udp + 1)`. */
export function derivesFrom(code: Code, variable: string, line: number, names: ReadonlySet<string>): boolean {
  const queue: [string, number][] = [[variable, line]];
  const seen = new Set<string>();
  for (let next = queue.shift(); next && seen.size < MAX_STEPS; next = queue.shift()) {
    const [name, at] = next;
    const key = `${name} ${code.functionStart(at)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (names.has(name)) return true;
    for (const assigned of code.assignments(name, at)) for (const from of identifiers(rightSide(code.statement(assigned), name))) queue.push([from, assigned]);
    if (code.isParameter(name, at)) queue.push(...argumentsGiven(code, name, at));
  }
  return false;
}

/** What stands right of the sign that gives a variable its value. */
export function rightSide(statement: string, name: string): string {
  const m = new RegExp(`\\b${literal(name)}\\b\\s*(?:\\[[^\\]]*\\]\\s*)?[-+*/|&^]?=(?!=)([^;]*)`).exec(statement);
  return m?.[1] ?? '';
}

/** The names in what callers hand over for a parameter. */
function argumentsGiven(code: Code, parameter: string, line: number): [string, number][] {
  const of = code.functionAt(line);
  const index = of?.parameters.findIndex((p) => p.name === parameter) ?? -1;
  if (!of || index < 0) return [];
  return code.callersOf(line).flatMap((caller) => identifiers(callArguments(code.statement(caller), of.name)?.[index]?.text ?? '').map((name): [string, number] => [name, caller]));
}
