import type { randomly } from '../mutate.ts';

type Random = ReturnType<typeof randomly>;

/** Ways in which a right program is made wrong, or stays right by luck: bpftrace says which. */
const FAULTS: readonly ((text: string, random: Random) => string)[] = [
  // A letter too many, too few, or another one in some word.
  (text, random) => replaceAny(text, /[A-Za-z_]{3,}/g, random, (word) => misspell(word, random)),
  (text, random) => replaceAny(text, /[A-Za-z_]{3,}(?=\()/g, random, (word) => misspell(word, random)),
  (text, random) => replaceAny(text, /(?<=->)[a-z_]+/g, random, (word) => misspell(word, random)),
  // An argument or a key less or more.
  (text, random) => replaceAny(text, /, (?:[a-z]+|\d+)(?=[,)\]])/g, random, () => ''),
  (text, random) => replaceAny(text, /(?<=[([])(?=[a-z\d"@$])/g, random, () => pick(random, ['1, ', 'comm, ', 'kstack, '])),
  // Another format, operator, sigil, key, name.
  (text, random) => replaceAny(text, /%[-\d]*[a-z]+/g, random, () => pick(random, ['%d', '%s', '%x', '%r', '%p', '%c', '%%'])),
  (text, random) => replaceAny(text, / (?:\+|-|\*|\/|==|!=|<|>|&&|\|\|) /g, random, () => pick(random, [' + ', ' == ', ' < ', ' && ', ' | ', ' - '])),
  (text, random) => replaceAny(text, /[@$][a-z]\d*/g, random, (name) => pick(random, ['@z9', '$z9', name.replace(/^./, name.startsWith('@') ? '$' : '@')])),
  (text, random) => replaceAny(text, /@[a-z]\d*\[/g, random, (name) => `${name}"k", `),
  (text, random) => replaceAny(text, /@[a-z]\d*(?=\[)[^\]]*\]/g, random, (name) => name.replace(/\[.*/, '')),
  (text, random) => replaceAny(text, /\b(?:count|sum|min|max|avg|stats|hist)\b(?=\()/g, random, () => pick(random, ['count', 'sum', 'hist', 'min', 'stats'])),
  (text, random) => replaceAny(text, /\b(?:pid|tid|nsecs|comm|curtask|cpu)\b/g, random, () => pick(random, ['retval', 'arg0', 'func', 'args', 'kstack', 'username', '"text"', '(1, 2)'])),
  (text, random) => replaceAny(text, /->/g, random, () => '.'),
  (text, random) => replaceAny(text, /\bu?int(?:8|16|32|64)\b/g, random, () => pick(random, ['uint128', 'string', 'struct task_struct', 'struct nope', 'int64 *'])),
  (text, random) => replaceAny(text, /unroll \(\d+\)/g, random, () => pick(random, ['unroll (0)', 'unroll (101)', 'unroll (pid)'])),
  (text, random) => replaceAny(text, /tracepoint:\w+:\w+|interval:\w+:\d+|profile:\w+:\d+|software:[\w-]+:\d+/g, random, (header) => misspell(header, random)),
  (text, random) => replaceAny(text, /;/g, random, () => pick(random, ['; return;', '; break;', '; continue;', ''])),
  (text, random) => replaceAny(text, /[;)(}{\]]/g, random, () => ''),
];

/** The program with one random fault. */
export function withFault(text: string, random: Random): string {
  for (let i = 0; i < 20; i++) {
    const fault = FAULTS[random(FAULTS.length)];
    const faulty = fault?.(text, random) ?? text;
    if (faulty !== text) return faulty;
  }
  return text;
}

function pick(random: Random, from: readonly string[]): string {
  return from[random(from.length)] ?? '';
}

function replaceAny(text: string, pattern: RegExp, random: Random, by: (found: string) => string): string {
  const all = [...text.matchAll(pattern)];
  const match = all[random(Math.max(1, all.length))];
  return match ? text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length) : text;
}

function misspell(word: string, random: Random): string {
  const at = random(word.length);
  switch (random(3)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return word.slice(0, at) + (word[at] ?? 'x') + word.slice(at);
    default:
      return `${word.slice(0, at)}${word.charAt(at) === 'q' ? 'z' : 'q'}${word.slice(at + 1)}`;
  }
}
