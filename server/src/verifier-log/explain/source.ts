import type { SourceNote, Trace } from '../parse/trace.ts';
import { toInteger } from '../parse/instruction.ts';
import { assigns, bare, declares, literal } from './c-text.ts';

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

  /** The line with the function's name and arguments. */
  functionHead(line: number): number | undefined {
    for (let at = line; at >= this.functionStart(line); at--) if (/^\w.*\(/.test(this.text(at)) && !/^SEC\(\s*"[^"]*"\s*\)\s*$|;\s*$/.test(this.text(at))) return at;
    return undefined;
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
    for (let at = line; at >= (this.functionHead(line) ?? this.functionStart(line)); at--) if (declares(this.text(at), name)) return at;
    return undefined;
  }

  /** Whether a declaration's line is the head of a function: its arguments have values. */
  isParameter(line: number): boolean {
    return /^\w.*\(/.test(this.text(line)) || /^\s*\w[^;]*[,)]\s*\{?\s*$/.test(bare(this.text(line)));
  }

  /** Whether the line is a function's head with its arguments. */
  isHead(line: number): boolean {
    return /^\w.*\(/.test(this.text(line)) && !/;\s*$/.test(this.text(line));
  }

  /** Whether a line of the function a line stands in matches. */
  functionHolds(line: number, pattern: RegExp): boolean {
    for (let at = this.functionStart(line); at <= this.functionEnd(line); at++) if (pattern.test(bare(this.text(at)))) return true;
    return false;
  }

  /** The last `return` of the function with a value. */
  lastReturn(line: number): number | undefined {
    for (let at = this.functionEnd(line); at >= this.functionStart(line); at--) if (/\breturn\b\s*[^;\s]/.test(bare(this.text(at)))) return at;
    return undefined;
  }

  /** The lines of the file that hold a call of the function a line stands in. */
  callersOf(line: number): number[] {
    let name: string | undefined;
    for (let at = line; at >= this.functionStart(line); at--) name ??= /^\w[^;={]*?\b(\w+)\s*\([^;]*$/.exec(this.text(at))?.[1];
    if (name === undefined) return [];
    const found: number[] = [];
    const call = new RegExp(`\\b${name}\\s*\\(`);
    for (const [at, text] of this.#lines) if (call.test(bare(text)) && /^\s/.test(text)) found.push(at);
    return found;
  }

  /** Lines of the function that return the number itself. */
  returnsOf(line: number, value: bigint): number[] {
    const found: number[] = [];
    for (let at = this.functionStart(line); at <= this.functionEnd(line); at++) {
      const m = /\breturn\s+\(?(-?\w+)\)?\s*;/.exec(bare(this.text(at)));
      if (m?.[1] !== undefined && (toInteger(m[1]) ?? toInteger(String(this.named(m[1])))) === value) found.push(at);
    }
    return found;
  }

  /** The number a `#define` or an enumeration's member of the file stands for. */
  named(name: string): number | undefined {
    for (const text of this.#lines.values()) {
      const m = new RegExp(`(?:#\\s*define\\s+${literal(name)}\\s+|\\b${literal(name)}\\s*=\\s*)\\(?\\s*(-?\\d+|0x[0-9a-fA-F]+)`).exec(text);
      if (m) return Number(m[1]);
    }
    return undefined;
  }

  sameFunction(a: number, b: number): boolean {
    return this.functionStart(a) === this.functionStart(b);
  }

  /** The `#define` of a function-like macro a line uses that compares something. */
  comparingMacro(line: number): number | undefined {
    for (const [at, text] of this.#lines) {
      const m = /^\s*#\s*define\s+(\w+)\(.*\).*[<>]/.exec(text);
      if (m?.[1] !== undefined && new RegExp(`\\b${m[1]}\\s*\\(`).test(bare(this.text(line)))) return at;
    }
    return undefined;
  }

  /** The structure's line that makes it packed, for a member of it. */
  packedAt(member: string): number | undefined {
    let inside = false;
    for (const [at, text] of this.#lines) {
      if (/\bstruct\b[^;]*\{/.test(text)) inside = false;
      if (declares(text, member)) inside = true;
      if (/\}/.test(text)) {
        if (inside && /packed/.test(text)) return at;
        inside = false;
      }
    }
    return undefined;
  }

  /** The line of a map's definition that says a flag, else the line of its name. */
  mapDefinition(name: string, flag: RegExp): number | undefined {
    let begin: number | undefined;
    for (const [at, text] of this.#lines) {
      if (/^\s*(?:typedef\s+)?struct\b[^;]*\{\s*$/.test(text)) begin = at;
      if (begin === undefined || !new RegExp(`\\}\\s*${literal(name)}\\b`).test(text)) continue;
      for (let line = begin; line <= at; line++) if (flag.test(this.text(line))) return line;
      return undefined;
    }
    return undefined;
  }

  /** The `do` a line's `} while (…);` belongs to. */
  doOf(line: number): number | undefined {
    if (!/^\s*\}\s*while\b/.test(this.text(line))) return undefined;
    for (let at = line - 1; at >= this.functionStart(line); at--) if (/\bdo\b/.test(bare(this.text(at))) && indent(this.text(at)) === indent(this.text(line))) return at;
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
    const word = literal(name);
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

  /** The program's SEC(…), which tells its type and what it attaches to. */
  section(program: string): SourcePlace | undefined {
    const found = this.find(program);
    if (found?.line === undefined || /SEC\(/.test(found.text)) return found;
    const above = this.text(found.line - 1);
    return /SEC\(/.test(above) ? { ...found, line: found.line - 1, text: above.trim() } : found;
  }

  /** Inline assembly in the function that begins at a line. */
  assemblyAfter(line: number): SourcePlace | undefined {
    for (let at = line; at <= this.functionEnd(line); at++) if (/\basm\b/.test(this.text(at))) return { line: at, text: this.text(at).trim(), ...(this.mainFile === undefined ? {} : { file: this.mainFile }) };
    return undefined;
  }

  /** Of a map's definition the line that is most likely wrong, else its name's. */
  suspectOfMap(name: string): SourcePlace | undefined {
    const line = this.mapDefinition(name, /BPF_MAP_TYPE_(?!\w*(?:HASH|TRIE|LRU|STORAGE))\w*ARRAY/) === undefined ? undefined : this.mapDefinition(name, /__(?:type|uint)\(\s*key(?:_size)?\s*,\s*(?!(?:__)?[us]32\b|int\b|unsigned int\b|4\b|sizeof\((?:__)?u32\))/);
    const ring = this.mapDefinition(name, /BPF_MAP_TYPE_(?:USER_)?RINGBUF/) === undefined ? undefined : this.mapDefinition(name, /max_entries/);
    const at = line ?? ring;
    return at === undefined ? this.find(name) : { line: at, text: this.text(at).trim(), ...(this.mainFile === undefined ? {} : { file: this.mainFile }) };
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
    return /^\d/.test(name) ? Number(name) || 64 : (this.named(name) ?? 64);
  }
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}
