import type { CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import { functionsOf, type PlacedCItem } from '../../language/bpfc/syntax/document.ts';

/** What counts time: nanoseconds, or the kernel's ticks. */
export type TimeUnit = 'ns' | 'jiffies';

/** Values in two units are in none. */
type Known = ReadonlyMap<string, TimeUnit | undefined>;

const CLOCK = /^bpf_(ktime_get_\w*ns|jiffies64)\(\)$/;
const SUM = /^\(?\s*([^()+]+|bpf_\w+\(\))\s*\+\s*(?:\w+|\d\w*)\s*\)?$/;

/** Units of times in a program: of what clocks give, of variables that were given it, and of entries of maps that these were stored in. */
export class TimeUnits {
  readonly #variables = new Map<PlacedCItem, Known>();
  readonly #pointers = new Map<PlacedCItem, ReadonlyMap<string, string>>();
  readonly #entries = new Map<string, TimeUnit | undefined>();

  constructor({ document }: CAnalysis) {
    const functions = functionsOf(document);
    for (const { placed } of functions) {
      const variables = new Map<string, TimeUnit | undefined>();
      for (const [, name = '', clock = ''] of placed.item.text.matchAll(/(\w+)\s*=\s*(bpf_(?:ktime_get_\w*ns|jiffies64)\(\))\s*[,;]/g)) note(variables, name, unitOfClock(clock));
      this.#variables.set(placed, variables);
      this.#pointers.set(placed, new Map([...placed.item.text.matchAll(/(\w+)\s*=\s*bpf_map_lookup_elem\(\s*&(\w+)/g)].map(([, pointer = '', map = '']): [string, string] => [pointer, map])));
    }
    for (const { placed } of functions) this.#stores(placed);
  }

  /** The unit of an expression of a function, as it is written. */
  of(placed: PlacedCItem, text: string): TimeUnit | undefined {
    const own = text.trim();
    const clock = unitOfClock(own);
    if (clock || /^\w+$/.test(own)) return clock ?? this.#variables.get(placed)?.get(own);
    const entry = this.#entryOf(placed, own);
    if (entry !== undefined) return this.#entries.get(entry);
    const [, inner] = SUM.exec(own) ?? [];
    return inner === undefined ? undefined : this.of(placed, inner);
  }

  #stores(placed: PlacedCItem): void {
    const { text } = placed.item;
    for (const [, target = '', value = ''] of text.matchAll(/(\*\w+|\w+->\w+)\s*=\s*([^=;]+);/g)) {
      // A pointer's declaration is no store.
      const entry = value.includes('bpf_map_lookup') ? undefined : this.#entryOf(placed, target);
      if (entry !== undefined) note(this.#entries, entry, this.of(placed, value));
    }
    for (const [, map = '', value = ''] of text.matchAll(/bpf_map_update_elem\(\s*&(\w+)\s*,[^,]*,\s*&(\w+)/g)) note(this.#entries, `${map} *`, this.of(placed, value));
  }

  /** `*p`, `p->field` where p is an entry: the map and the field. */
  #entryOf(placed: PlacedCItem, text: string): string | undefined {
    const [, whole, pointer, field] = /^(?:\*\s*(\w+)|(\w+)->(\w+))$/.exec(text) ?? [];
    const map = this.#pointers.get(placed)?.get(whole ?? pointer ?? '');
    return map === undefined ? undefined : `${map} ${field ?? '*'}`;
  }
}

function unitOfClock(text: string): TimeUnit | undefined {
  const name = CLOCK.exec(text)?.[1];
  return name === undefined ? undefined : name === 'jiffies64' ? 'jiffies' : 'ns';
}

function note(known: Map<string, TimeUnit | undefined>, name: string, unit: TimeUnit | undefined): void {
  known.set(name, known.has(name) && known.get(name) !== unit ? undefined : unit);
}
