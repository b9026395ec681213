import { describe, expect, it } from 'vitest';
import { extractProgram } from './extract.ts';

const COUNT = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';
const XDP = '#include "vmlinux.h"\nSEC("xdp")\nint drop(struct xdp_md *ctx) { return 1; }';

function program(reply: string, language: 'bpftrace' | 'c' = 'bpftrace'): string | undefined {
  const found = extractProgram(reply, language);
  return found.kind === 'program' ? found.text : undefined;
}

describe('the program in a reply', () => {
  it.each([
    ['a labelled block', `Here it is:\n\`\`\`bpftrace\n${COUNT}\n\`\`\`\nIt counts.`],
    ['a block without label', `\`\`\`\n${COUNT}\n\`\`\``],
    ['a block with CRLF', `\`\`\`bt\r\n${COUNT}\r\n\`\`\`\r\n`],
    ['a tilde fence', `~~~bpftrace\n${COUNT}\n~~~`],
    ['an indented fence in a list', `1. Run\n   \`\`\`bpftrace\n   ${COUNT}\n   \`\`\``],
    ['a block cut off by the end', `\`\`\`bpftrace\n${COUNT}`],
    ['the bare reply', `${COUNT}\n`],
    ['a shell command', `\`\`\`bash\nsudo bpftrace -v -e '${COUNT}'\n\`\`\``],
    ['a shell command without a fence', `Run: sudo bpftrace -e '${COUNT}'`],
    ['thoughts before it', `<think>\nMaybe \`\`\`bpftrace\nBEGIN { exit(); /* a longer program that was thought of first */ }\n\`\`\`?</think>\n\`\`\`bpftrace\n${COUNT}\n\`\`\``],
    ['thoughts without an opening tag', `maybe this: BEGIN { }\n</think>\n${COUNT}`],
    ['a longer fence', `\`\`\`\`bpftrace\n${COUNT}\n\`\`\`\``],
    ['a byte order mark', `\ufeff${COUNT}`],
  ])('is found in %s', (_, reply) => {
    expect(program(reply)).toBe(`${COUNT}\n`);
  });

  it('is the longest program of the right language', () => {
    const reply = `\`\`\`bpftrace\nBEGIN { }\n\`\`\`\n\`\`\`c\n${XDP}\n\`\`\`\n\`\`\`bpftrace\n${COUNT}\n\`\`\`\n\`\`\`text\n${'no program '.repeat(40)}\n\`\`\``;
    expect(program(reply)).toBe(`${COUNT}\n`);
    expect(program(reply, 'c')).toBe(`${XDP}\n`);
  });

  it.each([
    ['predicates with strings', 'kprobe:vfs_read\n/comm == "bash" && pid > 1/\n{ @ = count(); }'],
    ['several probes in a list', 'kprobe:vfs_read,\nkprobe:vfs_write\n{ @[func] = count(); }'],
    ['a comment first', '// counts reads\nkprobe:vfs_read { @ = count(); }'],
    ['new lower-case blocks', 'begin { printf("x"); }'],
  ])('may have %s', (_, text) => {
    expect(program(`\`\`\`\n${text}\n\`\`\``)).toBe(`${text}\n`);
    expect(program(text)).toBe(`${text}\n`);
  });
});

describe('a reply without a program', () => {
  it.each([
    ['', 'The reply is empty.'],
    ['   \n', 'The reply is empty.'],
    ['<think>I never come to an end', 'The reply is empty.'],
    ['I am sorry, I cannot help with that.', 'The reply holds no code block'],
    ['You could use a tracepoint: { it is } easy. See https://example.org/{x}', 'The reply holds no code block'],
    ['```python\nprint({"a": 1})\n```', 'No code block of the reply is a program'],
    ['```json\n{"tracepoint:a:b": {}}\n```', 'No code block of the reply is a program'],
    [`\`\`\`c\n${XDP}\n\`\`\``, 'No code block of the reply is a program'],
  ])('says so: %j', (reply, message) => {
    const found = extractProgram(reply, 'bpftrace');
    expect(found).toMatchObject({ kind: 'no-program' });
    expect(found.kind === 'no-program' && found.message).toContain(message);
  });

  it.each([
    ['fences', '```'.repeat(80_000)],
    ['a fence line that never ends', `\`\`\`${'a'.repeat(256_000)}\``],
    ['thoughts opened again and again', '<think>'.repeat(36_000)],
    ['thoughts closed again and again', '</think>'.repeat(32_000)],
    ['probes without a block', 'kprobe:a \n'.repeat(25_000)],
    ['commands', 'bpftrace -e '.repeat(20_000)],
    ['colons', ';a:b'.repeat(64_000)],
    ['blanks', ' '.repeat(256_000)],
  ])('is told in bounded time: %s', (_, reply) => {
    const started = performance.now();
    extractProgram(reply, 'bpftrace');
    extractProgram(reply, 'c');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
