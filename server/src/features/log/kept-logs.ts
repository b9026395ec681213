import type { RefusedLog } from '../../checks/load/refused.ts';

/** Characters of logs that are kept at most, of all documents together. */
const MAX_KEPT = 64 * 1024 * 1024;

/** The refused loads of one version of a document. */
export interface Refused {
  readonly uri: string;
  readonly version: number;
  readonly source: string;
  readonly logs: readonly RefusedLog[];
}

export interface KeptLog extends RefusedLog {
  /** Never given twice. */
  readonly id: string;
}

export type Kept = Omit<Refused, 'logs'> & { readonly logs: readonly KeptLog[] };

/** The logs of each document's last load. When they become too many, the documents loaded longest ago lose theirs. */
export class KeptLogs {
  readonly #documents = new Map<string, Kept>();
  readonly #most: number;
  #given = 0;

  constructor(most = MAX_KEPT) {
    this.#most = most;
  }

  /** Takes the place of what was kept of the document; without logs nothing is. */
  put({ logs, ...about }: Refused): void {
    this.#documents.delete(about.uri);
    if (logs.length === 0) return;
    this.#documents.set(about.uri, { ...about, logs: this.#fitting(logs).map((log) => ({ ...log, id: String(++this.#given) })) });
    for (const uri of this.#documents.keys()) {
      if (this.#size() <= this.#most) break;
      if (uri !== about.uri) this.#documents.delete(uri);
    }
  }

  of(uri: string): Kept | undefined {
    return this.#documents.get(uri);
  }

  log(id: string): { readonly kept: Kept; readonly log: KeptLog } | undefined {
    for (const kept of this.#documents.values()) {
      const log = kept.logs.find((one) => one.id === id);
      if (log) return { kept, log };
    }
    return undefined;
  }

  /** The first logs that are not too much by themselves. */
  #fitting(logs: readonly RefusedLog[]): readonly RefusedLog[] {
    let size = 0;
    return logs.filter(({ text }) => (size += text.length) <= this.#most);
  }

  #size(): number {
    return [...this.#documents.values()].flatMap(({ logs }) => logs).reduce((size, { text }) => size + text.length, 0);
  }
}
