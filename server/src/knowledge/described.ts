import { openOwnRecords } from './open.ts';
import type { Records } from './index/records.ts';

/** A description is shown up to this length: a hover is read at a glance. */
const MAX_LENGTH = 600;

/** Texts of specs by id, for hovers; none of the search index is read. */
export class Described {
  #records: Records | undefined;

  /** Reads the specs of an index directory. Without one there is only less to say. */
  async read(dir: string): Promise<this> {
    this.#records = await openOwnRecords(dir).then(({ records }) => records, () => undefined);
    return this;
  }

  /** What is known of an id as one types it in a program: `tracepoint:sched:sched_switch`. */
  text(id: string): string | undefined {
    const spec = this.#records?.spec(id);
    return spec && shortened([spec.summary, spec.meaning].filter((text) => text !== '').map(sentence).join(' '));
  }
}

/** Summaries stand without a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Whole sentences up to the limit. */
function shortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const end = text.lastIndexOf('. ', MAX_LENGTH);
  return end > 0 ? text.slice(0, end + 1) : `${text.slice(0, MAX_LENGTH)}…`;
}
