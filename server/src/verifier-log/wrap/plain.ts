/** What of a text is looked at to see how it was pasted. Characters. */
const SAMPLE = 300_000;
// 12: (bf) r6 = r1   |   ; if (!v) @ f.bpf.c:8   |   processed 12 insns (limit 1000000) …
const LOG_LINE = /^(.{0,160}?)(?:\d+: \([0-9a-f]{2}\) [rw(*ilgcem]|; \S.* @ \S+:\d+\s*$|processed \d+ insns \()/;

/**
 * Makes of a text one whose lines begin as the verifier's do: without what terminals, journals, containers, quoting and
 * indenting put before them, and with loaders' words on lines of their own.
 */
export function normalize(text: string): string {
  return withoutPrefix(splitShortForms(withoutTypography(unescaped(text))));
}

/** A log that a logger printed on one line. */
function unescaped(text: string): string {
  if (!/\\n[^\n]{0,20}(?:\d+: \([0-9a-f]{2}\) |processed \d+ insns|libbpf: |Error: )/.test(text)) return text;
  return text.replaceAll(/\\([\\nrt"/])/g, (_, c: string) => ({ n: '\n', r: '\r', t: '\t' })[c] ?? c);
}

/** Colours, and the spaces and quotes that web pages and word processors set instead of those typed. */
function withoutTypography(text: string): string {
  let out = text;
  if (out.includes('\u001b')) out = out.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()][0-9A-B])/g, '');
  if (out.includes('\u00a0')) out = out.replaceAll('\u00a0', ' ');
  if (/[\u2018\u2019]/.test(out)) out = out.replaceAll(/[\u2018\u2019]/g, "'");
  return out.startsWith('\ufeff') ? out.slice(1) : out;
}

/** Takes away what stands before most lines of the log and is the same but for its numbers: a time, a process, a quote mark. */
function withoutPrefix(text: string): string {
  const prefix = commonPrefix(text.slice(0, SAMPLE));
  if (prefix === undefined) return text;
  return text.replaceAll(new RegExp(`^${prefix}`, 'gm'), '');
}

/** The pattern of what stands before at least half of the lines that are the verifier's for sure; undefined when nothing does. */
function commonPrefix(text: string): string | undefined {
  const found = new Map<string, number>();
  let lines = 0;
  for (const line of text.split('\n')) {
    const prefix = LOG_LINE.exec(line)?.[1];
    if (prefix === undefined) continue;
    lines += 1;
    const pattern = patternOf(prefix);
    found.set(pattern, (found.get(pattern) ?? 0) + 1);
  }
  const [most, count] = [...found].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  return most === '' || count * 2 < lines ? undefined : most;
}

/** `Nov 22 10:00:01 host app[7]: ` → any time, any process: numbers may differ, and empty lines may lack the last space. */
function patternOf(prefix: string): string {
  if (prefix.trim() === '') return prefix === '' ? '' : `[ \\t]{1,${prefix.length}}`;
  const parts = prefix.match(/\d+|\s+|[^\d\s]+/g) ?? [];
  return parts.map((part, i) => (/^\d/.test(part) ? '\\d+' : /^\s/.test(part) ? (i === parts.length - 1 ? '[ \\t]?' : '[ \\t]+') : part.replaceAll(/[^\w]/g, '\\$&'))).join('');
}

/**
 * cilium/ebpf and aya begin a log on the line of their own words. cilium's short form has only the last two lines of it:
 * `load program: permission denied: 12: (61) r1 = *(u32 *)(r0 +0): R0 invalid mem access 'scalar' (12 line(s) omitted)`.
 */
function splitShortForms(text: string): string {
  let out = text;
  if (out.includes('load program: ')) {
    out = out.replaceAll(/(load program: [a-z ]+:) +(?=\S)/g, '$1\n').replaceAll(/(\((?:truncated, )?\d+ lines?(?:\(s\))? omitted\))/g, '\n$1');
    out = out.replaceAll(/(?<=load program: [a-z ]+:\n)(\d+: \([0-9a-f]{2}\) .*?)(?<!frame\d+): (?=\S)/g, '$1\n');
  }
  if (out.includes('Verifier output:')) out = out.replaceAll(/(Verifier output:)[ \t]+(?=\S)/g, '$1\n');
  return out;
}
