import * as z from 'zod';
import { specSchema, type Spec } from './schema.ts';

const valueSchema = specSchema.shape.returns.unwrap();
const argSchema = specSchema.shape.args.unwrap().element.extend({
  /** A pointer into the caller's memory: to a text ended by a zero byte, or to other data. */
  user: z.enum(['text', 'data']).optional(),
});
const sentence = specSchema.shape.summary;

/** A line of `syscalls-*.jsonl`: a system call, described once for its two events. */
export const syscallSchema = z.strictObject({
  /** As in `sys_enter_NAME`: the kernel's name, which can differ from the library's (`newfstatat`). */
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** Fields of the enter event behind `__syscall_nr`, as its format declares them, with `; ` between. */
  proto: z.string(),
  area: z.string().min(1),
  summary: sentence,
  meaning: sentence,
  heat: specSchema.shape.heat.unwrap(),
  /** First kernel with the call. */
  since: z.string().regex(/^\d+(\.\d+)+$/),
  args: z.array(argSchema).max(6),
  returns: valueSchema,
  /** The thread ends within the call. */
  noReturn: z.literal(true).optional(),
  words: z.array(sentence).min(2),
  caveats: z.array(sentence).default([]),
  /** Names of calls that do nearly the same, which one must often trace as well. */
  alternatives: z.array(z.string()).default([]),
});

export type Syscall = z.infer<typeof syscallSchema>;

/** The first kernel with an event for each call. */
const FIRST_EVENTS = '2.6.33';

const NUMBER = { name: '__syscall_nr', meaning: 'number of the system call on this architecture' };

/** The records of the events at entry and return of a system call. */
export function syscallSpecs(call: Syscall): [enter: Spec, exit: Spec] {
  const common = { kind: 'attach-point' as const, context: 'process' as const, heat: call.heat, pre: [], post: [], caveats: call.caveats, since: later(call.since, FIRST_EVENTS) };
  const enter = `tracepoint:syscalls:sys_enter_${call.name}`;
  const exit = `tracepoint:syscalls:sys_exit_${call.name}`;
  const others = call.alternatives.map((name) => `tracepoint:syscalls:sys_enter_${name}`);
  return [
    {
      ...common,
      id: enter,
      proto: ['int __syscall_nr', ...(call.proto === '' ? [] : [call.proto])].join('; '),
      summary: call.summary,
      meaning: `${call.meaning}${othersToo(call)}`,
      args: [NUMBER, ...call.args.map(({ user, ...arg }) => ({ ...arg, meaning: `${arg.meaning}${user ? HOW_TO_READ[user] : ''}` }))],
      words: call.words,
      alternatives: [exit, ...others],
    },
    {
      ...common,
      id: exit,
      proto: 'int __syscall_nr; long ret',
      summary: `Result: ${lowerFirst(call.summary)}`,
      meaning: `${whenItReturns(call, enter)} ${call.meaning}`,
      args: [NUMBER, { ...call.returns, name: 'ret' }],
      words: [...call.words, `${call.name} fails`, `how long ${call.name} takes`],
      alternatives: [enter],
    },
  ];
}

/** The specs and, for each event of these calls that none of them describes, the record made for it: what was written by hand for an event wins. */
export function withSyscalls(specs: readonly Spec[], calls: readonly Syscall[]): Spec[] {
  const described = new Set(specs.map(({ id }) => id));
  return [...specs, ...calls.flatMap(syscallSpecs).filter(({ id }) => !described.has(id))];
}

const HOW_TO_READ = { text: ' (user-space text: str())', data: ' (user-space address)' } as const;

function whenItReturns({ name, noReturn }: Syscall, enter: string): string {
  if (noReturn) return `Never fires: ${name} does not return. Use ${enter} or tracepoint:sched:sched_process_exit.`;
  return `Fires in the calling thread when ${name} is done, with its result. For its duration or arguments store them at ${enter} by thread ID.`;
}

function othersToo({ alternatives }: Syscall): string {
  return alternatives.length === 0 ? '' : ` Related calls have events of their own: ${alternatives.join(', ')}.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The later of two kernel versions. */
function later(a: string, b: string): string {
  return a.localeCompare(b, 'en', { numeric: true }) > 0 ? a : b;
}
