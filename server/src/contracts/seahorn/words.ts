/** Part of a value as C text; its bits above the width are 0. */
export interface Piece {
  readonly text: string;
  readonly width: number;
}

/** Bits of the widest word: C has no wider type that SeaHorn gives values for. */
export const WORD = 64;

/** The type that holds a word. */
export function typeOf(width: number, signed = false): string {
  return `${signed ? '' : 'u'}int${containerOf(width)}_t`;
}

export function containerOf(width: number): number {
  return [8, 16, 32].find((bits) => width <= bits) ?? 64;
}

/** Widths of the words a value is kept in, the lowest first. */
export function wordWidths(width: number): readonly number[] {
  return Array.from({ length: Math.max(1, Math.ceil(width / WORD)) }, (_, n) => Math.min(WORD, width - n * WORD));
}

export function literal(value: bigint, width: number): string {
  const text = value > 0xffffn ? `0x${value.toString(16)}` : String(value);
  return width <= 16 ? text : width <= 32 ? `${text}u` : `${text}ull`;
}

/** A text whose value may have more bits, cut to a width. */
export function cut(text: string, width: number): string {
  const container = containerOf(width);
  if (container === width) return `(${typeOf(width)})${atom(text)}`;
  return `(${typeOf(width)})(${atom(text)} & ${literal((1n << BigInt(width)) - 1n, Math.max(width, 32))})`;
}

/** In brackets when it is more than one word. */
export function atom(text: string): string {
  return /^(?:[\w.]+|[A-Za-z_]\w*\([^()]*\))$/.test(text) ? text : `(${text})`;
}

/** The bits of values that stand side by side, the lowest first: those from `low`, as words. */
export function bitsOf(pieces: readonly Piece[], low: number, width: number): readonly Piece[] {
  return wordWidths(width).map((bits, n) => ({ text: wordOf(pieces, low + n * WORD, bits), width: bits }));
}

function wordOf(pieces: readonly Piece[], low: number, width: number): string {
  const parts: string[] = [];
  let at = 0;
  for (const piece of pieces) {
    const [from, to] = [Math.max(low, at), Math.min(low + width, at + piece.width)];
    if (from < to && !/^(?:0x)?0+(?:u|ull)?$/.test(piece.text)) {
      if (from === low && to - from === width && from === at && piece.width === width) return piece.text;
      parts.unshift(part(piece, from - at, to - from, from - low, width));
    }
    at += piece.width;
  }
  const [only] = parts;
  if (only === undefined) return literal(0n, width);
  return parts.length === 1 ? only : `${typeOf(width) === 'uint64_t' || typeOf(width) === 'uint32_t' ? '' : `(${typeOf(width)})`}(${parts.join(' | ')})`;
}

/** `count` bits of a piece from its bit `skip` on, put at bit `to` of a word. */
function part({ text, width }: Piece, skip: number, count: number, to: number, word: number): string {
  const shifted = skip === 0 ? text : `${atom(text)} >> ${skip}`;
  const taken = skip + count === width ? (skip === 0 ? text : `(${typeOf(count)})(${shifted})`) : cut(shifted, count);
  if (to === 0) return containerOf(count) === containerOf(word) ? taken : `(${typeOf(word)})${atom(taken)}`;
  return `((${word <= 32 ? 'uint32_t' : 'uint64_t'})${atom(taken)} << ${to})`;
}
