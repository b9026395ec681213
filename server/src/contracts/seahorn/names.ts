/** Words that C, its headers or the printed file itself use. What the file makes of names has two underscores in it, or one at its end: names have not. */
const TAKEN = new Set(
  `auto bool break case char const continue default do double else enum extern false float for goto if inline int long register restrict return short
  signed sizeof static struct switch true typedef typeof union unsigned void volatile while asm main assume sassert event last judge unix linux
  int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uint128_t int128_t any holds over UNROLL NOTHING PUT REMOVED CLEARED event_done`.split(/\s+/),
);

/** Names of a program as C has them: what they are called there, without what C does not know, and each thing its own. */
export class Names {
  readonly #given = new Map<string, string>();
  readonly #taken = new Set(TAKEN);

  /** `kind` keeps things apart that the program calls the same. The same thing has the same name. */
  of(kind: string, name: string): string {
    const key = `${kind} ${name}`;
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const plain = plainName(name);
    let fresh = plain;
    for (let n = 2; this.#taken.has(fresh); n++) fresh = `${plain}_${n}`;
    this.#taken.add(fresh);
    this.#given.set(key, fresh);
    return fresh;
  }
}

/** `@start` → `start`, `args.dport` → `args_dport`, `((struct sock *)arg0)->__sk_common.skc_dport` → `struct_sock_arg0_sk_common_skc_dport`. */
export function plainName(name: string): string {
  const words = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  // What begins with nd_ is SeaHorn's input.
  return words === '' ? 'unnamed' : /^(?:\d|nd_)/.test(words) ? `n_${words}` : words;
}
