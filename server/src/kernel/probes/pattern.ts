/** A name with `*` for any run of characters, as bpftrace matches attach points. */
export interface Pattern {
  /** What stands between the stars; one piece when there is none. */
  readonly pieces: readonly Uint8Array[];
  /** The longest piece. */
  readonly rarest: Uint8Array;
}

const encoder = new TextEncoder();

export function compilePattern(text: string): Pattern {
  const pieces = text.split(/\*+/).map((piece) => encoder.encode(piece));
  return { pieces, rarest: pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest)) };
}

/** Whether the bytes from `start` to `end` match. Pieces are taken as early as they fit, which for stars is enough. */
export function matchesPattern({ pieces }: Pattern, bytes: Uint8Array, start: number, end: number): boolean {
  const first = pieces[0] ?? EMPTY;
  if (pieces.length === 2 && first.length === 0 && pieces[1]?.length === 0) return true;
  if (!isAt(first, bytes, start, end)) return false;
  if (pieces.length === 1) return end - start === first.length;
  const last = pieces[pieces.length - 1] ?? EMPTY;
  const lastAt = end - last.length;
  let at = start + first.length;
  if (lastAt < at || !isAt(last, bytes, lastAt, end)) return false;
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i] ?? EMPTY;
    while (at + piece.length <= lastAt && (bytes[at] !== piece[0] || !isAt(piece, bytes, at, lastAt))) at++;
    if (at + piece.length > lastAt) return false;
    at += piece.length;
  }
  return true;
}

const EMPTY = new Uint8Array();

function isAt(piece: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + piece.length > end) return false;
  for (let i = 0; i < piece.length; i++) if (bytes[at + i] !== piece[i]) return false;
  return true;
}
