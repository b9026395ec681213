import type { Span } from '../../../base/span.ts';
import type { Fault } from './document.ts';
import { indentOf, isFirstOnLine } from './lex.ts';
import type { Patch } from './patch.ts';

/** More open brackets than any program has; what is deeper is not parsed. */
export const MAX_DEPTH = 200;
const MAX_FAULTS = 50;
/** Nobody means what is nested like this. */
const HOPELESS_DEPTH = 10_000;

interface Open {
  readonly bracket: string;
  readonly at: number;
  /** The header lacks its brace, and that was said already. */
  readonly assumed: boolean;
  /** The first end of a line behind which a new statement seems to begin: the closing bracket belongs there. */
  breakAt?: number;
}

const OPENER: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };
const CLOSER: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

/** A fault, and the text in which the parser's own complaints would only repeat it. */
export interface StructuralFault extends Fault {
  readonly quiet: Span;
}

/** The open brackets of one item, and what is wrong with them. All offsets are of the whole text. */
export class Brackets {
  readonly faults: StructuralFault[] = [];
  readonly patches: Patch[] = [];
  readonly #text: string;
  readonly #open: Open[] = [];
  #deepest = 0;
  /** An opening brace whose closing one stands too far left: the one that lacks its partner. */
  #suspect: number | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get depth(): number {
    return this.#open.length;
  }

  get tooDeep(): boolean {
    return this.#deepest > MAX_DEPTH;
  }

  /** Nothing behind here can be told apart. */
  get hopeless(): boolean {
    return this.#open.length > HOPELESS_DEPTH;
  }

  open(bracket: string, at: number, assumed = false): void {
    this.#open.push({ bracket, at, assumed });
    this.#deepest = Math.max(this.#deepest, this.#open.length);
  }

  /** The innermost open bracket. */
  get innermost(): string | undefined {
    return this.#open.at(-1)?.bracket;
  }

  /** Where the innermost open bracket stands. */
  get innermostAt(): number {
    return this.#open.at(-1)?.at ?? 0;
  }

  /** A line ends at `at` and the next one begins as a statement does. */
  lineBreak(at: number): void {
    const top = this.#open.at(-1);
    if (top && top.bracket !== '{') top.breakAt ??= at;
  }

  /** A closing bracket at `at`; `significant` is the end of the text before it. */
  close(bracket: string, at: number, significant: number): void {
    const index = this.#opener(bracket);
    if (index < 0) {
      this.add({ code: 'unexpected-bracket', message: `This ${bracket} closes nothing.`, span: { start: at, end: at + 1 }, repair: { title: `Remove ${bracket}`, newText: '' } });
      this.patches.push({ at, blank: 1, insert: '' });
      return;
    }
    this.#closeMissing(index + 1, significant, false);
    const opener = this.#open.pop();
    if (bracket === '}' && opener && this.#suspect === undefined && isFirstOnLine(this.#text, at) && indentOf(this.#text, at) < indentOf(this.#text, opener.at)) this.#suspect = opener.at;
  }

  /** A semicolon: no parenthesis reaches over it. */
  semicolon(significant: number): void {
    this.#closeMissing(this.#open.findLastIndex((open) => open.bracket === '{') + 1, significant, true);
  }

  /** Closes the innermost bracket where it should have been closed. */
  closeHere(at: number): void {
    this.#closeMissing(this.#open.length - 1, at, true);
  }

  /** The item ends; `significant` is the end of its last token, `end` its own. */
  finish(significant: number, end: number): void {
    // What was not read to its end may be closed.
    if (this.hopeless) this.#open.length = 0;
    const braces = this.#open.filter((open) => open.bracket === '{');
    while (this.#open.length > 0) {
      const top = this.#open.at(-1);
      if (top?.bracket !== '{') this.#closeMissing(this.#open.length - 1, significant, false);
      else {
        this.#open.pop();
        this.patches.push({ at: end, blank: 0, insert: '\n}' });
      }
    }
    for (const [index, brace] of braces.entries()) {
      if (brace.assumed) continue;
      if (this.faults.length >= MAX_FAULTS) return;
      const at = index === braces.length - 1 ? (this.#suspect ?? brace.at) : brace.at;
      this.add({
        code: 'unclosed-bracket',
        message: 'Expected } here: a { is never closed.',
        span: { start: end, end },
        evidence: [{ span: { start: at, end: at + 1 }, message: 'This { is never closed.' }],
        repair: { title: 'Add }', newText: '}' },
      });
    }
  }

  add(fault: { code: string; message: string; span: Span; quiet?: Span; evidence?: Fault['evidence']; repair?: { title: string; span?: Span; newText: string } }): void {
    if (this.faults.length >= MAX_FAULTS) return;
    const { code, message, span, quiet = span, evidence = [], repair } = fault;
    this.faults.push({ code, message, span, quiet, evidence, ...(repair && { repair: { span, ...repair } }) });
  }

  /** Index of the bracket that this one closes, or -1. A brace closes over parentheses, not the reverse. */
  #opener(bracket: string): number {
    const wanted = OPENER[bracket];
    const deepest = Math.max(0, bracket === '}' ? 0 : this.#open.length - MAX_DEPTH);
    for (let index = this.#open.length - 1; index >= deepest; index--) {
      const open = this.#open[index]?.bracket;
      if (open === wanted) return index;
      if (open === '{') return -1;
    }
    return -1;
  }

  /** Closes what is open from `index` on. At a line's end the statement ends with the outermost bracket. */
  #closeMissing(index: number, significant: number, inStatement: boolean): void {
    let place = significant;
    while (this.#open.length > index) {
      const open = this.#open.pop();
      if (!open) return;
      const closer = CLOSER[open.bracket] ?? '';
      const broken = open.breakAt !== undefined && open.breakAt <= place;
      place = broken ? (open.breakAt ?? place) : place;
      const ends = inStatement && place < significant && this.#open.length === index;
      this.patches.push({ at: place, blank: 0, insert: ends ? `${closer};` : closer });
      this.add({
        code: 'unclosed-bracket',
        message: `This ${open.bracket} is never closed.`,
        span: { start: open.at, end: open.at + 1 },
        quiet: { start: open.at, end: significant },
        repair: { title: `Add ${closer}`, span: { start: place, end: place }, newText: closer },
      });
    }
  }
}
