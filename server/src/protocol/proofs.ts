/** The messages about proofs. Lines are counted from zero, as LSP does. */
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { Proof } from '../checks/contract/proof.ts';
import type { Assumption } from '../checks/contract/prover.ts';

export type { Proof, ProofEvent, ProofValue } from '../checks/contract/proof.ts';
export type { Assumption } from '../checks/contract/prover.ts';

/** What was found out about one version of a document. */
export interface Proofs {
  readonly version: number;
  readonly proofs: readonly Proof[];
  readonly assumptions: readonly Assumption[];
}

/** A contract that can be added above or into a probe or function. */
export interface ContractOffer {
  /** Without its `//@`: `requires args.sk != 0`; may be a snippet. */
  readonly clause: string;
  /** Why it is offered. */
  readonly why: string;
  /** The line it goes above. */
  readonly line: number;
}

/** Null: nothing is known of the text the document has now. */
export const proofsRequest = new RequestType<{ readonly uri: string }, Proofs | null, void>('kgent/proofs');
/** Proves the text a document has now, and answers when that is done. */
export const proveRequest = new RequestType<{ readonly uri: string }, Proofs | null, void>('kgent/prove');
/** What could be said of the probe or function a line belongs to. */
export const contractOffersRequest = new RequestType<{ readonly uri: string; readonly line: number }, readonly ContractOffer[], void>('kgent/contractOffers');
/** What a model says must hold, judged: it can be read, is not always true, and a mistake could break it. */
export interface WrittenContract {
  /** Without its `//@`. */
  readonly clause: string;
  /** In words. */
  readonly meaning: string;
  /** The line it goes above. */
  readonly line: number;
}

/** Has the model write contracts of a document that is to do what the sentence says. */
export const writeContractsRequest = new RequestType<{ readonly uri: string; readonly sentence: string }, readonly WrittenContract[], void>('kgent/writeContracts');
/** Server to client: other verdicts of a document are known, or none any more. */
export const proofsNotification = new NotificationType<{ readonly uri: string }>('kgent/proofsChanged');
