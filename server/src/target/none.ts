import type { ExecRequest, Execution, Failed, FactsOutcome, Outcome, Target } from './target.ts';

/** Name of the target that is no machine. */
export const NO_TARGET = 'none';

/**
 * No machine: programs are judged against the kernel that comes with Kgent and the newest bpftrace. Nothing is ever
 * started; what needs a machine is told so.
 */
export class NoTarget implements Target {
  readonly name = NO_TARGET;
  readonly kind = 'none';

  start(request: ExecRequest): Execution {
    return { done: this.exec(request), stop: () => undefined };
  }

  exec(_request: ExecRequest): Promise<Outcome> {
    return Promise.resolve(FAILED);
  }

  facts(): Promise<FactsOutcome> {
    return Promise.resolve(FAILED);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

const FAILED: Failed = { kind: 'failed', reason: 'no-machine', message: "This needs a machine, and the target 'none' is none: choose another target." };
