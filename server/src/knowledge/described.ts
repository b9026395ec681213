import { cardOf, valueText, type Card } from './card.ts';
import type { Records } from './index/records.ts';
import type { Example } from './knowledge.ts';
import { openOwnRecords } from './open.ts';

/** What the specs say by id, for hovers, and the examples; none of the search index is read. */
export class Described {
  #records: Records | undefined;

  /** Reads the records of an index directory. Without one there is only less to say. */
  async read(dir: string): Promise<this> {
    this.#records = await openOwnRecords(dir).then(({ records }) => records, () => undefined);
    return this;
  }

  /** What is known of an id as one types it in a program: `tracepoint:sched:sched_switch`. */
  card(id: string): Card | undefined {
    const spec = this.#records?.spec(id);
    return spec && cardOf(spec);
  }

  /** What an argument of it means; `retval` is its result. */
  argument(id: string, name: string): string | undefined {
    const spec = this.#records?.spec(id);
    const value = name === 'retval' ? spec?.returns : spec?.args.find((arg) => arg.name === name);
    return value && valueText(value);
  }

  /** The unit and byte order of an argument of it, of its result (`retval`), or of itself when it is a field and there is no name. */
  value(id: string, name?: string): { readonly unit?: string; readonly byteOrder?: 'network' | 'host' | 'little' | 'big' } | undefined {
    const spec = this.#records?.spec(id);
    const value = name === undefined ? (spec?.kind === 'field' ? spec.args[0] : undefined) : name === 'retval' ? spec?.returns : spec?.args.find((arg) => arg.name === name);
    return value && { ...(value.unit !== undefined && { unit: value.unit }), ...(value.byteOrder !== undefined && { byteOrder: value.byteOrder }) };
  }

  /** What holds when it is entered, and when it is left: conditions in the language of contracts. */
  conditions(id: string): { readonly pre: readonly string[]; readonly post: readonly string[] } | undefined {
    const spec = this.#records?.spec(id);
    return spec && { pre: spec.pre, post: spec.post };
  }

  examples(): readonly Example[] {
    const records = this.#records;
    return records ? [...records.ids('examples')].flatMap((id) => records.example(id) ?? []) : [];
  }
}
