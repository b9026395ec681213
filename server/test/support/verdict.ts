import { LocalTarget } from '../../src/target/local.ts';

/** What bpftrace made of a program; `none` when it crashed, or failed in what has nothing to do with the language. */
export interface Verdict {
  readonly verdict: 'accepted' | 'rejected' | 'none';
  readonly said: string;
}

const target = new LocalTarget();

/** Compiler and linker of BPF code, not bpftrace's own rules: stack space, symbols. */
const NOT_THE_LANGUAGE = /BPF stack limit|Failed to resolve kernel symbol|Failed to get `cgroupid`/;
const ERROR = /^(?!.*(?:RLIMIT_MEMLOCK|available_filter_functions)).*(?:ERROR|FATAL|\berror):.*$/m;

/** Runs a real bpftrace over a program without attaching anything. */
export async function verdictOf(command: readonly string[], text: string): Promise<Verdict> {
  const outcome = await target.exec({ argv: ['env', 'BPFTRACE_COLOR=never', ...command, 'x.bt'], files: [{ name: 'x.bt', content: text }], timeoutMs: 60_000 });
  if (outcome.kind !== 'ran') return { verdict: 'none', said: outcome.kind };
  if (outcome.exitCode === 0) return { verdict: 'accepted', said: '' };
  const said = ERROR.exec(outcome.stderr)?.[0] ?? '';
  return { verdict: said === '' || NOT_THE_LANGUAGE.test(outcome.stderr) ? 'none' : 'rejected', said };
}

/** Does something with each, a few at a time, in order of the answers' places. */
export async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
