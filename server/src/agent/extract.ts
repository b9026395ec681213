import type { Language } from '../checks/program.ts';

export type Extracted = { readonly kind: 'program'; readonly text: string } | { readonly kind: 'no-program'; readonly message: string };

interface Block {
  readonly label: string;
  readonly text: string;
}

const LABELS: Readonly<Record<Language, RegExp>> = {
  bpftrace: /^(bpftrace|bt|btrace|d|dtrace|awk)$/,
  c: /^(c|h|cpp|c\+\+|bpf|bpf\.c|ebpf|bpf-c)$/,
};

/**
 * The program in a model's reply: the longest program-like fenced block of the right language, else
 * any program-like block, a `bpftrace -e '…'` command line, or the whole reply when it is a program.
 * Line ends become LF; reasoning in `<think>` is left out.
 */
export function extractProgram(reply: string, language: Language): Extracted {
  const text = withoutReasoning(reply.replace(/\r\n?/g, '\n').replace(/^\ufeff/, ''));
  if (text.trim() === '') return { kind: 'no-program', message: 'The reply is empty.' };
  const blocks = fencedBlocks(text);
  const labelled = blocks.filter((b) => LABELS[language].test(b.label));
  const candidates = [
    labelled.filter((b) => isProgram(b.text, language)),
    blocks.filter((b) => isProgram(b.text, language)),
    oneLiners(blocks.length > 0 ? blocks : [{ label: '', text }], language),
    blocks.length === 0 && isProgram(text, language) && startsAsProgram(text, language) ? [{ label: '', text }] : [],
  ];
  const best = candidates.find((c) => c.length > 0)?.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  if (best) return { kind: 'program', text: `${best.text.replace(/^\n+/, '').trimEnd()}\n` };
  return { kind: 'no-program', message: whyNone(blocks, language) };
}

function whyNone(blocks: readonly Block[], language: Language): string {
  const wanted = language === 'c' ? 'a BPF C program with a SEC("…") function' : 'a bpftrace program with a probe and its { } block';
  if (blocks.length === 0) return `The reply holds no code block; it should hold ${wanted} in one fenced block.`;
  return `No code block of the reply is a program; one should hold ${wanted}.`;
}

const THOUGHT_OPENS = '<(?:think|thinking|reasoning)>';
const THOUGHT_CLOSES = '</(?:think|thinking|reasoning)>';

/** Reasoning models put their thoughts in tags; some servers leave out the opening tag, a cut-off reply the closing one. */
function withoutReasoning(text: string): string {
  const closes = new RegExp(THOUGHT_CLOSES, 'gi');
  let kept = '';
  let from = 0;
  for (const open of text.matchAll(new RegExp(THOUGHT_OPENS, 'gi'))) {
    if (open.index < from) continue;
    kept += text.slice(from, open.index);
    closes.lastIndex = open.index;
    from = closes.test(text) ? closes.lastIndex : text.length;
  }
  kept += text.slice(from);
  const stray = [...kept.matchAll(new RegExp(THOUGHT_CLOSES, 'gi'))].at(-1);
  return stray ? kept.slice(stray.index + stray[0].length) : kept;
}

/** Fenced code blocks as CommonMark reads them, at any indentation; a block cut off by the end of the reply counts. */
function fencedBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { indent: number; mark: string; label: string; lines: string[] } | undefined;
  const close = (): void => {
    if (open) blocks.push({ label: open.label, text: open.lines.join('\n') });
    open = undefined;
  };
  for (const line of text.split('\n')) {
    const fence = /^([ \t]*)(`{3,}|~{3,})[ \t]{0,9}([^\s`]{0,30})[^`]*$/.exec(line);
    if (!open && fence) {
      open = { indent: (fence[1] ?? '').length, mark: fence[2] ?? '', label: (fence[3] ?? '').toLowerCase().replace(/^\{?\.?|\}$/g, ''), lines: [] };
    } else if (open && fence && !fence[3] && (fence[2] ?? '').startsWith(open.mark)) {
      close();
    } else if (open) {
      open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  }
  close();
  return blocks;
}

/** Programs in shell commands: `sudo bpftrace -e 'kprobe:f { }'`. */
function oneLiners(blocks: readonly Block[], language: Language): Block[] {
  if (language !== 'bpftrace') return [];
  return blocks
    .flatMap((b) => [...b.text.matchAll(/\bbpftrace\b[^\n']{0,200}?-e[ =]{0,9}'([^']+)'/g)].map((m) => ({ label: '', text: m[1] ?? '' })))
    .filter((b) => isProgram(b.text, language));
}

/**
 * A bpftrace probe with its block: `kprobe:tcp_connect /pid == 1/ {`, `BEGIN {`. Names of providers drift,
 * so any will do. Every repetition in these expressions is bounded or unambiguous: a reply is not trusted.
 */
const PROBE = /(?:^|[\n;}])[ \t]*(?:(?:BEGIN|END|begin|end)\s*|[a-z][a-z_]{0,30}:(?!\/\/)[^\s{}()"';][^{};]{0,2000})\{/;
const FIRST_LINE: Readonly<Record<Language, RegExp>> = {
  bpftrace: /^(?:#!|#include|\/\/|\/\*|BEGIN\b|END\b|begin\b|end\b|config\b|struct\b|macro\b|fn\b|import\b|let\b|[a-z_]+:\S)/,
  c: /^(?:#|\/\/|\/\*|struct\b|typedef\b|static\b|const\b|char\b|extern\b|enum\b|SEC\b)/,
};

function isProgram(text: string, language: Language): boolean {
  if (language === 'c') return /\bSEC\s*\(\s*"/.test(text) && text.includes('{');
  return PROBE.test(text) && !/\bSEC\s*\(|^\s*\$\s|\bbpftrace\b[^\n']{0,200}-e\b/.test(text);
}

function startsAsProgram(text: string, language: Language): boolean {
  return FIRST_LINE[language].test(text.trimStart());
}
