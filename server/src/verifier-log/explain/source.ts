import type { SourceNote, Trace } from '../parse/trace.ts';
import { assigns, bare, declares } from './c-text.ts';

/** A place in the user's program. */
export interface SourcePlace {
  /** One-based line; absent when the log names none and no source was given. */
  readonly line?: number;
  readonly file?: string;
  /** The line's text, trimmed. */
  readonly text: string;
  /** The instruction's number. */
  readonly instruction?: number;
  /** Line of the log, zero-based. */
  readonly logLine?: number;
  /** Zero-based columns of the expression meant; absent: the whole line. */
  readonly columns?: { readonly start: number; readonly end: number };
}

/** Line information of the object: by program (or function) name, instruction number to one-based line. */
export interface LineInfo {
  lineOf(program: string | undefined, instruction: number): { readonly line: number; readonly file: string } | undefined;
}

/** How far up a variable's value is looked for. */
const MAX_LINES_BACK = 400;

/** The source as far as it is known: given whole, or the lines a log cites. */
export class SourceView {
  /** The file most of the log's lines come from. */
  readonly mainFile: string | undefined;
  readonly #lines = new Map<number, string>();
  readonly #whole: boolean;
  /** Lines by their trimmed text, for logs that cite texts only. */
  readonly #byText = new Map<string, number[]>();

  constructor(traces: readonly Trace[], source: string | undefined) {
    this.#whole = source !== undefined;
    const files = new Map<string, number>();
    for (const trace of traces) for (const note of trace.sources) if (note.file !== undefined) files.set(note.file, (files.get(note.file) ?? 0) + (/\.h$/.test(note.file) ? 0.1 : 1));
    this.mainFile = [...files].sort((a, b) => b[1] - a[1])[0]?.[0];
    if (source === undefined) {
      for (const trace of traces) for (const note of trace.sources) if (note.fileLine !== undefined && note.file === this.mainFile) this.#lines.set(note.fileLine, note.text);
      return;
    }
    source.split(/\r?\n/).forEach((text, i) => {
      this.#lines.set(i + 1, text);
      const key = text.trim();
      const same = this.#byText.get(key);
      if (same) same.push(i + 1);
      else this.#byText.set(key, [i + 1]);
    });
  }

  get whole(): boolean {
    return this.#whole;
  }

  text(line: number): string {
    return this.#lines.get(line) ?? '';
  }

  /** The line a note cites. A text that stands several times in the file is taken to be the one nearest to `near`. */
  lineOf(note: SourceNote, near = 0): number | undefined {
    if (note.fileLine !== undefined) return note.file === undefined || this.isMain(note.file) ? note.fileLine : undefined;
    const lines = this.#byText.get(note.text.trim());
    return lines?.reduce((best, line) => (Math.abs(line - near) < Math.abs(best - near) ? line : best));
  }

  isMain(file: string): boolean {
    return this.mainFile === undefined || file === this.mainFile || /(?:^|\/)(?:input|program|rejected)?\.?bpf\.c$/.test(file);
  }

  /** The statement a line belongs to: a call's arguments may stand on following lines. */
  statement(line: number): string {
    let text = this.text(line);
    for (let next = line + 1; next < line + 8 && this.#lines.has(next) && !/[;{}]\s*$/.test(bare(text)); next++) text += `\n${this.text(next)}`;
    return text;
  }

  /** First line of the function a line stands in: the one behind the last `}` in the first column. */
  functionStart(line: number): number {
    for (let at = line - 1; at > Math.max(0, line - MAX_LINES_BACK); at--) if (/^\}/.test(this.text(at))) return at + 1;
    return this.#whole ? Math.max(1, line - MAX_LINES_BACK) : 1;
  }

  functionEnd(line: number): number {
    for (let at = line; at < line + MAX_LINES_BACK; at++) if (/^\}/.test(this.text(at))) return at;
    return line + MAX_LINES_BACK;
  }

  /** Lines of the function that give the variable a value, in the order of the text. */
  assignments(name: string, line: number): number[] {
    const found: number[] = [];
    for (let at = this.functionStart(line); at <= this.functionEnd(line); at++) {
      const text = this.#lines.get(at);
      if (text !== undefined && assigns(text, name)) found.push(at);
    }
    return found;
  }

  declaration(name: string, line: number): number | undefined {
    for (let at = line; at >= this.functionStart(line); at--) if (declares(this.text(at), name)) return at;
    return undefined;
  }

  /** The nearest loop around both lines: its head stands before the earlier one. */
  loopAround(first: number, second: number): number | undefined {
    const [low, high] = first < second ? [first, second] : [second, first];
    for (let at = low; at >= this.functionStart(low); at--) {
      const text = bare(this.text(at));
      if (!/\b(?:for|while|do|bpf_for|bpf_repeat|bpf_for_each)\b/.test(text)) continue;
      if (indent(this.text(at)) < indent(this.text(high)) || at === high) return at;
    }
    return undefined;
  }

  /** The first line with the name as a word of its own: a map's or a program's definition. */
  find(name: string): SourcePlace | undefined {
    const word = name.replaceAll(/[^\w]/g, '\\$&');
    const pattern = new RegExp(`(?:^|[^\\w])${word}(?:[^\\w]|$)`);
    let first: SourcePlace | undefined;
    for (const [line, text] of this.#lines) {
      if (!pattern.test(text)) continue;
      const place = { line, text: text.trim(), ...(this.mainFile === undefined ? {} : { file: this.mainFile }) };
      if (/SEC\(|__uint|^[\w}]/.test(text)) return place;
      first ??= place;
    }
    return first;
  }

  /** The program's first loop, where nothing tells which one is meant. */
  firstLoop(): SourcePlace | undefined {
    for (const [line, text] of this.#lines) {
      if (/^\s+.*\b(?:for|while)\s*\(/.test(bare(text))) return { line, text: text.trim(), ...(this.mainFile === undefined ? {} : { file: this.mainFile }) };
    }
    return undefined;
  }

  /** The number behind a name or a literal of a declaration; 64 where it is not known. */
  constant(name: string): number {
    if (/^\d/.test(name)) return Number(name) || 64;
    for (const text of this.#lines.values()) {
      const m = new RegExp(`(?:#\\s*define\\s+|\\b)${name}\\s*=?\\s*\\(?\\s*(\\d+|0x[0-9a-fA-F]+)`).exec(text);
      if (m && (text.includes('#define') || text.includes('='))) return Number(m[1]);
    }
    return 64;
  }
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}
