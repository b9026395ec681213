/**
 * A little reading of C as text: enough to name a value by the words of its line. A syntax tree is not at hand where a
 * log comes without its source.
 */

/** The line without comments and with the insides of strings blanked; columns stay. */
export function bare(line: string): string {
  return line
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, (s) => `"${' '.repeat(Math.max(0, s.length - 2))}"`)
    .replaceAll(/'(?:[^'\\]|\\.)*'/g, (s) => ' '.repeat(s.length))
    .replaceAll(/\/\*.*?\*\//g, (s) => ' '.repeat(s.length))
    .replace(/\/\/.*$/, (s) => ' '.repeat(s.length));
}

const KEYWORDS = new Set('if else for while do return sizeof break continue goto switch case default struct union enum const static volatile unsigned signed int char long short void'.split(' '));

export function identifiers(text: string): string[] {
  return [...bare(text).matchAll(/[A-Za-z_]\w*/g)].map((m) => m[0]).filter((name) => !KEYWORDS.has(name));
}

/** A name as it may stand in a pattern: names of damaged logs may hold anything. */
export function literal(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** Whether the line gives the variable a value: `v = …`, `v += …`, `v++`; not `v->f = …`, `*v = …`, `v == …`. */
export function assigns(line: string, name: string): boolean {
  const text = bare(line);
  const word = literal(name);
  const written = new RegExp(`(?:^|[^\\w.>])${word}\\s*(?:\\[[^\\]]*\\]\\s*)?(?:=(?!=)|(?:[-+*/|&^%]|<<|>>)=|\\+\\+|--)`, 'g');
  for (const m of text.matchAll(written)) {
    const before = text.slice(0, m.index + 1).trimEnd();
    // `*v = 1` writes what it points to, `u64 *v = f()` the pointer: a declaration has a type before its star.
    const starred = /\*\s*$/.test(before.endsWith('*') ? before : text.slice(0, text.indexOf(name, m.index)));
    if (!starred || /(?:^|[;{(,]|\b)[A-Za-z_]\w*\s*\*+\s*$/.test(text.slice(0, text.indexOf(name, m.index)))) return true;
  }
  return new RegExp(`(?:\\+\\+|--)\\s*${word}\\b(?!\\s*(?:->|\\.|\\[))`).test(text);
}

/** Whether the line hands the variable's address on: a callee may write it. */
export function givesAddress(line: string, name: string): boolean {
  return new RegExp(`&\\s*${literal(name)}\\b(?!\\s*(?:->|\\[))`).test(bare(line));
}

/** Whether the line declares the variable: `struct event ev;`, `u32 i, key;`, `char buf[16] = {};`, a parameter. */
export function declares(line: string, name: string): boolean {
  const text = bare(line).replace(/^\s*(?:return|goto|else)\b.*/, '').replaceAll(/\bsizeof\s+(?=\w)/g, '');
  const types = String.raw`(?:[A-Za-z_]\w*[\s*]+)+`;
  const word = literal(name);
  const ends = String.raw`\s*(?:[;=,)[]|$)`;
  return new RegExp(String.raw`(?:^\s*|[(,;{]\s*)${types}${word}${ends}|^\s*${types}[^()]*,\s*\**${word}${ends}|\}\s*\**${word}\s*(?:[;=,]|\[)`).test(text);
}

/** What a line gives a value to: the variable of `T v = e;` or `v = e;`. */
export function assignedVariable(line: string): string | undefined {
  const m = /^[^=(){}]*?\b([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?(?:[-+|&]|<<|>>)?=(?!=)/.exec(bare(line));
  return m && /^\s*\**\s*(?:[A-Za-z_][\w\s*]*[\s*])?[A-Za-z_]\w*\s*(?:\[[^\]]*\]\s*)?(?:[-+|&]|<<|>>)?=/.test(bare(line)) ? m[1] : undefined;
}

/** A place in a text that follows a pointer or an index. */
export interface Dereference {
  /** The pointer's own words: `ip`, `s->next`. */
  readonly base: string;
  /** The leading variable. */
  readonly variable: string;
  readonly start: number;
  readonly end: number;
  /** What stands between the brackets. */
  readonly index?: string;
}

const POINTER = /(?<![\w.]|->)([A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*|\[[^\][]*\])*?)(?:->([A-Za-z_]\w*)|\[([^\][]*)\])/g;

/** The places of a line that follow a pointer: `ip->protocol`, `t->seen[port]`, `*v`. */
export function dereferences(line: string): Dereference[] {
  const text = bare(line);
  const found: Dereference[] = [];
  for (const m of text.matchAll(POINTER)) {
    const base = m[1] ?? '';
    found.push({ base, variable: /^\w+/.exec(base)?.[0] ?? base, start: m.index, end: m.index + m[0].length, ...(m[3] === undefined ? {} : { index: m[3].trim() }) });
    // An index may follow pointers itself: `seen[h->port]`.
    const inside = m.index + m[0].length - 1 - (m[3]?.length ?? 0);
    if (m[3] !== undefined) found.push(...dereferences(m[3]).map((each) => ({ ...each, start: each.start + inside, end: each.end + inside })));
    // The pattern takes the shortest base first; the rest of a chain follows pointers too.
    let rest = m.index + m[0].length;
    for (let more = /^(?:\.\w+)*(?:->[A-Za-z_]\w*|\[([^\][]*)\])/.exec(text.slice(rest)); more; more = /^(?:\.\w+)*(?:->[A-Za-z_]\w*|\[([^\][]*)\])/.exec(text.slice(rest))) {
      found.push({ base: text.slice(m.index, rest), variable: /^\w+/.exec(base)?.[0] ?? base, start: m.index, end: rest + more[0].length, ...(more[1] === undefined ? {} : { index: more[1].trim() }) });
      rest += more[0].length;
    }
  }
  for (const m of text.matchAll(/(^|[^\w)\]\s]|\breturn|[=(,!&|+-])\s*\*\s*([A-Za-z_]\w*)/g)) {
    const start = m.index + m[0].lastIndexOf('*');
    found.push({ base: m[2] ?? '', variable: m[2] ?? '', start, end: m.index + m[0].length });
  }
  return found;
}

/** The arguments of a call in a text, with where each stands; undefined when there is no such call. */
export function callArguments(text: string, callee: string): { readonly text: string; readonly start: number; readonly end: number }[] | undefined {
  const clean = bare(text);
  const m = new RegExp(`\\b${literal(callee)}\\s*\\(`).exec(clean);
  if (!m) return undefined;
  const found: { text: string; start: number; end: number }[] = [];
  let depth = 0;
  let from = m.index + m[0].length;
  const push = (to: number): void => {
    const raw = text.slice(from, to);
    const lead = raw.length - raw.trimStart().length;
    found.push({ text: raw.trim().replaceAll(/\s+/g, ' '), start: from + lead, end: from + raw.trimEnd().length });
  };
  for (let i = from; i < clean.length; i++) {
    const c = clean[i];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') {
      if (depth === 0) {
        push(i);
        return found;
      }
      depth--;
    } else if (c === ',' && depth === 0) {
      push(i);
      from = i + 1;
    }
  }
  push(clean.length);
  return found;
}
