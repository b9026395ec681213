/** One diagnostic of clang with its notes and fix-its. Lines and byte columns are one-based, ends exclusive. */
export interface ClangMessage {
  readonly severity: 'error' | 'warning' | 'note';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
  /** The files that led to it, each with the line of its `#include`, the program first. */
  readonly includedFrom: readonly { readonly file: string; readonly line: number }[];
  readonly notes: readonly ClangMessage[];
  readonly fixits: readonly ClangFixit[];
}

export interface ClangFixit {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly newText: string;
}

// program.bpf.c:9:8:{9:12-9:41}: warning: incompatible pointer to integer conversion initializing …
// program.bpf.c:11:9: error: use of undeclared identifier 'zz'
const MESSAGE = /^(?<file>[^\s:][^:]*):(?<line>\d+):(?<column>\d+):(?<ranges>(?:\{[\d:-]+\})*):? (?<severity>fatal error|error|warning|note): (?<text>.*)$/;
// {9:12-9:41}
const RANGE = /\{(\d+):(\d+)-(\d+):(\d+)\}/;
// fix-it:"program.bpf.c":{10:9-10:9}:";"
const FIXIT = /^fix-it:"(?<file>(?:[^"\\]|\\.)*)":\{(?<l1>\d+):(?<c1>\d+)-(?<l2>\d+):(?<c2>\d+)\}:"(?<text>(?:[^"\\]|\\.)*)"$/;

// In file included from program.bpf.c:3:
const INCLUDED = /^In file included from (?<file>.+):(?<line>\d+):$/;

/** Every error and warning in clang's standard error, in its order. Never throws. */
export function parseClang(stderr: string): ClangMessage[] {
  const messages: ClangMessage[] = [];
  let includedFrom: ClangMessage['includedFrom'] = [];
  for (const line of stderr.split('\n')) {
    const included = INCLUDED.exec(line)?.groups;
    if (included) {
      includedFrom = [...includedFrom, { file: included['file'] ?? '', line: Number(included['line']) }];
      continue;
    }
    const fixit = parseFixit(line);
    const last = messages.at(-1);
    if (fixit && last) {
      messages[messages.length - 1] = { ...last, fixits: [...last.fixits, fixit] };
      continue;
    }
    const parsed = parseMessage(line);
    if (!parsed) continue;
    const message = { ...parsed, includedFrom };
    includedFrom = [];
    if (message.severity === 'note' && last) messages[messages.length - 1] = { ...last, notes: [...last.notes, message] };
    else messages.push(message);
  }
  return messages;
}

function parseMessage(line: string): Omit<ClangMessage, 'includedFrom'> | undefined {
  const groups = MESSAGE.exec(line)?.groups;
  if (!groups) return undefined;
  const at = { line: Number(groups['line']), column: Number(groups['column']) };
  const [, l1, c1, l2, c2] = RANGE.exec(groups['ranges'] ?? '') ?? [];
  // The first range belongs to an operand; it is the place only when it starts where the message points.
  const covers = Number(l1) === at.line && Number(c1) === at.column;
  return {
    severity: groups['severity'] === 'fatal error' ? 'error' : (groups['severity'] as 'error' | 'warning' | 'note'),
    file: groups['file'] ?? '',
    ...at,
    endLine: covers ? Number(l2) : at.line,
    endColumn: covers ? Number(c2) : at.column,
    text: groups['text'] ?? '',
    notes: [],
    fixits: [],
  };
}

function parseFixit(line: string): ClangFixit | undefined {
  const groups = FIXIT.exec(line)?.groups;
  if (!groups) return undefined;
  const newText = (groups['text'] ?? '').replace(/\\(n|t|.)/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c);
  return { line: Number(groups['l1']), column: Number(groups['c1']), endLine: Number(groups['l2']), endColumn: Number(groups['c2']), newText };
}
