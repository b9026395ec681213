import type { Facts } from '../kernel/facts.ts';

/** One command to run on a target. It runs in a fresh private directory that is removed afterwards. */
export interface ExecRequest {
  /** Program and arguments. They reach the program as they are, whatever the host's shell. */
  readonly argv: readonly [string, ...string[]];
  /** Files to write into the directory the command runs in. */
  readonly files?: readonly ExecFile[];
  /** POSIX shell text run in that directory after the command ended, however it ended. */
  readonly cleanup?: string;
  /**
   * After `stop`, TERM follows each second until the program ends: for programs that treat TERM as they
   * treat INT and may miss the first signal.
   */
  readonly nudge?: boolean;
  /** Run as root: directly, else through sudo (a password is asked for where it wants one) or doas. */
  readonly asRoot?: boolean;
  /** Milliseconds after which the whole process group is ended. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of stdout and of stderr that are kept; the rest is read and dropped. Default 8 MiB. */
  readonly maxOutputBytes?: number;
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

export interface ExecFile {
  /** A plain file name, no directories. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** True when output was dropped because it exceeded `maxOutputBytes`. */
  readonly truncated: boolean;
  readonly ms: number;
}

/** Why a command could not be started, or why nothing is known about its end. */
export type FailureReason = 'unreachable' | 'host-key' | 'auth' | 'needs-root' | 'not-linux' | 'connection-lost' | 'host' | 'no-machine';

export type Ran = Output & { readonly kind: 'ran'; /** 128+N when signal N ended it. */ readonly exitCode: number };
export type Missing = { readonly kind: 'missing'; readonly tool: string };
export type Failed = {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  /** A sentence for the user with what to do. */
  readonly message: string;
  readonly cause?: unknown;
};
export type Cancelled = Output & { readonly kind: 'cancelled' };
export type TimedOut = Output & { readonly kind: 'timed-out'; readonly afterMs: number };

/** The five ways in which something external can end. */
export type Outcome = Ran | Missing | Failed | Cancelled | TimedOut;

export interface Execution {
  readonly done: Promise<Outcome>;
  /** Asks the program to finish (SIGINT); it is ended by force when it does not within `graceMs`. */
  stop(graceMs: number): void;
}

/** A Linux machine that programs are checked against and run on. */
export interface Target {
  readonly name: string;
  /** `none`: no machine at all. */
  readonly kind: 'local' | 'ssh' | 'none';
  start(request: ExecRequest): Execution;
  exec(request: ExecRequest): Promise<Outcome>;
  /** What the machine is and has; asked once and remembered until `refresh`. */
  facts(options?: { signal?: AbortSignal | undefined; refresh?: boolean }): Promise<FactsOutcome>;
  dispose(): Promise<void>;
}

export type FactsOutcome = { readonly kind: 'known'; readonly facts: Facts } | Exclude<Outcome, Ran>;

/** What a target has to ask a person while connecting. Each answer may be "no". */
export interface Ask {
  /** An unknown host key: trust it from now on? */
  trustHostKey(host: string, keyType: string, fingerprint: string): Promise<boolean>;
  /** A password, passphrase or code; undefined when there is none to give. `what` is the question, for a person. */
  secret(what: string, use?: SecretUse): Promise<string | undefined>;
  /**
   * What became of the answer given under a key. Right: whoever keeps secrets may keep it now, and not before. Wrong: it is to be
   * forgotten; the next question of that key must go to the person.
   */
  judged?(key: string, verdict: 'right' | 'wrong'): void;
}

/** How the answer to a question is used. */
export interface SecretUse {
  /**
   * The name to keep the answer under: `passphrase SHA256:…` of a key pair, `password USER@HOST:PORT`, `sudo USER@HOST:PORT`. Absent for
   * what must not be kept: a code that is used once.
   */
  readonly key?: string;
  /** The last answer was wrong: what is kept must not be given again. */
  readonly again?: boolean;
  /** The host allows that what is typed is shown (keyboard-interactive). */
  readonly echo?: boolean;
}

/** Asks nobody: unknown keys are refused and no secret is given. */
export const askNobody: Ask = {
  trustHostKey: () => Promise.resolve(false),
  secret: () => Promise.resolve(undefined),
};
