/**
 * What C leaves undefined, as the verification model defines it: division by zero and shifts by the width or more are those of SMT-LIB's bit-vectors;
 * what a language makes of them is written out by who translates it. None takes a pointer: SeaHorn would keep what it points to in its memory model.
 */
const TEMPLATES: Readonly<Record<string, (unsigned: string, signed: string, bits: number) => string>> = {
  udiv: (u) => `static inline ${u} NAME(${u} a, ${u} b) { return b == 0 ? ~(${u})0 : a / b; }`,
  urem: (u) => `static inline ${u} NAME(${u} a, ${u} b) { return b == 0 ? a : a % b; }`,
  sdiv: (u, s) => `static inline ${u} NAME(${s} a, ${s} b) { return b == 0 ? (a < 0 ? 1 : ~(${u})0) : b == -1 ? 0 - (${u})a : (${u})(a / b); }`,
  srem: (u, s) => `static inline ${u} NAME(${s} a, ${s} b) { return b == 0 ? (${u})a : b == -1 ? 0 : (${u})(a % b); }`,
  shl: (u, _, bits) => `static inline ${u} NAME(${u} a, ${u} b) { return b < ${bits} ? a << b : 0; }`,
  lshr: (u, _, bits) => `static inline ${u} NAME(${u} a, ${u} b) { return b < ${bits} ? a >> b : 0; }`,
  ashr: (u, s, bits) => `static inline ${u} NAME(${s} a, ${u} b) { return (${u})(a >> (b < ${bits} ? b : ${bits - 1})); }`,
  sx: (u, s, bits) => `static inline ${s} NAME(${u} a, unsigned width) { return (${s})(a << (${bits} - width)) >> (${bits} - width); }`,
  funnel: (u, _, bits) => `static inline ${u} NAME(${u} high, ${u} low, ${u} by) { return by == 0 ? high : high << by | low >> (${bits} - by); }`,
  join: (u) => `static inline ${u} NAME(uint64_t low, uint64_t high) { return (${u})high << 64 | low; }`,
};

/** The helpers a file needs, in an order that C accepts. */
export class Helpers {
  readonly #needed = new Map<string, string>();

  /** The name of a helper on words of 64 or 128 bits. Throws for one there is none of: a defect of the caller. */
  use(helper: string, bits: 64 | 128): string {
    const name = `bv__${helper}${bits}`;
    const [u, s] = bits === 64 ? ['uint64_t', 'int64_t'] : ['uint128_t', 'int128_t'];
    const template = TEMPLATES[helper];
    if (!template) throw new TypeError(`there is no helper ${helper}`);
    this.#needed.set(name, template(u, s, bits).replace('NAME', name));
    return name;
  }

  lines(): readonly string[] {
    const wide = [...this.#needed.keys()].some((name) => name.endsWith('128'));
    return [...(wide ? ['typedef unsigned __int128 uint128_t;', 'typedef __int128 int128_t;'] : []), ...this.#needed.values()];
  }
}
