import { describe, expect, it } from 'vitest';
import type { Version } from '../../../../base/version.ts';
import { analyzed, OLDEST } from '../../../../../test/support/analyzed.ts';
import type { Described } from '../described.ts';
import { hoverAt, type Hover } from './hover.ts';
import { hoverMarkdown, hoverText } from './text.ts';

const CARDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'tracepoint:sched:sched_switch': { prev_pid: 'thread that leaves' },
  'struct sock.__sk_common.skc_dport': {},
  'kprobe:tcp_connect': { sk: 'the socket', retval: '0 or a negative errno' },
};
const DESCRIBED: Described = { card: (id) => (CARDS[id] ? { meaning: 'From the knowledge base.', details: ['Hot.'] } : undefined), argument: (id, name) => CARDS[id]?.[name] };

function hover(source: string, version?: Version): Hover & { readonly on: string } {
  const { analysis, cursor, text } = analyzed(source, version);
  const found = hoverAt(analysis, cursor, DESCRIBED);
  if (!found) throw new Error(`nothing is told of ${source}`);
  return { ...found, on: text.slice(found.span.start, found.span.end) };
}

const none = (source: string): unknown => {
  const { analysis, cursor } = analyzed(source);
  return hoverAt(analysis, cursor);
};

describe('hover over an attach point', () => {
  it('tells what its kind is', () => {
    const { on, code, notes } = hover('kpr‸obe:vfs_read { }');
    expect([on, code]).toEqual(['kprobe', 'kprobe:[MODULE:]FUNCTION[+OFFSET]']);
    expect(notes.join('\n')).toMatch(/kernel function is entered/);
  });
  it('shows a tracepoint\'s fields, its kernel and what the knowledge base says', () => {
    const { on, code, notes, links } = hover('tracepoint:sched:sched_sw‸itch { }');
    expect(on).toBe('tracepoint:sched:sched_switch');
    expect(code).toContain('char prev_comm[16];');
    expect(notes).toEqual(['From the knowledge base.', 'Hot.', 'On the bundled Debian 13 kernel (6.12.117).']);
    expect(links[0]?.url).toBe('https://docs.kernel.org/trace/tracepoints.html');
  });
  it('shows a function\'s prototype and module', () => {
    expect(hover('kprobe:vfs_‸read { }').code).toBe('ssize_t vfs_read(struct file *file, char *buf, size_t count, loff_t *pos)');
    expect(hover('fentry:tcp_con‸nect { }').code).toBe('int tcp_connect(struct sock *sk)');
  });
  it.each(['kprobe', 'kretprobe', 'fentry', 'fexit'])('says of a %s what is said of the function', (kind) => expect(hover(`${kind}:tcp_con‸nect { }`).notes[0]).toBe('From the knowledge base.'));
  it('leads to a system call\'s manual', () => expect(hover('tracepoint:syscalls:sys_enter_ope‸nat { }').links).toEqual([{ title: 'openat(2)', url: 'https://man7.org/linux/man-pages/man2/openat.2.html' }]));
  it('counts and names what a wildcard matches', () => {
    const notes = hover('tracepoint:sched:sched_sw‸*{ }').notes.join('\n');
    expect(notes).toMatch(/Matches \d+ probes on the bundled Debian 13 kernel/);
    expect(notes).toContain('`tracepoint:sched:sched_switch`');
  });
  it('says what is near when there is no such one', () => expect(hover('kprobe:vfs_reed‸ { }').notes.join('\n')).toMatch(/Not on the bundled .*Near: .*`kprobe:vfs_read`/));
});

