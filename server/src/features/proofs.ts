import type { Connection } from 'vscode-languageserver/node';
import { offersFor, type ConditionsOf } from '../contracts/language/queries/offers.ts';
import { contractOffersRequest, proofsRequest, proveRequest, writeContractsRequest, type Proofs, type WrittenContract } from '../protocol.ts';
import type { CSnapshot } from './bpfc/programs.ts';
import type { Programs, Snapshot } from './programs.ts';
import { abortOn, forUser } from './request.ts';

export interface ProofsOptions {
  readonly connection: Connection;
  readonly programs: Programs;
  /** What is known of the text a document has now. */
  readonly proofs: (uri: string) => Proofs | undefined;
  /** Proves that text now. */
  readonly prove: (uri: string, signal: AbortSignal) => Promise<Proofs | undefined>;
  readonly conditions: Promise<ConditionsOf>;
  /** Has the model say what must hold in it. */
  readonly write: (uri: string, sentence: string, signal: AbortSignal) => Promise<readonly WrittenContract[]>;
}

/** Answers what the editor asks of proofs. */
export function registerProofs({ connection, programs, proofs, prove, conditions, write }: ProofsOptions): void {
  connection.onRequest(proofsRequest, ({ uri }) => proofs(uri) ?? null);
  connection.onRequest(proveRequest, ({ uri }, token) => forUser(async () => (await prove(uri, abortOn(token))) ?? null));
  connection.onRequest(writeContractsRequest, ({ uri, sentence }, token) => forUser(() => write(uri, sentence, abortOn(token))));
  connection.onRequest(contractOffersRequest, ({ uri, line }, token) =>
    forUser(async () => {
      const conditionsOf = await conditions;
      return programs.answer(uri, token, [], (snapshot) => offers(snapshot, line, conditionsOf), (snapshot) => offersInC(snapshot, line));
    }),
  );
}

function offers({ analysis, lines }: Snapshot, line: number, conditionsOf: ConditionsOf): { clause: string; why: string; line: number }[] {
  const probe = analysis().probes.find(({ placed }) => lines.position(placed.end).line >= line);
  if (!probe) return [];
  const above = lines.position(probe.placed.start).line;
  return offersFor(analysis(), probe, conditionsOf).map((offer) => ({ ...offer, line: above }));
}

function offersInC({ analysis, lines }: CSnapshot, line: number): { clause: string; why: string; line: number }[] {
  const program = analysis.programs.find(({ placed }) => lines.position(placed.end).line >= line);
  if (!program) return [];
  const above = lines.position(program.placed.start).line;
  return [
    { clause: 'requires ${1:ctx != 0}', why: 'What holds when the function is entered', line: above },
    { clause: 'ensures ${1:retval == 0}', why: 'What holds when it is left', line: above },
    ...[...analysis.maps.keys()].map((name) => ({ clause: `invariant ${name}[\${1:k}] : \${2:${name}[k] > 0}`, why: `What every entry of ${name} keeps`, line: above })),
  ];
}
