/** One word of a text: as it stood (lower case) and without its ending. */
export interface Word {
  readonly raw: string;
  readonly stem: string;
  /** Carries no meaning of its own in a tracing question (bare numbers are parameters); kept because phrases may need it. */
  readonly stop: boolean;
}

/** A question longer than this says nothing more; it bounds the time of one search. */
const MAX_CHARACTERS = 8_000;
const MAX_WORDS = 600;

/** Words that only hold a sentence together, and verbs that only say "let me see it". */
export const STOP_WORDS = `
  a about actually after all also am an and any anything are as at available be been being between both but by can
  code could did do does doing done each bpftrace ever every for from get gets getting give given go goes
  going got had happen happening happens has have having hello help hey hi how i if in into is it its just kind know
  let like list long look looking lot lots make many matter may me might much must my myself need needs now of off often on
  one only onto or other our out over particular people per person piece please print printed prints probe return returned returning returns right see seeing
  seen shall should show showing shown shows since so some somebody someone something such tell than that the their
  them then there these they thing things this those through to trace traced traces tracing try trying up us use
  used uses using machine box computer system very via want wants was watch way we were what when where whether which while who whom whose why
  will with within without would write yet you your`;
const STOPS = new Set(STOP_WORDS.trim().split(/\s+/));

/**
 * The words of a text: identifiers are split at `_`, `:`, digits/letters and camelCase humps, so
 * `sys_enter_openat` answers to "enter" and "openat". Reads at most 8,000 characters, 600 words.
 */
export function wordsOf(text: string): Word[] {
  const short = text.slice(0, MAX_CHARACTERS);
  const words: Word[] = [];
  for (const [raw] of NOT_ASCII.test(short) ? rawWords(short) : rawAsciiWords(short)) {
    if (words.length >= MAX_WORDS) break;
    words.push(wordOf(raw.slice(0, 40)));
  }
  return words;
}

/** The bus of cars, which is no verb here. */
const CAN_BUS = /\bcan(?=[ -](?:bus|buses|fd|frames?)\b)/g;

const NOT_ASCII = /[^ -~\s]/;

function rawWords(text: string): Iterable<RegExpExecArray> {
  const plain = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/['’`](s|t|re|ve|ll|d|m)\b/giu, ' ')
    .toLowerCase()
    .replace(CAN_BUS, 'socketcan');
  return plain.matchAll(/\p{L}[\p{L}\p{N}]*|\p{N}+/gu);
}

/** The same, for nearly all texts: a search reads hundreds of them. */
function rawAsciiWords(text: string): Iterable<RegExpExecArray> {
  const plain = text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/['`](?:s|t|re|ve|ll|d|m)\b/gi, ' ').toLowerCase().replace(CAN_BUS, 'socketcan');
  return plain.matchAll(/[a-z][a-z0-9]*|[0-9]+/g);
}

/** Words seen before: the same few thousand come again and again. */
const seen = new Map<string, Word>();
const MAX_SEEN = 50_000;

function wordOf(raw: string): Word {
  const known = seen.get(raw);
  if (known) return known;
  const word = { raw, stem: stem(raw), stop: isStop(raw) };
  if (seen.size >= MAX_SEEN) seen.clear();
  seen.set(raw, word);
  return word;
}

const REQUEST =
  /^\s*(?:(?:please|can you|could you|i (?:want|need|would like)(?: to have)?|write|create|make|generate|give me|build|show me|me|us|a|an|the|small|simple|short)\s+)*(?:(?:ebpf|bpf|bpftrace|bcc|libbpf|xdp)\s+)?(?:programs?|scripts?|tool|one-?liner|probe)\s+(?:that|which|to|for|showing|counting|printing)\s+/i;

/** A question without its "write me an eBPF program that", which is about Kgent and not about the system. */
export function withoutRequest(question: string): string {
  return question.slice(0, MAX_CHARACTERS).replace(REQUEST, '');
}

export function isStop(word: string): boolean {
  return STOPS.has(word) || word.length < 2 || /^\d+$/.test(word);
}

/** A word without its English ending, lightly: what is left need not be a word. */
export function stem(word: string): string {
  if (word.length < 4 || /[^a-z]/.test(word)) return word;
  let s = word;
  if (s.endsWith('ies') && s.length > 4) s = `${s.slice(0, -3)}y`;
  else if (/(ss|x|ch|sh|zz)es$/.test(s)) s = s.slice(0, -2);
  else if (/[^suai]s$/.test(s)) s = s.slice(0, -1);
  if (s.length > 5 && /[aeiouy].*ing$/.test(s)) s = undouble(s.slice(0, -3));
  else if (s.endsWith('ed') && s.length > 4 && /[aeiouy]/.test(s.slice(0, -2))) s = undouble(s.slice(0, -2));
  if (s.endsWith('ion') && s.length > 5 && /[st]ion$/.test(s)) s = s.slice(0, -3);
  if (s.endsWith('ie') && s.length > 4) return `${s.slice(0, -2)}y`;
  if (/[^e]e$/.test(s) && s.length > 3) s = s.slice(0, -1);
  return s;
}

/** `dropp` (of "dropping") is `drop`; `kill` and `pass` keep their double letter. */
function undouble(s: string): string {
  return /([bdgkmnprt])\1$/.test(s) ? s.slice(0, -1) : s;
}

/** The runs of three characters of a word with its ends marked: what a typo leaves mostly standing. */
export function trigrams(word: string): string[] {
  const marked = `^${word}$`;
  const grams: string[] = [];
  for (let i = 0; i + 3 <= marked.length; i++) grams.push(marked.slice(i, i + 3));
  return grams;
}
