/** The messages about targets: what the sidebar shows, and what one can do there. */
import { NotificationType, RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { CheckName, Finding } from '../checks/finding.ts';
import type { Language } from '../checks/program.ts';
import type { Capability } from '../kernel/capabilities.ts';

export type { Capability } from '../kernel/capabilities.ts';

/** `local`: this machine, or a Linux of its own on it (WSL). */
export type TargetKind = 'local' | 'ssh' | 'none';

/** What the status bar shows of the current target. */
export interface TargetState {
  readonly name: string;
  readonly kind: TargetKind;
  readonly state: 'connecting' | 'connected' | 'unusable';
  /** Kernel release and tools when connected; what is wrong and what to do when unusable. */
  readonly summary: string;
  readonly release?: string;
}

/** One target in the sidebar, whole. */
export interface TargetRow {
  readonly name: string;
  readonly kind: TargetKind;
  /** `user@host:port` or `this machine`. */
  readonly detail: string;
  /** A person saved it and may remove it. */
  readonly saved: boolean;
  /** Programs are checked and run there. */
  readonly current: boolean;
  /** `new`: not asked for yet. `offline`: it does not answer, and what was known of it last stands in. */
  readonly state: 'new' | 'connecting' | 'connected' | 'unusable' | 'offline';
  /** A sentence: what it is; what is wrong and what to do. */
  readonly summary: string;
  readonly release?: string;
  /** Present while it is connected to or its kernel is read. */
  readonly progress?: TargetProgress;
  /** What is known of it. */
  readonly about: readonly TargetFact[];
  readonly missing: readonly Capability[];
}

export interface TargetProgress {
  /** What is done just now, in words: `reading tracepoints`. */
  readonly phase: string;
  /** 0 to 100; absent where nobody can tell. */
  readonly percent?: number;
}

/** One line of what is known of a target. */
export interface TargetFact {
  readonly name: 'system' | 'kernel' | 'btf' | 'attach-points' | 'tools' | 'root' | 'item';
  readonly label: string;
  readonly value: string;
  readonly parts?: readonly TargetFact[];
}

export const targetRowsRequest = new RequestType0<readonly TargetRow[], void>('kgent/targetRows');
/** Server to client: every row as it is now. */
export const targetRowsNotification = new NotificationType<{ readonly rows: readonly TargetRow[] }>('kgent/targetRowsChanged');

/** Connects to a target (a name, or an SSH destination) and tells what it is. Its kernel is read meanwhile and afterwards. */
export const connectRequest = new RequestType<{ target: string }, TargetState, void>('kgent/connect');
/** Asks the target anew for everything; resolves when that was read. */
export const refreshTargetRequest = new RequestType<{ target: string }, TargetState, void>('kgent/refreshTarget');
export const targetStateNotification = new NotificationType<TargetState>('kgent/targetState');

export interface NewTarget {
  readonly name: string;
  /** `user@host`, `user@host:port` or a host of ~/.ssh/config. */
  readonly destination: string;
}

/** What is wrong with what a person typed so far; null when nothing is. */
export const judgeTargetRequest = new RequestType<Partial<NewTarget>, string | null, void>('kgent/judgeTarget');
export const addTargetRequest = new RequestType<NewTarget, void, void>('kgent/addTarget');
export const removeTargetRequest = new RequestType<{ target: string }, void, void>('kgent/removeTarget');
/** The hosts ~/.ssh/config names. */
export const sshHostsRequest = new RequestType0<readonly string[], void>('kgent/sshHosts');

/** Copies a bpftrace (a file of the machine the server runs on) to a target. Answers with what it says of itself. */
export const copyBpftraceRequest = new RequestType<{ target: string; file: string }, { readonly version: string; /** The one programs are checked with. */ readonly used: string }, void>('kgent/copyBpftrace');
/** Client to server: what was answered under these keys is not to be used again. */
export const forgetSecretsNotification = new NotificationType<{ readonly keys: readonly string[] }>('kgent/forgetSecrets');

export interface CheckOnTargets {
  readonly uri: string;
  readonly text: string;
  readonly language: Language;
  readonly targets: readonly string[];
}

/** What one program is worth on one target. */
export interface TargetReport {
  readonly target: string;
  readonly findings: readonly Finding[];
  /** Checks that could not do their work there, and why. */
  readonly skipped: readonly { readonly check: CheckName; readonly reason: string }[];
}

/** Checks one program against several targets at once; also tells what their kernels have not alike, a sentence each. */
export const checkOnTargetsRequest = new RequestType<CheckOnTargets, { readonly reports: readonly TargetReport[]; readonly differences: readonly string[] }, void>('kgent/checkOnTargets');
