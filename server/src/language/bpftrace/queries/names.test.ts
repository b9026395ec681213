import { describe, expect, it } from 'vitest';
import type { Version } from '../../../base/version.ts';
import { analyzed, edited, OLDEST } from '../../../../test/support/analyzed.ts';
import { highlights } from './highlight.ts';
import { hints } from './hints.ts';
import { linksOf } from './links.ts';
import { checkedName, renameable, renameSpans } from './rename.ts';
import { signatureAt } from './signature.ts';

function renamed(source: string, name: string): string {
  const { analysis, cursor, text } = analyzed(source);
  const { sym } = renameable(analysis, cursor);
  const newText = checkedName(analysis, sym, name);
  return edited(text, renameSpans(analysis, sym).map((span) => ({ span, newText })));
}

describe('rename', () => {
  it.each([
    ['a map in all probes', 'kprobe:f { @‸a[tid] = 1; }\nEND { clear(@a); }', '@b', 'kprobe:f { @b[tid] = 1; }\nEND { clear(@b); }'],
    ['a map without its sign', 'BEGIN { @‸a = 1; }', 'b', 'BEGIN { @b = 1; }'],
    ['a variable in its probe only', 'kprobe:f { $‸a = 1; print($a); }\nkprobe:g { $a = 2; }', 'b', 'kprobe:f { $b = 1; print($b); }\nkprobe:g { $a = 2; }'],
    ['a macro and its parameter', 'macro tw‸ice($x) { $x * 2 }\nBEGIN { $a = 1; print(twice($a)); }', 'double', 'macro double($x) { $x * 2 }\nBEGIN { $a = 1; print(double($a)); }'],
    ['a macro\'s parameter', 'macro twice($‸x) { $x * 2 }\nBEGIN { $x = 1; print(twice($x)); }', 'n', 'macro twice($n) { $n * 2 }\nBEGIN { $x = 1; print(twice($x)); }'],
    ['a field of the program\'s struct', 'struct s { int a‸; };\nkprobe:f { print(((struct s *)arg0)->a); }', 'b', 'struct s { int b; };\nkprobe:f { print(((struct s *)arg0)->b); }'],
    ['a struct', 'struct s‸ { int a; };\nkprobe:f { print(((struct s *)arg0)->a); }', 't', 'struct t { int a; };\nkprobe:f { print(((struct t *)arg0)->a); }'],
    ['a define', '#define LIM‸IT 3\nBEGIN { print(LIMIT); }', 'MAX', '#define MAX 3\nBEGIN { print(MAX); }'],
    ['a define in the C that uses it', '#define N‸ 3\n#define M (N + 1) // N\nstruct s { int a[N]; };\nBEGIN { print(N); }', 'K', '#define K 3\n#define M (K + 1) // N\nstruct s { int a[K]; };\nBEGIN { print(K); }'],
    ['a typedef and an enumerator', 'typedef int my_t;\nenum e { A‸ = 1, B = A };\nBEGIN { print(A); }', 'Z', 'typedef int my_t;\nenum e { Z = 1, B = Z };\nBEGIN { print(Z); }'],
    ['behind characters of two units and CRLF', '/* 𝛼 */\r\nBEGIN { print("𝛼"); $‸a = 1;\r\n print($a); }', 'b', '/* 𝛼 */\r\nBEGIN { print("𝛼"); $b = 1;\r\n print($b); }'],
  ])('%s', (_, source, name, expected) => expect(renamed(source, name)).toBe(expected));

  it.each([
    ['BEGIN { print(pi‸d); }', 'x', /nothing to rename|only names the program itself/],
    ['BEGIN { pri‸nt(1); }', 'x', /only names the program itself/],
    ['kprobe:vfs‸_read { }', 'x', /only names the program itself/],
    ['BEGIN { $‸a = 1; }', '1a', /'1a' is no name for a variable/],
    ['BEGIN { $‸a = 1; }', 'a b', /is no name/],
    ['BEGIN { $‸a = 1; $b = 2; }', '$b', /already a variable called \$b/],
    ['macro m‸($x) { $x }\nBEGIN { $a = 1; print(m($a)); }', 'while', /a word of bpftrace's language/],
    ['macro m‸($x) { $x }\nBEGIN { $a = 1; print(m($a)); }', 'pid', /built into bpftrace/],
  ])('refuses %s → %s', (source, name, reason) => expect(() => renamed(source, name)).toThrow(reason));
});

describe('signatures', () => {
  const signature = (source: string, version?: Version): unknown => {
    const { analysis, cursor } = analyzed(source, version);
    const found = signatureAt(analysis, cursor);
    const active = found?.signatures[found.active];
    const [start, end] = active?.params[found?.argument ?? 0] ?? [0, 0];
    return active && [active.label, active.label.slice(start, end)];
  };
  it('of functions, with the argument being written', () => {
    expect(signature('BEGIN { lhist(1, ‸')).toEqual([expect.stringMatching(/^lhist\(/), 'min']);
    expect(signature('BEGIN { printf("%d %d", 1, 2, ‸')).toEqual([expect.stringMatching(/^printf\(/), expect.stringMatching(/…$/)]);
  });
  it('of macros and functions of the program', () => {
    expect(signature('macro add($x, $y) { $x + $y }\nBEGIN { $a = 1; print(add($a, ‸$a)); }')).toEqual(['add($x, $y)', '$y']);
  });
  it('of a map\'s keys', () => expect(signature('kprobe:f { @m[tid, comm] = 1; }\nEND { print(@m[1, ‸]); }')).toEqual([expect.stringMatching(/^@m\[uint32, string\[16\]\] → u?int\d+$/), 'string[16]']));
  it('not in comments, statements and probes', () => {
    for (const source of ['BEGIN { print(/* ‸ */1); }', 'BEGIN { if (‸1) { } }', 'BEGIN { ‸ }']) expect(signature(source)).toBeUndefined();
  });
});

describe('hints', () => {
  const shown = (source: string): string => {
    const { analysis, text } = analyzed(source);
    return edited(text, hints(analysis).map(({ offset, text: newText }) => ({ span: { start: offset, end: offset }, newText: `‹${newText}›` })));
  };
  it('are types where a name is first written', () => {
    expect(shown('kprobe:f { $f = (struct file *)arg0; $f = 0; @t[tid] = nsecs; @n = count(); }')).toBe('kprobe:f { $f‹: struct file *› = (struct file *)arg0; $f = 0; @t[tid]‹: uint64› = nsecs; @n = count(); }');
  });
  it('are numbers of what wildcards match', () => expect(shown('tracepoint:sched:sched_switch,\ntracepoint:sched:sched_wakeup* { }')).toBe('tracepoint:sched:sched_switch,\ntracepoint:sched:sched_wakeup*‹2 probes› { }'));
  it('are none where the program says the type', () => expect(shown('BEGIN { let $x : uint8 = 1; }')).toBe('BEGIN { let $x : uint8 = 1; }'));
});

describe('highlights', () => {
  const roles = (source: string, version?: Version): string[] => {
    const { analysis, text } = analyzed(source, version);
    return highlights(analysis).map(({ start, end, role, modifiers }) => [text.slice(start, end), role, ...modifiers].join(' '));
  };
  it('tell names apart by what they are', () => {
    expect(roles('tracepoint:sched:sched_switch /pid/ { $x = args.prev_pid; @m[$x] = strlen(comm); }')).toEqual([
      'tracepoint keyword', 'sched namespace', 'sched_switch event', 'pid variable readonly defaultLibrary', '$x variable modification', 'args variable readonly defaultLibrary', 'prev_pid property readonly',
      '@m variable static modification', '$x variable', 'strlen function defaultLibrary', 'comm variable readonly defaultLibrary',
    ]);
  });
  it('know what the program declares', () => {
    const found = roles('#define N 1\nstruct s { int a; };\nmacro m($x) { $x }\nBEGIN { $y = N; print(m($y)); print(((struct s *)0)->a); }');
    for (const wanted of [/^N macro readonly declaration$/, /^N macro readonly$/, /^s struct declaration$/, /^a property/, /^m macro declaration$/, /^\$x parameter declaration$/, /^m macro$/]) expect(found.some((role) => wanted.test(role)), String(wanted)).toBe(true);
  });
  it('do not overlap and are in order', () => {
    const { analysis } = analyzed('macro m($x, @y) { @y[$x] }\nconfig = { max_map_keys = 1 }\nkprobe:f,\nkprobe:g*/1/ { @a[1] = 1; print(m($1, @a)); }');
    const found = highlights(analysis);
    for (const [i, { start }] of found.entries()) expect(start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0);
  });
});

describe('links', () => {
  const links = (source: string): string[] => {
    const { analysis, text } = analyzed(source, OLDEST);
    return linksOf(analysis).map(({ span, url }) => `${text.slice(span.start, span.end)} → ${url}`);
  };
  it('lead from attach points to what explains them, each page about a kind once', () => {
    expect(links('tracepoint:syscalls:sys_exit_newstat,\ntracepoint:kmem:kfree,\nkprobe:f,\nkretprobe:g,\nuprobe:/bin/bash:readline,\ninterval:s:1 { }')).toEqual([
      'sys_exit_newstat → https://man7.org/linux/man-pages/man2/stat.2.html',
      'kfree → https://docs.kernel.org/trace/events-kmem.html',
      'kprobe → https://docs.kernel.org/trace/kprobes.html',
      'uprobe → https://docs.kernel.org/trace/uprobetracer.html',
    ]);
  });
});
