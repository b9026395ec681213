import type { Language } from '../../../server/src/protocol.ts';

/** Kinds of probes of bpftrace as the section of a BPF C program. */
const SECTIONS: Readonly<Record<string, string>> = { tracepoint: 'tracepoint', kprobe: 'kprobe', kretprobe: 'kretprobe', fentry: 'fentry', fexit: 'fexit', rawtracepoint: 'raw_tp' };

/** What is written into a program for an attach point or a name; `$0` is where one goes on typing. */
export function snippetFor({ id, kind }: { readonly id: string; readonly kind: string }, language: Language): string {
  const name = id.replace(/[\\$}]/g, '\\$&');
  if (kind !== 'attach-point') return `${name.replace(/\(.*\)$/, '')}$0`;
  if (language === 'bpftrace') return `${name}\n{\n\t$0\n}\n`;
  const [provider = '', ...parts] = name.split(':');
  const section = SECTIONS[provider] ?? provider;
  return `SEC("${[section, ...(/^f(?:entry|exit)$/.test(provider) ? parts.slice(-1) : parts)].join('/')}")\nint ${functionName(parts)}(void *ctx)\n{\n\t$0\n\treturn 0;\n}\n`;
}

function functionName(parts: readonly string[]): string {
  return (parts.at(-1) ?? 'program').replace(/\W/g, '_');
}