describe('hover over names of bpftrace', () => {
  it('a builtin, with its type here', () => {
    expect(hover('BEGIN { print(nse‸cs); }')).toMatchObject({ on: 'nsecs', code: 'nsecs : uint64' });
    expect(hover('BEGIN { print(pi‸d); }', OLDEST).code).toBe('pid : uint64');
  });
  it('args, with the fields of this probe', () => expect(hover('tracepoint:sched:sched_switch { print(ar‸gs.prev_pid); }').code).toMatch(/^args \{\n {4}char prev_comm\[16\];/));
  it('a field of args, with what it means', () => expect(hover('tracepoint:sched:sched_switch { print(args.prev_p‸id); }').notes[0]).toBe('Thread that leaves.'));
  it('an argument by its number, with what the function calls it', () => {
    expect(hover('kprobe:tcp_connect { print(ar‸g0); }').notes.slice(0, 2)).toEqual(['`struct sock *sk` of `tcp_connect`.', 'The socket.']);
    expect(hover('kprobe:tcp_connect { print(ar‸g5); }').notes.join('\n')).not.toMatch(/tcp_connect/);
    expect(hover('fexit:tcp_connect { print(args.s‸k); }').notes[0]).toBe('The socket.');
  });
  it('a result, with what it means', () => {
    expect(hover('kretprobe:tcp_connect { print(retv‸al); }').notes[0]).toBe('0 or a negative errno.');
    expect(hover('fexit:tcp_connect { print(retv‸al); }').notes[0]).toBe('0 or a negative errno.');
  });
  it('a function, with its forms', () => {
    const { on, code } = hover('BEGIN { print(st‸r(arg0)); }');
    expect(on).toBe('str');
    expect(code).toMatch(/^str\(\w+/);
  });
  it('says since when something exists where that matters', () => {
    expect(hover('BEGIN { print(ncp‸us); }', OLDEST).notes.join('\n')).toMatch(/Exists since bpftrace 0\.24; the target has 0\.17\./);
    expect(hover('BEGIN { print(pi‸d); }').notes.join('\n')).not.toMatch(/Exists/);
  });
  it('a key of config', () => expect(hover('config = { max_map_‸keys = 5 }').code).toBe('max_map_keys = 4096'));
  it('a positional parameter', () => expect(hover('BEGIN { print($‸1); }').notes.join(' ')).toMatch(/started with/));
  it('leads to the manual of the version', () => {
    expect(hover('BEGIN { print(pi‸d); }').links[0]?.url).toBe('https://bpftrace.org/docs/release_027/stdlib');
    expect(hover('BEGIN { print(pi‸d); }', OLDEST).links[0]?.url).toBe('https://github.com/bpftrace/bpftrace/blob/v0.17.0/man/adoc/bpftrace.adoc');
  });
});

describe('hover over names of the kernel', () => {
  it('a field: type, owner and place', () => {
    const { on, code, notes } = hover('kprobe:f { $f = (struct file *)arg0; print($f->f_p‸os); }');
    expect([on, code]).toEqual(['f_pos', 'loff_t f_pos;']);
    expect(notes[0]).toMatch(/^In `struct file`: offset \d+, 8 bytes\.$/);
  });
  it('with what the knowledge base says of it', () => {
    expect(hover('kprobe:tcp_connect { $sk = (struct sock *)arg0; print($sk->__sk_common.skc_dpo‸rt); }').notes[0]).toBe('From the knowledge base.');
    expect(hover('kprobe:tcp_connect { print(((struct sock *)arg0)->__sk_common.skc_dpo‸rt); }').notes[0]).toBe('From the knowledge base.');
  });
  it('a bit field', () => expect(hover('kprobe:f { $s = (struct sock *)arg0; print($s->sk_no_check_‸tx); }').notes[0]).toMatch(/: bit \d+, 1 bits?\./));
  it('a field of args', () => expect(hover('fentry:vfs_read { print(args.cou‸nt); }')).toMatchObject({ code: 'size_t count;' }));
  it('an enumerator', () => expect(hover('BEGIN { print(TCP_ESTAB‸LISHED); }').code).toBe('TCP_ESTABLISHED = 1'));
  it('a type', () => {
    const { code } = hover('kprobe:f { $f = (struct fi‸le *)arg0; }');
    expect(code).toMatch(/^struct file \{[^]*\/\/ and \d+ more\n\} {2}\/\/ \d+ bytes$/);
  });
});

describe('hover over names of the program', () => {
  it('a map: keys and value', () => expect(hover('kprobe:f { @st‸art[tid, comm] = nsecs; print(@start[tid, comm]); }')).toMatchObject({ on: '@start', code: '@start[uint32, string[16]] → uint64', notes: ['Used 2 times in this program.'] }));
  it('a scalar map and an aggregation', () => {
    expect(hover('kprobe:f { @‸n = 1; }').code).toMatch(/^@n : u?int\d+$/);
    expect(hover('kprobe:f { @‸n = count(); }').code).toBe('@n : count');
  });
  it('a variable', () => expect(hover('kprobe:f { $f = (struct file *)arg0; print($‸f); }')).toMatchObject({ on: '$f', code: '$f : struct file *' }));
  it('a macro, a define and a struct: their text', () => {
    expect(hover('macro twice($x) { $x * 2 }\nBEGIN { $a = 1; print(tw‸ice($a)); }').code).toBe('macro twice($x) { $x * 2 }');
    expect(hover('#define LIMIT 3\nBEGIN { print(LIM‸IT); }').code).toBe('#define LIMIT 3');
    expect(hover('struct s { int a; };\nBEGIN { $x = (struct ‸s *)0; }').code).toMatch(/^struct s \{ int a; \}/);
  });
});

describe('hover', () => {
  it('says nothing of comments, strings, numbers and space', () => {
    for (const source of ['BEGIN { /* pi‸d */ }', 'BEGIN { print("pi‸d"); }', 'BEGIN { print(1‸2); }', '\n‸\n\nBEGIN { }']) expect(none(source)).toBeUndefined();
  });
  it('has its place behind characters of two units', () => expect(hover('BEGIN { print("𝛼𝛼"); /* 𝛼 */ print(pi‸d); }').on).toBe('pid'));
  it('is Markdown for editors and plain text for terminals', () => {
    const found = hover('kprobe:vfs_‸read { }');
    expect(hoverMarkdown(found)).toMatch(/^```c\nssize_t vfs_read\([^]*\n```\n\n[^]*\]\(https:/);
    expect(hoverText(found)).not.toMatch(/`|\]\(/);
  });
});
