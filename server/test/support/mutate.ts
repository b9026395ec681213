/** A source of whole numbers below `n`, the same ones for the same seed. */
export type Random = (n: number) => number;

export function randomly(seed: number): Random {
  let state = seed >>> 0;
  return (n) => {
    // Numerical Recipes' constants.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const TOKEN = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|[$@]?\w+|->|[<>=!]=|&&|\|\||\+\+|--|\S/g;

/** A text without one of its tokens; comments count as one. */
export function deleteToken(text: string, random: Random): { text: string; at: number } {
  const tokens = [...text.matchAll(TOKEN)];
  const token = tokens[random(tokens.length)];
  if (!token) return { text, at: 0 };
  return { text: text.slice(0, token.index) + text.slice(token.index + token[0].length), at: token.index };
}

const PIECES = ['{', '}', '(', ')', '[', ']', '"', '/*', '*/', '//', ';', ',', '->', '.', '$', '@', '#', '\\', '\n', '\r\n', '\0', '😀', '\uD83D', 'kprobe:', '/', '=', '0x', 'if', 'else', '\nBEGIN {', '\nstruct a {'];

/** A text changed at some places: cut, doubled, with things put in; or nothing but noise. */
export function mutate(text: string, random: Random): string {
  if (random(10) === 0) return Array.from({ length: random(2_000) }, () => (random(3) === 0 ? String.fromCharCode(random(0x250)) : (PIECES[random(PIECES.length)] ?? ''))).join('');
  let result = text;
  for (let i = random(5); i >= 0; i--) {
    const from = random(result.length + 1);
    const to = Math.min(result.length, from + random(random(2) === 0 ? 4 : 200));
    const pieces = [PIECES[random(PIECES.length)] ?? '', '', result.slice(from, to).repeat(2)];
    result = result.slice(0, from) + (pieces[random(pieces.length)] ?? '') + result.slice(to);
  }
  return result;
}
