/**
 * The outline of a bpftrace program without its grammar: probe headers with their attach points,
 * the pieces of C before them, and brackets, strings and comments that are never closed.
 * It never fails: half-typed text gives the outline of what is there.
 */
export interface Outline {
  readonly probes: readonly Probe[];
  /** Pieces of C in the order bpftrace collects them into its `definitions.h`. */
  readonly definitions: readonly Span[];
  readonly unclosed: readonly Unclosed[];
}

/** Half-open UTF-16 offsets into the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Probe extends Span {
  readonly attachPoints: readonly AttachPoint[];
  /** The header, from the first attach point to before the predicate or the brace. */
  readonly header: Span;
}

export interface AttachPoint extends Span {
  /** As written: `tracepoint:syscalls:sys_enter_*`. */
  readonly text: string;
  /** The part before the first colon: `tracepoint`. */
  readonly provider: string;
}

export interface Unclosed extends Span {
  readonly what: 'string' | 'comment' | 'bracket';
  /** The text that opens it, or for `unexpected` closers the closer. */
  readonly token: string;
  readonly unexpected?: boolean;
}

interface Token extends Span {
  readonly kind: 'comment' | 'string' | 'directive' | 'open' | 'close';
}

const CLOSER: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

// A path in a probe header may hold `//`-free slashes only; comments start where bpftrace's lexer sees them.
const TOKEN = /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|"(?:\\[^\n]|[^"\\\n])*(?:"|$)?|^[ \t]*#[^\n]*|[{}()[\]]/gm;

function tokenize(text: string): { tokens: Token[]; unclosed: Unclosed[] } {
  const tokens: Token[] = [];
  const unclosed: Unclosed[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const span = { start: match.index, end: match.index + match[0].length };
    const [token] = match;
    if (token.startsWith('//') || (token.startsWith('#!') && span.start === 0)) tokens.push({ kind: 'comment', ...span });
    else if (token.startsWith('/*')) {
      tokens.push({ kind: 'comment', ...span });
      if (token.length < 4 || !token.endsWith('*/')) unclosed.push({ what: 'comment', token: '/*', start: span.start, end: span.start + 2 });
    } else if (token.startsWith('"')) {
      tokens.push({ kind: 'string', ...span });
      if (token.length < 2 || !/(?<!\\)(?:\\\\)*"$/.test(token)) unclosed.push({ what: 'string', token: '"', ...span });
    } else if (token.trimStart().startsWith('#')) tokens.push({ kind: 'directive', ...span });
    else tokens.push({ kind: token in CLOSER ? 'open' : 'close', ...span });
  }
  return { tokens, unclosed };
}

/** The outline of a program; `text` has LF line ends. */
export function scan(text: string): Outline {
  const { tokens, unclosed } = tokenize(text);
  const definitions: Span[] = [];
  const probes: Probe[] = [];
  const open: Token[] = [];
  let blockStart = 0;
  let code = '';
  let codeEnd = 0;
  // `code` is the top-level text since the last block, with comments and strings blanked out.
  const collect = (until: number, blank: number): void => {
    code += text.slice(codeEnd, until) + ' '.repeat(blank);
    codeEnd = until + blank;
  };
  const restart = (at: number): void => {
    blockStart = at;
    codeEnd = at;
    code = '';
  };
  for (const token of tokens) {
    const length = token.end - token.start;
    if (token.kind === 'open') {
      if (open.length === 0) collect(token.start, 0);
      open.push(token);
    } else if (token.kind === 'close') {
      const at = open.findLastIndex((o) => CLOSER[text[o.start] ?? ''] === text[token.start]);
      const opener = open[at];
      if (!opener) {
        unclosed.push({ what: 'bracket', token: text.slice(token.start, token.end), unexpected: true, start: token.start, end: token.end });
        if (open.length === 0) restart(token.end);
        continue;
      }
      // What was opened inside and never closed ends here too.
      for (const inner of open.splice(at).slice(1)) unclosed.push(bracket(text, inner));
      if (open.length > 0) continue;
      if (text[token.start] === '}') {
        classify(text, code, blockStart, { start: opener.start, end: token.end }, probes, definitions);
        restart(token.end);
      } else collect(token.end, 0);
    } else if (open.length === 0) {
      if (token.kind === 'directive') {
        definitions.push({ start: token.start, end: token.end });
        restart(token.end);
      } else collect(token.start, token.kind === 'string' ? 0 : length);
    }
  }
  const last = open[0];
  if (last && text[last.start] === '{') classify(text, code, blockStart, { start: last.start, end: text.length }, probes, definitions);
  else if (!last) classify(text, code + text.slice(codeEnd), blockStart, { start: text.length, end: text.length }, probes, definitions);
  for (const token of open) unclosed.push(bracket(text, token));
  return { probes, definitions, unclosed: unclosed.toSorted((a, b) => a.start - b.start) };
}

function bracket(text: string, { start, end }: Span): Unclosed {
  return { what: 'bracket', token: text.slice(start, end), start, end };
}

/** A block belongs to a C definition, to `config`/`fn`/`macro`, or to a probe with this header. */
function classify(text: string, code: string, start: number, block: Span, probes: Probe[], definitions: Span[]): void {
  const leading = /^[\s;]*/.exec(code)?.[0].length ?? 0;
  const head = code.slice(leading).trimEnd();
  const from = start + leading;
  if (head === '') return;
  if (/^(?:typedef\s+)?(?:struct|union|enum)\b/.test(head)) {
    definitions.push({ start: from, end: block.end });
    return;
  }
  if (/^(?:config|fn|macro|subprog|let|import)\b/.test(head)) return;
  const { attachPoints, end } = readHeader(head, from);
  if (attachPoints.length > 0) {
    probes.push({ attachPoints, header: { start: from, end: from + end }, start: from, end: Math.min(block.end, text.length) });
  }
}

const WITH_PATH = /^(?:uprobe|uretprobe|usdt|u|ur|U|watchpoint|asyncwatchpoint)$/;

/** Attach points are separated by commas; a `/` after one starts the predicate unless it belongs to a path. */
function readHeader(head: string, offset: number): { attachPoints: AttachPoint[]; end: number } {
  const attachPoints: AttachPoint[] = [];
  let at = 0;
  for (;;) {
    at += /^[\s,]*/.exec(head.slice(at))?.[0].length ?? 0;
    const rest = head.slice(at);
    const provider = /^[\w*]*/.exec(rest)?.[0] ?? '';
    const stop = WITH_PATH.test(provider) ? /\s*,|\s+\/|\s*$/ : /\s*[,/]|\s*$/;
    const text = (/^"/.test(rest) ? rest : rest.slice(0, rest.search(stop))).trim();
    if (text === '' || rest === '') break;
    attachPoints.push({ text, provider, start: offset + at, end: offset + at + text.length });
    at += text.length;
    if (!/^\s*,/.test(head.slice(at))) break;
  }
  return { attachPoints, end: attachPoints.length === 0 ? 0 : (attachPoints.at(-1)?.end ?? offset) - offset };
}

/** The text with comments and the insides of strings blanked out: what is left is code, at its place. */
export function codeOnly(text: string): string {
  let code = text;
  for (const token of tokenize(text).tokens) {
    if (token.kind !== 'comment' && token.kind !== 'string') continue;
    code = code.slice(0, token.start) + code.slice(token.start, token.end).replaceAll(/[^\n]/g, ' ') + code.slice(token.end);
  }
  return code;
}
