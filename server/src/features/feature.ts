import type { Connection, ServerCapabilities } from 'vscode-languageserver/node';
import type { Finding } from '../checks/finding.ts';
import type { Proofs } from '../protocol.ts';
import type { Settings } from '../settings.ts';
import type { ClientFeatures } from './client.ts';
import type { Programs } from './programs.ts';
import type { Described } from '../language/bpftrace/queries/described.ts';
import type { Workspace } from './workspace.ts';

/** What the answers to the editor are made of. */
export interface Editor {
  readonly connection: Connection;
  readonly programs: Programs;
  readonly workspace: Workspace;
  readonly settings: () => Settings;
  readonly client: () => ClientFeatures;
  /** Findings that are published for the very version a document has now. */
  readonly findings: (uri: string, version: number) => readonly Finding[];
  /** What was proved of the very text a document has now. */
  readonly proofs: (uri: string) => Proofs | undefined;
  /** Resolves when all is known of the text a document has now, repairs that are being tried included, or after `patienceMs`. */
  readonly whole: (uri: string, patienceMs: number) => Promise<void>;
  /** What the knowledge base says of an attach point, a function, a field; only what is in memory. */
  readonly described: Described;
}

/** One kind of answer. */
export interface Feature {
  readonly capabilities: ServerCapabilities;
  register(editor: Editor): void;
}
