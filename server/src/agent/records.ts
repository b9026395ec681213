import type { Knowledge, SearchHit } from '../knowledge/knowledge.ts';
import { fence } from './prompt.ts';

const MAX_SPECS = 8;
/** One record or program shown to a model; some helpers come with pages of notes. */
export const MAX_RECORD = 3_000;

/** The specs among what was retrieved, as a model is shown them: without the words people search by. */
export function recordsFor(knowledge: Knowledge, hits: readonly SearchHit[]): string {
  const records = hits
    .filter((hit) => hit.kind !== 'example')
    .slice(0, MAX_SPECS)
    .map((hit) => knowledge.spec(hit.id))
    .filter((record) => record !== undefined)
    .map((record) => JSON.stringify({ ...record, words: undefined }).slice(0, MAX_RECORD));
  return records.length > 0 ? fence(records.join('\n'), 'json') : 'None found.';
}
