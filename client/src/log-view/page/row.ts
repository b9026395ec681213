/** One line of the log as a row. */
import type { LogLine, LogMark } from '../messages.ts';
import { element } from './dom.ts';
import { ROLES } from './roles.ts';

export interface RowContext {
  readonly line: number;
  readonly lines: number;
  readonly current: boolean;
  readonly mark: LogMark | undefined;
  /** The line the editor's cursor is in. */
  readonly sourceLine: number | undefined;
  readonly words: string;
}

// 16: (79) r1 = *(u64 *)(r0 +0)         ; R0=map_value(…)
const INSTRUCTION = /^(\s*\d+:) (\([0-9a-f]{2}\)) (.*?)(\s*;\s.*)?$/;
// ; if (data + 14 > data_end) @ prog.c:31
const SOURCE = /^\s*; ?(.*?)(?: @ \S*:\d+)?\s*$/;
const REGISTER = /(\b[rw]\d+\b)/;

export function rowOf(line: LogLine | undefined, context: RowContext): HTMLElement {
  const { current, mark } = context;
  const kind = line?.kind ?? 'blank';
  const row = element('div', `row ${kind}${current ? ' current' : ''}${mark ? ` marked ${mark.role}` : ''}${line?.sourceLine !== undefined && line.sourceLine === context.sourceLine ? ' here' : ''}`);
  row.id = `line-${context.line}`;
  row.dataset['line'] = String(context.line);
  row.setAttribute('role', 'option');
  row.setAttribute('aria-selected', String(current));
  row.setAttribute('aria-posinset', String(context.line + 1));
  row.setAttribute('aria-setsize', String(context.lines));
  row.setAttribute('aria-label', spoken(line, mark));
  const sign = element('span', 'sign', mark ? ROLES[mark.role].sign : '');
  row.append(element('span', 'gutter', line?.sourceLine === undefined ? '' : String(line.sourceLine)), sign, ...textOf(line, context));
  if (line) row.title = mark ? `${ROLES[mark.role].name}: ${mark.note}` : line.text.trim();
  return row;
}

function spoken(line: LogLine | undefined, mark: LogMark | undefined): string {
  if (!line) return 'not read yet';
  const place = line.sourceLine === undefined ? '' : `, line ${line.sourceLine}`;
  return `${mark ? `${ROLES[mark.role].name}: ${mark.note}. ` : ''}${line.kind === 'source' ? (SOURCE.exec(line.text)?.[1] ?? '') : line.text.trim()}${place}`;
}

function textOf(line: LogLine | undefined, { mark, words }: RowContext): HTMLElement[] {
  if (!line) return [element('span', 'text', '…')];
  const note = mark ? [element('span', 'note', `${ROLES[mark.role].name}: ${mark.note}`)] : [];
  const instruction = line.kind === 'instruction' ? INSTRUCTION.exec(line.text) : null;
  if (instruction) {
    const [, number = '', opcode = '', code = '', state = ''] = instruction;
    return [found('number', `${number} `, words), found('opcode', `${opcode} `, words), codeOf(code, words), ...note, found('known', state === '' ? '' : ` ${state}`, words)];
  }
  const shown = line.kind === 'source' ? (SOURCE.exec(line.text)?.[1] ?? line.text) : line.text;
  return [found('text', shown, words), ...note];
}

/** Registers stand out: one follows a value through them. */
function codeOf(code: string, words: string): HTMLElement {
  if (words !== '' && code.toLowerCase().includes(words.toLowerCase())) return found('code', code, words);
  const made = element('span', 'code');
  code.split(REGISTER).forEach((part, i) => made.append(i % 2 === 1 ? element('span', 'register', part) : part));
  return made;
}

/** A text with the words that are searched for marked. */
function found(className: string, text: string, words: string): HTMLElement {
  if (words === '') return element('span', className, text);
  const made = element('span', className);
  const [lower, wanted] = [text.toLowerCase(), words.toLowerCase()];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    made.append(text.slice(from, at), element('mark', '', text.slice(at, at + words.length)));
    from = at + words.length;
  }
  made.append(text.slice(from));
  return made;
}
