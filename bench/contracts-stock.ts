/**
 * Judges the built-in properties of bpftrace programs that others wrote and prints, as Markdown, what came of it: `contracts-stock.ts 0.17=/usr/sbin 0.23=…/sbin`, a
 * version of bpftrace with the folder of programs made for it. docs/contracts-stock.md is made of that.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineIndex } from '../server/src/base/line-index.ts';
import { parseVersion } from '../server/src/base/version.ts';
import { translateBpftrace } from '../server/src/contracts/bpftrace/translate.ts';
import { prove } from '../server/src/contracts/prove/prove.ts';
import { BUILT_IN, type Verdict } from '../server/src/contracts/verdict.ts';
import { Described } from '../server/src/knowledge/described.ts';
import { analyze } from '../server/src/language/bpftrace/analysis/analyze.ts';
import { Z3Solver } from '../server/src/solver/z3.ts';
import { bundled } from '../server/test/support/inventory.ts';
import { parse } from '../server/test/support/marked.ts';

const TIMEOUT_MS = 2_000;
const described = await new Described().read(join(import.meta.dirname, '../dist/knowledge'));
const z3 = new Z3Solver();

interface Judged {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
  /** `line: what it is about`. */
  readonly alarms: readonly string[];
  /** What was not understood. */
  readonly unsupported: readonly string[];
}

async function judge(folder: string, file: string, version: string): Promise<Judged> {
  const text = readFileSync(join(folder, file), 'utf8');
  const lines = new LineIndex(text);
  const lineOf = ({ span }: { readonly span: { readonly start: number } }): number => lines.position(span.start).line + 1;
  const analysis = analyze(parse(text), { version: parseVersion(version) ?? [0, 27, 0], inventory: bundled, unsafe: true, targetName: 'the target' });
  const translated = translateBpftrace(analysis, { facts: described, specOf: (point) => described.conditions(point) });
  const verdicts = (await prove(translated, z3, { timeoutMs: TIMEOUT_MS })).filter(({ property }) => (BUILT_IN as readonly string[]).includes(property));
  const alarms = verdicts.flatMap((verdict) => (verdict.result.kind === 'proved' ? [] : [`${lineOf(verdict)}: ${verdict.result.kind}${verdict.result.kind === 'unknown' ? ` (${verdict.result.reason})` : ''}, \`${verdict.property}\`: ${verdict.says}`]));
  return { name: file, verdicts, alarms, unsupported: translated.unsupported.map((one) => `${lineOf(one)}: ${one.what}`) };
}

function row(what: string, judged: readonly Judged[]): string {
  const all = judged.flatMap(({ verdicts }) => verdicts);
  const count = (kind: string): number => all.filter(({ result }) => result.kind === kind).length;
  return `| ${what} | ${judged.length} | ${judged.filter(({ verdicts }) => verdicts.length > 0).length} | ${all.length} | ${count('proved')} | ${count('refuted')} | ${count('unknown')} |`;
}

const everything: Judged[] = [];
const rows: string[] = [];
const details: string[] = [];
for (const argument of process.argv.slice(2)) {
  const [version = '', folder = ''] = argument.split('=');
  const judged: Judged[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.bt')).sort()) judged.push(await judge(folder, file, version));
  rows.push(row(`bpftrace ${version}`, judged));
  everything.push(...judged);
  for (const { name, alarms, unsupported } of judged) details.push(...alarms.map((alarm) => `- ${version} ${name}:${alarm}`), ...unsupported.map((what) => `- ${version} ${name}:${what} (not understood)`));
}
await z3.dispose();

console.log(['| | programs | with something to prove | checks | proved | refuted | unknown |', '|---|---|---|---|---|---|---|', ...rows, row('all', everything), ''].join('\n'));
console.log(['| property | checks | proved | refuted | unknown |', '|---|---|---|---|---|', ...BUILT_IN.map((property) => {
  const of = everything.flatMap(({ verdicts }) => verdicts.filter((verdict) => verdict.property === property));
  const count = (kind: string): number => of.filter(({ result }) => result.kind === kind).length;
  return `| \`${property}\` | ${of.length} | ${count('proved')} | ${count('refuted')} | ${count('unknown')} |`;
}), ''].join('\n'));
console.log(details.join('\n'));
