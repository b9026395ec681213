/**
 * One message of bpftrace as it stands in its output. Lines and byte columns are one-based; an end
 * column is exclusive; messages over several lines carry no columns.
 */
export interface ToolMessage {
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly hints: readonly string[];
  /** `program`: the user's file; `definitions`: the C bpftrace collected from it; `other`: nowhere in the user's text. */
  readonly place: 'program' | 'definitions' | 'other';
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
  readonly endColumn?: number;
}

// program.bt:3:10-12: ERROR: syntax error, unexpected ;
const LOCATED = /^(?<file>\S.*?):(?<line>\d+):(?<column>\d+)-(?<end>\d+): (?<severity>ERROR|WARNING): (?<text>.*)$/;
// program.bt:4-5: ERROR: Argument mismatch for @x: …
const LINES = /^(?<file>\S.*?):(?<line>\d+)-(?<endLine>\d+): (?<severity>ERROR|WARNING): (?<text>.*)$/;
// definitions.h:3:8: error: expected ';' at end of declaration list
const CLANG = /^(?<file>\S.*?):(?<line>\d+):(?<column>\d+): (?<severity>(?:fatal )?error|warning): (?<text>.*)$/;
// ERROR: Failed to compile: Your program is trying to generate more than 720 BPF programs, …
// FATAL: Invalid probe type made it to attachpoint parser
// error: <unknown>:0:0: in function BEGIN i64 (i8*): Looks like the BPF stack limit of 512 bytes is exceeded. …
const PLAIN = /^(?<severity>ERROR|WARNING|FATAL|error): (?<text>.*)$/;
// HINT: For loops support ranges (e.g. `for ($x : $start..$end) { ... }`), …
const HINT = /^\s*HINT: (?<text>.*)$/;

/** Lines that say nothing about the program; the first two stand without a line feed before what follows (0.17). */
const NOISE: readonly RegExp[] = [
  /Error while reading traceable functions from \S+: [A-Z][a-z]+(?: [a-z]+)*/g,
  /(?:ERROR|WARNING): Unknown error -1: couldn't set RLIMIT_MEMLOCK[^\n]*/g,
  /WARNING: Could not read functions from [^\n]*/g,
  /WARNING: Addrspace is not set/g,
  // Follows errors in definitions.h that stand above it.
  /ERROR: Include headers with missing type definitions or install BTF information to your system\./g,
  /^Clang parse error$/gm,
];

/** Every message in bpftrace's standard error, in its order, each told once. Never throws. */
export function parseMessages(stderr: string, programFile: string): ToolMessage[] {
  const clean = NOISE.reduce((text, noise) => text.replace(noise, '\n'), stderr);
  const messages: ToolMessage[] = [];
  let expansion: ToolMessage | undefined;
  for (const line of clean.split('\n')) {
    const message = parseLine(line, programFile);
    if (message === undefined) {
      const hint = HINT.exec(line)?.groups?.['text'];
      const last = messages.at(-1);
      if (hint !== undefined && last) messages[messages.length - 1] = { ...last, hints: [...last.hints, hint] };
    } else if (message.text === 'expanded from') {
      // 0.27: `stdlib/base.bt:1177:3-19: ERROR: …` and then `program.bt:3:9-15: ERROR: expanded from`.
      if (expansion && message.place === 'program') messages.push({ ...message, text: expansion.text });
      if (message.place === 'program') expansion = undefined;
    } else if (message.place === 'other' && message.line !== undefined && /\.bt$/.test(fileOf(line))) expansion = message;
    else messages.push(message);
  }
  if (expansion) messages.push(expansion);
  return unique(messages);
}

function parseLine(line: string, programFile: string): ToolMessage | undefined {
  const groups = (LOCATED.exec(line) ?? LINES.exec(line) ?? CLANG.exec(line))?.groups;
  if (groups) {
    const file = groups['file'] ?? '';
    const base = file.slice(file.lastIndexOf('/') + 1);
    const number = (name: string): Record<string, number> => (groups[name] === undefined ? {} : { [name === 'end' ? 'endColumn' : name]: Number(groups[name]) });
    return {
      severity: /error/i.test(groups['severity'] ?? '') ? 'error' : 'warning',
      text: (groups['text'] ?? '').trim(),
      hints: [],
      place: base === programFile ? 'program' : base === 'definitions.h' ? 'definitions' : 'other',
      ...number('line'),
      ...number('endLine'),
      ...number('column'),
      ...number('end'),
    };
  }
  const plain = PLAIN.exec(line)?.groups;
  if (!plain) return undefined;
  return { severity: plain['severity'] === 'WARNING' ? 'warning' : 'error', text: (plain['text'] ?? '').trim(), hints: [], place: 'other' };
}

const fileOf = (line: string): string => /^(\S.*?):\d+:/.exec(line)?.[1] ?? '';

function unique(messages: readonly ToolMessage[]): ToolMessage[] {
  const seen = new Set<string>();
  return messages.filter((message) => {
    const key = JSON.stringify(message);
    return !seen.has(key) && seen.add(key);
  });
}
