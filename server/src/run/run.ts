import { UserError } from '../base/error.ts';
import { atLeast } from '../base/version.ts';
import type { ClangBuilder } from '../checks/compile/clang/build.ts';
import type { CheckContext } from '../checks/pipeline.ts';
import type { Program } from '../checks/program.ts';
import type { Facts } from '../kernel/facts.ts';
import { attachesByItself, sections } from '../language/bpfc/sections.ts';
import type { ExecRequest, Execution, Outcome, Target } from '../target/target.ts';
import { lastLines, missingTool, skipReason } from '../checks/skip.ts';
import { parseMessages } from '../checks/compile/bpftrace/messages.ts';
import { listenForAttached, sayingWhenAttached, withoutAttached } from './attached.ts';
import { BpftraceOutput } from './bpftrace-output.ts';
import { ObjectOutput, objectRequest, type ObjectProgram } from './object.ts';
import { Collector } from './collector.ts';
import type { RunEnded, RunEvent } from './events.ts';

export interface RunRequest {
  readonly program: { readonly kind: 'bpftrace'; readonly text: string } | ObjectProgram;
  readonly target: Target;
  readonly facts: Facts;
  readonly attachPoints: readonly string[];
  /** Milliseconds after which the run is finished, counted from attaching; undefined: until stopped. */
  readonly forMs?: number | undefined;
  /** Milliseconds after which it is ended in any case. */
  readonly limitMs: number;
  readonly maxLines: number;
  readonly unsafe: boolean;
  /** Aborting asks the program to finish, so that its maps are printed. */
  readonly stop?: AbortSignal | undefined;
}

/** Time to print the maps after SIGINT; an emulated machine takes seconds to detach. */
const FINISH_MS = 20_000;

/** Runs a program on a target until it ends, its time is over or it is stopped; the last event is returned too. */
export async function runProgram(request: RunRequest, emit: (event: RunEvent) => void): Promise<RunEnded> {
  const { target, facts, program } = request;
  const collector = new Collector(request.maxLines, emit);
  const finish = (event: RunEnded): RunEnded => {
    emit(event);
    return event;
  };
  emit({ event: 'starting', target: target.name, attachPoints: request.attachPoints });
  const tool = program.kind === 'bpftrace' ? 'bpftrace' : 'bpftool';
  if (!facts.tools[tool]) return finish(collector.ended('missing', { message: missingTool(tool, target.name, facts) }));
  const session = new Session(request, collector);
  return finish(await session.run(tool));
}

class Session {
  readonly #request: RunRequest;
  readonly #collector: Collector;
  /** Why we asked the program to end; undefined while it runs by itself. */
  #asked: 'finished' | 'stopped' | 'timed-out' | undefined;
  #timers: NodeJS.Timeout[] = [];
  #execution: Execution | undefined;

  constructor(request: RunRequest, collector: Collector) {
    this.#request = request;
    this.#collector = collector;
  }

