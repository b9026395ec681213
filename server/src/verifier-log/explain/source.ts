import type { SourceNote, Trace } from '../parse/trace.ts';
import { toInteger } from '../parse/instruction.ts';
import { Code } from './c/code.ts';
import { lineOfAttribute, suspectLine } from './c/maps.ts';
import { bare, declares, literal } from './c/text.ts';

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

/** The source as far as it is known: given whole, or the lines a log cites. */
export class SourceView {
  /** The file most of the log's lines come from. */
  readonly mainFile: string | undefined;
  readonly #lines = new Map<number, string>();
  readonly #whole: boolean;
  /** Its functions and statements. */
  readonly code: Code;
  /** Lines by their trimmed text, for logs that cite texts only. */
  readonly #byText = new Map<string, number[]>();

  constructor(traces: readonly Trace[], source: string | undefined) {
    this.#whole = source !== undefined;
    const files = new Map<string, number>();
    for (const trace of traces) for (const note of trace.sources) if (note.file !== undefined) files.set(note.file, (files.get(note.file) ?? 0) + (/\.h$/.test(note.file) ? 0.1 : 1));
    this.mainFile = [...files].sort((a, b) => b[1] - a[1])[0]?.[0];
    if (source === undefined) {
      for (const trace of traces) for (const note of trace.sources) if (note.fileLine !== undefined && note.file === this.mainFile) this.#lines.set(note.fileLine, note.text);
      this.code = new Code(this.#lines, undefined);
      return;
    }
    source.split(/\r?\n/).forEach((text, i) => {
      this.#lines.set(i + 1, text);
      const key = text.trim();
      const same = this.#byText.get(key);
      if (same) same.push(i + 1);
      else this.#byText.set(key, [i + 1]);
    });
    this.code = new Code(this.#lines, source);
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

  /** The number a `#define` or an enumeration's member of the file stands for. */
  named(name: string): number | undefined {
    for (const text of this.#lines.values()) {
      const m = new RegExp(`(?:#\\s*define\\s+${literal(name)}\\s+|\\b${literal(name)}\\s*=\\s*)\\(?\\s*(-?\\d+|0x[0-9a-fA-F]+)`).exec(text);
      if (m) return Number(m[1]);
    }
    return undefined;
  }

  /** The number a literal or a name of the file stands for. */
  numberOf(word: string): bigint | undefined {
    if (word === '') return undefined;
    const negative = word.startsWith('-');
    const number = toInteger(word) ?? this.named(negative ? word.slice(1) : word);
    return number === undefined ? undefined : BigInt(number) * (negative && toInteger(word) === undefined ? -1n : 1n);
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

  /** The line of a map's definition that says a flag. */
  mapDefinition(name: string, flag: RegExp): number | undefined {
    return lineOfAttribute(this.#lines, name, flag);
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

  /** Of a map's definition the line that is most likely wrong. */
  suspectOfMap(name: string, tooLarge: boolean): SourcePlace | undefined {
    const line = suspectLine(this.#lines, name, tooLarge);
    return line === undefined ? this.find(name) : this.place(line);
  }

  /** The variable that holds the operations of a `struct_ops`: the one of the structure's type, else the only one. */
  operations(type: string): SourcePlace | undefined {
    const held = [...this.#lines].filter(([line, text]) => /\bstruct\s+\w+\s+\w+\s*(?:SEC\s*\([^)]*\)\s*)?(?:=|;|$)/.test(text) && /struct_ops/.test(`${this.text(line - 1)} ${text}`)).map(([line]) => line);
    const named = held.find((line) => new RegExp(`\\bstruct\\s+${literal(type)}\\b`).test(this.text(line)));
    const line = named ?? (held.length === 1 ? held[0] : undefined);
    return line === undefined ? undefined : this.place(line);
  }

  place(line: number): SourcePlace {
    return { line, text: this.text(line).trim(), ...(this.mainFile === undefined ? {} : { file: this.mainFile }) };
  }

  /** About how many bytes a declaration's arrays and structures take; 0 when it declares none. */
  sizeOf(declaration: string): number {
    const m = /^\s*(?!(?:return|goto|static|extern)\b)(?:(?:volatile|unsigned|signed|const|long)\s+)*(?:(struct|union)\s+)?(\w+)\s+(\w+)((?:\s*\[[^\]]*\])*)\s*(?:;|=|,|$)/.exec(declaration);
    if (!m?.[2]) return 0;
    const turns = [...(m[4] ?? '').matchAll(/\[\s*(\w+)\s*\]/g)].reduce((product, d) => product * this.constant(d[1] ?? ''), 1);
    if (m[1] !== undefined) return turns * this.#sizeOfType(m[2]);
    return m[4] === '' ? 0 : turns * (/64|long/.test(declaration) ? 8 : /32|int/.test(m[2]) ? 4 : /16|short/.test(m[2]) ? 2 : 1);
  }

  #sizeOfType(name: string): number {
    let inside = false;
    let size = 0;
    for (const text of this.#lines.values()) {
      const begins = new RegExp(`\\b(?:struct|union)\\s+${literal(name)}\\s*\\{(.*)`).exec(text);
      inside ||= begins !== null;
      if (!inside) continue;
      for (const member of (begins?.[1] ?? text).split(';')) if (/\w\s+\w/.test(member)) size += this.sizeOf(member.replace(/^.*\{/, '')) || 8;
      if (/\}/.test(text)) return size;
    }
    return size;
  }

  /** The number behind a name or a literal of a declaration; 64 where it is not known. */
  constant(name: string): number {
    return /^\d/.test(name) ? Number(name) || 64 : (this.named(name) ?? 64);
  }
}
