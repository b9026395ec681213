/**
 * The seam between the editor and the language server, beyond LSP itself. Types and method names
 * only; the client imports this file and `base/`, nothing else of the server.
 */
import { NotificationType, RequestType, RequestType0 } from 'vscode-languageserver-protocol';
import type { AgentEvent } from './agent/events.ts';
import type { RunEvent } from './run/events.ts';
import type { RunPlan } from './run/plan.ts';
import type { Language } from './checks/program.ts';
import type { SecretUse } from './target/target.ts';

export type { AgentEvent, AgentVerdict } from './agent/events.ts';
export type { RunEvent, RunEnded } from './run/events.ts';
export type { RunPlan } from './run/plan.ts';
export type { Finding } from './checks/finding.ts';
export type { Language } from './checks/program.ts';
export * from './protocol/clangd.ts';
export * from './protocol/index.ts';
export * from './protocol/knowledge.ts';
export * from './protocol/log.ts';
export * from './protocol/proofs.ts';
export * from './protocol/targets.ts';

export interface GenerateParams {
  /** Made by the client; events carry it. */
  readonly id: string;
  readonly sentence: string;
  readonly language?: Language;
}

export interface RunParams {
  readonly id: string;
  readonly uri: string;
  readonly text: string;
  readonly language: Language;
  /** Allow bpftrace's unsafe functions: the user was asked. */
  readonly unsafe?: boolean;
}

export interface FixParams {
  readonly id: string;
  readonly uri: string;
  /** The document's version that `text` is. */
  readonly version: number;
  readonly text: string;
  readonly language: Language;
  /** The finding to fix: its code and the (zero-based) line it begins on. The first error when absent. */
  readonly finding?: { readonly code: string; readonly line: number };
}

/** Resolves when the last event was sent. LSP cancellation stops it. Errors are ResponseErrors with a message for the user. */
export const generateRequest = new RequestType<GenerateParams, void, void>('kgent/generate');
export const generateEvent = new NotificationType<{ id: string; event: AgentEvent }>('kgent/generateEvent');

/** As `kgent/generate`, for a program that is there: its events are `generateEvent`s. */
export const fixRequest = new RequestType<FixParams, void, void>('kgent/fix');

/** Server to client: what tools do with a document now; null when they are done with it. */
export const checkingNotification = new NotificationType<{ readonly uri: string; readonly doing: string | null }>('kgent/checking');

export const planRunRequest = new RequestType<Omit<RunParams, 'id'>, RunPlan, void>('kgent/planRun');
export const runRequest = new RequestType<RunParams, void, void>('kgent/run');
export const runEvent = new NotificationType<{ id: string; event: RunEvent }>('kgent/runEvent');
/** Asks a run to finish: maps are printed, then it ends. */
export const stopRunNotification = new NotificationType<{ id: string }>('kgent/stopRun');

/** Server to client: a host key nobody knows yet. */
export const trustHostKeyRequest = new RequestType<{ host: string; keyType: string; fingerprint: string }, boolean, void>('kgent/trustHostKey');
/**
 * Server to client: a password, a passphrase, a code. Null when the user gives none. With a `key` the client may answer from its secret
 * store, unless `again` says that the last answer was wrong; it keeps a new answer when `secretJudged` calls it right.
 */
export const secretRequest = new RequestType<{ readonly what: string } & SecretUse, string | null, void>('kgent/secret');
/** Server to client: the answer given under this key was right (keep it) or wrong (forget it). */
export const secretJudged = new NotificationType<{ key: string; verdict: 'right' | 'wrong' }>('kgent/secretJudged');
/** Server to client: the model's API key out of the secret store. Null when there is none. */
export const apiKeyRequest = new RequestType0<string | null, void>('kgent/apiKey');
