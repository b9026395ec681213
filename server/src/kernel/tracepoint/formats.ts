import type { KernelTypes, TracepointField, TracepointFormat } from '../inventory.ts';
import type { Steps } from '../turns.ts';
import { splitDeclaration, typeOf } from './declaration.ts';

/** Between the names of a tracepoint and a line of its format, as `grep -H` prints them. */
const MARK = '/format:';
/** The kernel's own lines are shorter than 300. */
const MAX_LINE = 2000;
/** Lines looked at in one step: under two milliseconds. */
const LINES_A_STEP = 2000;

/**
 * The formats of all tracepoints, as `grep -H field: CATEGORY/EVENT/format` prints them in the kernel's directory of
 * events. Only where each begins is remembered; one is decoded when it is asked for. Lines of anything else are passed over.
 */
export class TracepointFormats {
  readonly #text: string;
  readonly #types: KernelTypes;
  readonly #starts = new Map<string, number>();
  readonly #known = new Map<string, TracepointFormat>();

  private constructor(text: string, types: KernelTypes) {
    this.#text = text;
    this.#types = types;
  }

  static *of(text: string, types: KernelTypes): Steps<TracepointFormats> {
    const formats = new TracepointFormats(text, types);
    for (let at = 0; at < text.length; ) {
      at = formats.#index(at);
      yield;
    }
    return formats;
  }

  /** Looks at some lines from a place on; tells where it left off. */
  #index(from: number): number {
    const text = this.#text;
    let event = '';
    let mark = -1;
    let at = from;
    for (let line = 0; line < LINES_A_STEP && at < text.length; line++, at = endOfLine(text, at) + 1) {
      if (event !== '' && text.startsWith(event, at)) continue;
      // Not looked for again from each line of something else.
      if (mark < at) mark = text.indexOf(MARK, at);
      if (mark < 0) return text.length;
      if (mark > endOfLine(text, at)) continue;
      event = text.slice(at, mark + MARK.length);
      const name = nameOf(event);
      if (name !== undefined && !this.#starts.has(name)) this.#starts.set(name, at);
    }
    return at;
  }

  /** All as `sched:sched_switch`, in the order of the text. */
  names(): readonly string[] {
    return [...this.#starts.keys()];
  }

  get(category: string, event: string): TracepointFormat | undefined {
    const name = `${category}:${event}`;
    const start = this.#starts.get(name);
    if (start === undefined) return undefined;
    const known = this.#known.get(name);
    if (known) return known;
    const format = { category, event, fields: this.#fields(start, `${category}/${event}${MARK}`) };
    this.#known.set(name, format);
    return format;
  }

  #fields(start: number, lead: string): TracepointField[] {
    const fields: TracepointField[] = [];
    for (let at = start; this.#text.startsWith(lead, at); at = endOfLine(this.#text, at) + 1) {
      const end = endOfLine(this.#text, at);
      const field = end - at > MAX_LINE ? undefined : decodeField(this.#text.slice(at + lead.length, end), this.#types);
      if (field) fields.push(field);
    }
    return fields;
  }
}

/**
 * One line of a format: `field:pid_t prev_pid;	offset:24;	size:4;	signed:1;`. Undefined for the fields every record
 * has (`common_pid`, …), which bpftrace does not show, and for what cannot be read.
 */
export function decodeField(line: string, types: KernelTypes): TracepointField | undefined {
  const [, text = '', offset, size, signed] = /field:([^;]+);\s*offset:(\d+);\s*size:(\d+);(?:\s*signed:(\d+);)?/.exec(line) ?? [];
  const declaration = splitDeclaration(text);
  if (!declaration || offset === undefined || declaration.name.startsWith('common_')) return undefined;
  const layout = { size: Number(size), signed: signed === '1' };
  return { ...declaration, ...layout, offset: Number(offset), type: typeOf(declaration.typeText, types, layout) };
}

/** The kernel's own `ftrace` records are no tracepoints one can attach to. */
function nameOf(lead: string): string | undefined {
  const [, category, event] = /^([\w.-]+)\/([\w.-]+)$/.exec(lead.slice(0, -MARK.length)) ?? [];
  return category === undefined || event === undefined || category === 'ftrace' ? undefined : `${category}:${event}`;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