  async run(tool: 'bpftrace' | 'bpftool'): Promise<RunEnded> {
    const { target, stop, limitMs, facts } = this.#request;
    const output = this.#request.program.kind === 'bpftrace' ? new BpftraceOutput((e) => this.#take(e)) : new ObjectOutput((e) => this.#take(e));
    const attached = (): void => void (output instanceof BpftraceOutput && output.attached());
    this.#execution = target.start({ ...this.#exec(), onStdout: (text) => output.push(text), onStderr: listenForAttached(attached) });
    const onStop = (): void => this.#end('stopped');
    stop?.addEventListener('abort', onStop, { once: true });
    if (stop?.aborted) onStop();
    this.#after(limitMs, 'timed-out');
    const outcome = await this.#execution.done;
    stop?.removeEventListener('abort', onStop);
    output.end();
    // A program that ended by itself before the watcher looked was attached all the same.
    if (outcome.kind === 'ran' && outcome.exitCode === 0 && this.#asked === undefined) attached();
    for (const timer of this.#timers) clearTimeout(timer);
    return this.#judge(outcome, skipReason(outcome, tool, target.name, facts));
  }

  #exec(): ExecRequest {
    const { program, unsafe, limitMs, facts } = this.#request;
    // What the run prints is bounded by lines; here only the end of stderr matters.
    const common = { asRoot: true, timeoutMs: limitMs + FINISH_MS, maxOutputBytes: 256 * 1024 } as const;
    if (program.kind !== 'bpftrace') return { ...common, ...objectRequest(program, facts.tools.bpftool?.command ?? 'bpftool') };
    const command = facts.tools.bpftrace?.command ?? 'bpftrace';
    // bpftrace 0.17 sees that it was interrupted only when the signal interrupts its waiting; it takes TERM as INT.
    return { ...common, nudge: true, argv: sayingWhenAttached([command, '-f', 'json', ...(unsafe ? ['--unsafe'] : []), 'program.bt']), files: [{ name: 'program.bt', content: program.text.replaceAll('\r\n', '\n') }] };
  }

  #take(event: RunEvent): void {
    if (event.event === 'attached' && !this.#collector.attached && this.#request.forMs !== undefined) this.#after(this.#request.forMs, 'finished');
    this.#collector.take(event);
  }

  #after(ms: number, why: 'finished' | 'timed-out'): void {
    // setTimeout counts in 32 bits; a longer limit is no limit.
    if (ms < 2 ** 31) this.#timers.push(setTimeout(() => this.#end(why), ms));
  }

  #end(why: 'finished' | 'stopped' | 'timed-out'): void {
    this.#asked ??= why;
    this.#execution?.stop(FINISH_MS);
  }

  #judge(outcome: Outcome, problem: string | undefined): RunEnded {
    const collector = this.#collector;
    if (outcome.kind === 'missing') return collector.ended('missing', { message: problem ?? '' });
    if (outcome.kind === 'timed-out') return collector.ended('timed-out', { message: problem ?? '' });
    if (outcome.kind !== 'ran') return collector.ended(outcome.kind === 'cancelled' ? 'stopped' : 'failed', { message: problem ?? '' });
    // bpftrace says ERROR of things it survives; the exit status and our own request judge.
    const well = this.#asked !== undefined || outcome.exitCode === 0;
    const stderr = withoutAttached(outcome.stderr);
    const messages = parseMessages(stderr, 'program.bt');
    for (const m of messages) if (well || m.severity === 'warning') collector.take({ event: 'warning', text: m.text });
    if (well) return collector.ended(this.#asked ?? 'finished', { exitCode: outcome.exitCode });
    const errors = messages.filter((m) => m.severity === 'error').map((m) => m.text);
    const message = errors.length > 0 ? errors.join('\n') : lastLines(stderr) || `The program ended with exit status ${outcome.exitCode}.`;
    return collector.ended('failed', { message, exitCode: outcome.exitCode });
  }
}

/** What there is to run: the text of a bpftrace program, or the object clang makes of BPF C. Throws UserError when it cannot be built. */
export async function buildForRun(program: Program, builder: ClangBuilder, context: CheckContext): Promise<RunRequest['program']> {
  if (program.language === 'bpftrace') return { kind: 'bpftrace', text: program.text };
  const byHand = sections(program.text).filter((section) => !attachesByItself(section));
  if (byHand.length > 0) {
    throw new UserError('needs-interface', `Running ${byHand.join(', ')} needs a network interface or another object to attach to, which kgent cannot choose yet. Tracepoints, kprobes, fentry and raw tracepoints run.`);
  }
  const bpftool = context.facts?.tools.bpftool;
  if (bpftool && !atLeast(bpftool.version, 7, 2)) {
    throw new UserError('old-bpftool', `bpftool ${bpftool.version.join('.')} on ${context.target.name} cannot attach programs; 7.2 or newer can. Choose another target, or install a newer bpftool there.`);
  }
  const built = await builder.build(program, context);
  if (built.kind === 'built') return { kind: 'object', bytes: built.object };
  throw new UserError('not-built', built.kind === 'skipped' ? built.reason : `clang does not accept the program:\n${lastLines(built.stderr, 10)}`);
}
