import { randomly } from '../mutate.ts';
import { expression } from './expressions.ts';
import { chance, pick, type Field, type Generator } from './generator.ts';
import { block } from './statements.ts';

/** Attach points that every kernel with tracing has, with some of what they hand over. */
const PROBES: readonly [Probe, ...Probe[]] = [
  { header: 'BEGIN', args: [] },
  { header: 'END', args: [] },
  { header: 'interval:s:1', args: [] },
  { header: 'profile:hz:99', args: [] },
  { header: 'software:page-faults:100', args: [] },
  { header: 'uprobe:/bin/bash:readline', args: [] },
  { header: 'tracepoint:sched:sched_switch', args: [{ name: 'next_pid', kind: 'int' }, { name: 'prev_comm', kind: 'string' }, { name: 'prev_prio', kind: 'int' }] },
  { header: 'tracepoint:syscalls:sys_enter_openat', args: [{ name: 'flags', kind: 'int' }, { name: 'dfd', kind: 'int' }] },
  { header: 'tracepoint:syscalls:sys_exit_read', args: [{ name: 'ret', kind: 'int' }] },
  { header: 'tracepoint:sched:sched_process_exit,tracepoint:sched:sched_process_free', args: [{ name: 'pid', kind: 'int' }, { name: 'prio', kind: 'int' }] },
  { header: 'tracepoint:irq:softirq_entry', args: [{ name: 'vec', kind: 'int' }] },
];

interface Probe {
  readonly header: string;
  readonly args: readonly Field[];
}

/** A random program, right by construction; with `fault` one expression of it has another type than its place wants. */
export function randomProgram(seed: number, newest: boolean, fault?: number): { readonly text: string; readonly sites: number } {
  const g: Generator = { random: randomly(seed), newest, scopes: [], maps: [], args: [], stacks: true, site: 0, fault, names: 0 };
  const probes = Array.from({ length: 1 + g.random(3) }, (_, i) => probe(g, i));
  const config = newest && chance(g, 15) ? 'config = { max_strlen = 128; stack_mode = perf }\n' : '';
  const preamble = chance(g, 20);
  const body = probes.join('\n');
  const macros = /\b(?:twice|raise)\(/.test(body) ? MACROS : '';
  return { text: `${preamble ? DEFINITIONS : ''}${config}${macros}${preamble ? USES : ''}${body}\n`, sites: g.site };
}

const DEFINITIONS = `#define LIMIT 5
struct pair { int a; char name[8]; struct pair *next; };
enum color { RED = 1, GREEN };
`;
const MACROS = `macro twice(x) { x * 2 }
macro raise($v, by) { $v = $v + by; }
`;
const USES = `END { $p = (struct pair *)1; printf("%d %s %d %d", $p->next->a, $p->name, LIMIT, GREEN); }
`;

function probe(g: Generator, index: number): string {
  let { header, args } = pick(g, PROBES);
  // BEGIN and END may stand once only in old versions.
  if (/^(?:BEGIN|END)$/.test(header) && (index > 0 || header === 'END')) ({ header, args } = { header: 'interval:ms:100', args: [] });
  g.args = args;
  const predicate = chance(g, 25) ? ` /${expression(g, 'bool', 1).replaceAll('/', '+')}/` : '';
  return `${header}${predicate} ${block(g, 2, 2 + g.random(5))}`;
}
