import * as z from 'zod';
import { FILES, readManifest, readStored } from './store.ts';

/** A description is shown up to this length: a hover is read at a glance. */
const MAX_LENGTH = 600;

const records = z.object({ specs: z.array(z.object({ id: z.string(), summary: z.string(), meaning: z.string() })) });

/** Texts of specs by id, for hovers; none of the search index is read. */
export class Described {
  #texts: ReadonlyMap<string, string> = new Map();

  /** Reads the specs of an index directory. Without one there is only less to say. */
  async read(dir: string): Promise<this> {
    const manifest = await readManifest(dir);
    const bytes = manifest && (await readStored(dir, manifest, FILES.items));
    const parsed = bytes && records.safeParse(JSON.parse(bytes.toString('utf8')));
    if (parsed?.success) this.#texts = new Map(parsed.data.specs.map(({ id, summary, meaning }) => [id, shortened([summary, meaning].filter((text) => text !== '').map(sentence).join(' '))]));
    return this;
  }

  /** What is known of an id as one types it in a program: `tracepoint:sched:sched_switch`. */
  text(id: string): string | undefined {
    return this.#texts.get(id);
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
