import type { Span } from '../../../base/span.ts';
import { lineEnd } from './lex.ts';

/** What other languages write, and what bpftrace writes instead. */
export interface Habit {
  readonly message: string;
  readonly repair?: { readonly title: string; readonly span: Span; readonly newText: string };
}

const KEYWORDS = 'if|else|while|for|unroll|return|break|continue|let|config|macro|fn|import';

/** Tried on the rest of the line, from the place where reading stopped. */
const BEHIND: readonly (readonly [RegExp, string])[] = [
  [/^(?:=\s)?and\b|^\S+ and\b/, 'Write && for and.'],
  [/^or\b|^\S+ or\b/, 'Write || for or.'],
  [/^not\b/, 'Write ! for not.'],
  [/^(?:for\s*\(\s*)?\$\w+\s+in\b|^in\b|^for\s*\(\s*\$\w+\s+in\b/, 'Write for ($kv : @map) { … }.'],
  [/^do\b/, 'There is no do. Write while (…) { … }.'],
  [/^=>/, 'Unexpected =>'],
  [/^fn\b/, 'A function is written fn name($x : uint64) : uint64 { … }.'],
  [/^macro\b/, 'A macro is written macro name($x, @y, z) { … }.'],
  [/^config\b/, 'The configuration is written config = { name = value; … }.'],
  [/^let\s+@/, 'A map is declared with its kind and size: let @name = hash(100);'],
];

/** Calls that are none. */
const CALLED: Readonly<Record<string, string>> = {
  elif: 'Write else if.',
  elsif: 'Write else if.',
  elseif: 'Write else if.',
  foreach: 'Write for ($kv : @map) { … }.',
  switch: 'There is no switch. Write if (…) { … } else if (…) { … }.',
};

/** The habit behind text at `span` that could not be read; `parent` is the node it stands in. */
export function habitAt(text: string, { start }: Span, parent: string): Habit | undefined {
  const rest = text.slice(start, Math.min(start + 200, lineEnd(text, start, text.length)));
  const bare = new RegExp(`^(?:let\\s+)?(?!(?:${KEYWORDS})\\b)([A-Za-z_]\\w*)\\s*=(?!=)`).exec(rest);
  if (bare?.[1] !== undefined) return variable(start + (bare[0].indexOf(bare[1], bare[0].startsWith('let') ? 3 : 0)), bare[1]);
  if (parent === 'block' && /^=(?!=)/.test(rest)) {
    const [, , assigned] = /(?:[;{}]|^)(\s*(?:let\s+)?)([A-Za-z_]\w*)\s*$/.exec(text.slice(Math.max(0, start - 80), start)) ?? [];
    if (assigned !== undefined) return variable(text.lastIndexOf(assigned, start), assigned);
  }
  const declared = /(?:\bu?int(?:8|16|32|64)?|\bchar|\blong|\bvar|\bconst|\bauto|\bstring)\s*\**\s*$/.exec(text.slice(Math.max(0, start - 20), start));
  const name = /^([A-Za-z_]\w*)\s*[=;]/.exec(rest)?.[1];
  if (declared && name !== undefined) return { message: `A variable is written $${name} and has the type of its value: $${name} = …` };
  if (parent !== 'block' && /^=(?!=)/.test(rest)) return text[start - 1] === '=' ? { message: 'Write == to compare.' } : compare(start);
  const message = BEHIND.find(([pattern]) => pattern.test(rest))?.[1];
  return message === undefined ? undefined : { message };
}

/** The habit behind a semicolon that seems to be missing at `at`. */
export function habitBefore(text: string, at: number): Habit | undefined {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const [word] = /\b(?:elif|elsif|elseif|foreach|switch)(?=\s*\()/.exec(line) ?? [];
  const message = word === undefined ? undefined : CALLED[word];
  return message === undefined ? undefined : { message };
}

function variable(at: number, name: string): Habit {
  return { message: `A variable is written $${name}.`, repair: { title: `Change to $${name}`, span: { start: at, end: at }, newText: '$' } };
}

function compare(at: number): Habit {
  return { message: 'Write == to compare.', repair: { title: 'Change to ==', span: { start: at, end: at + 1 }, newText: '==' } };
}
