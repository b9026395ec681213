/**
 * How many letters two names differ by (inserted, left out, replaced, or two neighbours swapped), or more than `max`
 * when it is more: then it stops early. Both are given as bytes from a start with a length.
 */
export function distance(a: Uint8Array, aStart: number, aLength: number, b: Uint8Array, bStart: number, bLength: number, max: number): number {
  if (Math.abs(aLength - bLength) > max) return max + 1;
  let [before, previous, row] = [new Uint16Array(bLength + 1), new Uint16Array(bLength + 1), new Uint16Array(bLength + 1)];
  for (let j = 0; j <= bLength; j++) row[j] = j;
  for (let i = 1; i <= aLength; i++) {
    [before, previous, row] = [previous, row, before];
    const [from, to] = [Math.max(1, i - max), Math.min(bLength, i + max)];
    const letter = a[aStart + i - 1];
    row[from - 1] = from === 1 ? i : max + 1;
    let least = row[from - 1] ?? 0;
    for (let j = from; j <= to; j++) {
      const other = b[bStart + j - 1];
      const above = j < i + max ? (previous[j] ?? 0) : max + 1;
      let cost = Math.min((previous[j - 1] ?? 0) + (letter === other ? 0 : 1), above + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && letter === b[bStart + j - 2] && other === a[aStart + i - 2];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > max) return max + 1;
  }
  return Math.min(row[bLength] ?? 0, max + 1);
}

/**
 * Which letters a name has, a bit each. One change of a name changes two bits at most, so most names are told apart
 * without looking at them.
 */
export function lettersOf(bytes: Uint8Array, start: number, length: number): number {
  let letters = 0;
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i] ?? 0;
    // a to z; the digits share five bits.
    if (byte >= 97 && byte <= 122) letters |= 1 << (byte - 97);
    else if (byte >= 48 && byte <= 57) letters |= 1 << (26 + (byte % 5));
  }
  return letters;
}

export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
