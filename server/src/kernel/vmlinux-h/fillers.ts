/** Widest first: each stands where its own width divides the place, so that no compiler moves it. */
const WORDS = [[64, 'long'], [32, 'int'], [16, 'short'], [8, 'char']] as const;

/** Bit fields without names that take up the bits between two places of a struct. `spend` is told of each before it is made. */
export function fillers(from: number, to: number, spend: (amount: number) => void): string {
  const parts: string[] = [];
  for (let at = from; at < to; ) {
    spend(10);
    const word = WORDS.find(([bits]) => at % bits === 0 && to - at >= bits);
    const bits = word?.[0] ?? Math.min(8 - (at % 8), to - at);
    parts.push(`${word?.[1] ?? 'char'}: ${bits};`);
    at += bits;
  }
  return parts.join(' ');
}
