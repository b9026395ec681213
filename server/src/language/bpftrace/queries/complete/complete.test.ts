import { describe, expect, it } from 'vitest';
import type { Version } from '../../../../base/version.ts';
import { analyzed, edited, OLDEST } from '../../../../../test/support/analyzed.ts';
import { bundled } from '../../../../../test/support/inventory.ts';
import type { Described } from '../described.ts';
import { complete } from './complete.ts';
import type { Completion } from './completion.ts';

const DESCRIBED: Described = { card: (id) => (id === 'kprobe:vfs_read' ? { meaning: 'Reads.', details: ['Hot.'] } : undefined), argument: (id, name) => (id === 'kprobe:vfs_read' && name === 'count' ? 'bytes wanted' : undefined) };

function proposals(source: string, version?: Version): readonly Completion[] {
  const { analysis, cursor } = analyzed(source, version);
  return complete(analysis, cursor).items.toSorted((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1));
}

const labels = (source: string, version?: Version): string[] => proposals(source, version).map((item) => item.label);

function proposal(source: string, label: string, version?: Version): Completion {
  const found = proposals(source, version).find((item) => item.label === label);
  if (!found) throw new Error(`${label} is not proposed in ${source}`);
  return found;
}

/** The text after a proposal was taken. */
const taken = (source: string, label: string, version?: Version): string => edited(analyzed(source).text, [proposal(source, label, version)]);

describe('in a header', () => {
  it('kinds of probes that the version has, with their short forms left out', () => {
    expect(labels('‸')).toEqual(expect.arrayContaining(['BEGIN', 'kprobe', 'fentry', 'tracepoint', 'rawtracepoint', 'interval', 'config', 'macro']));
    expect(labels('‸')).not.toContain('kfunc');
    expect(labels('‸', OLDEST)).toContain('kfunc');
    expect(labels('‸', OLDEST)).not.toContain('rawtracepoint');
  });
  it('an attach point part by part', () => {
    expect(labels('tracepoint:sch‸')).toEqual(['sched']);
    expect(taken('tracepoint:sch‸', 'sched')).toBe('tracepoint:sched:');
    expect(labels('tracepoint:sched:sched_sw‸')).toEqual(['sched_switch', 'sched_swap_numa'].toSorted());
    expect(taken('BEGIN { }\ntracepoint:sched:sched_sw‸\n{ }', 'sched_switch')).toBe('BEGIN { }\ntracepoint:sched:sched_switch\n{ }');
    expect(taken('kprobe:a,kprobe:vfs_rea‸ { }', 'vfs_read')).toBe('kprobe:a,kprobe:vfs_read { }');
    expect(labels('interval:‸')).toEqual(['hz', 'ms', 's', 'us']);
    expect(labels('self:‸')).toEqual(['signal']);
    expect(labels('software:cpu‸')).toContain('cpu-clock');
  });
  it('tracepoints by their event alone', () => expect(taken('sys_enter_opena‸', 'tracepoint:syscalls:sys_enter_openat')).toBe('tracepoint:syscalls:sys_enter_openat'));
  it('at most some hundred, and says that there are more', () => {
    const { analysis, cursor } = analyzed('kprobe:‸');
    const { items, incomplete } = complete(analysis, cursor);
    expect({ many: items.length > 100 && items.length <= 300, incomplete }).toEqual({ many: true, incomplete: true });
    expect(bundled.probes.count).toBeGreaterThan(120_000);
  });
});

describe('in a block that is not closed yet', () => {
  it.each(['kprobe:a { $mine = 1; ‸\nkprobe:b { @x = 1; }', 'kprobe:a {\n  $mine = 1;\n  ‸\n\nkprobe:b { @x = 1; }'])('%s', (source) => {
    expect(labels(source)).toEqual(expect.arrayContaining(['$mine', '@x', 'printf']));
  });
});

describe('after . and ->', () => {
  it('fields of the probe\'s arguments', () => {
    expect(labels('tracepoint:sched:sched_switch { print(args.‸); }')).toEqual(['prev_comm', 'prev_pid', 'prev_prio', 'prev_state', 'next_comm', 'next_pid', 'next_prio']);
    expect(labels('fentry:vfs_read { $x = args.f‸ }')).toContain('file');
  });
  it('fields through pointers, those of anonymous structs too', () => {
    expect(labels('kprobe:tcp_connect { $sk = (struct sock *)arg0; $x = $sk->__sk_common.skc_‸ }')).toEqual(expect.arrayContaining(['skc_daddr', 'skc_dport', 'skc_family']));
    expect(labels('kprobe:f { print(((struct task_struct *)arg0)->‸); }')).toEqual(expect.arrayContaining(['pid', 'comm', 'real_parent']));
  });
  it('fields of structs of the program itself', () => expect(labels('struct s { int a; char *b; };\nkprobe:f { $s = (struct s *)arg0; $s->‸ }')).toEqual(['a', 'b']));
  it('elements of a tuple', () => expect(labels('BEGIN { $t = (1, "a"); print($t.‸); }')).toEqual(['0', '1']));
  it('and puts the operator right', () => {
    expect(taken('kprobe:f { $f = (struct file *)arg0; $x = $f.f_p‸; }', 'f_pos', OLDEST)).toBe('kprobe:f { $f = (struct file *)arg0; $x = $f->f_pos; }');
    expect(taken('kprobe:f { $f = (struct file *)arg0; $x = $f.f_p‸; }', 'f_pos')).toBe('kprobe:f { $f = (struct file *)arg0; $x = $f.f_pos; }');
    expect(taken('tracepoint:sched:sched_switch { print(args.prev_p‸); }', 'prev_pid', OLDEST)).toContain('args->prev_pid');
  });
  it('with their place', () => expect(proposal('fentry:vfs_read { print(args.‸); }', 'count').documentation?.(DESCRIBED)).toMatch(/size_t count[^]*offset 16, 8 bytes[^]*Bytes wanted/));
  it('an attach point, with what is said of it', () => expect(proposal('kprobe:vfs_rea‸', 'vfs_read').documentation?.(DESCRIBED)).toBe('Reads.\n\nHot.'));
  it('nothing where the type is not known', () => expect(labels('BEGIN { nosuch.‸ }')).toEqual([]));
});

describe('in expressions', () => {
  it('what is in scope comes first', () => {
    const found = labels('BEGIN { @total = 1; }\nkprobe:f { $mine = 1; if (1) { $inner = 2; } print(‸); }');
    expect(found.indexOf('$mine')).toBeLessThan(found.indexOf('@total'));
    expect(found.indexOf('@total')).toBeLessThan(found.indexOf('pid'));
    expect(found).not.toContain('$inner');
  });
  it('variables behind $ and maps behind @', () => {
    expect(labels('BEGIN { $a = 1; @m[1] = 2; $b = $‸ }')).toEqual(['$a', '$#', '$1']);
    expect(labels('BEGIN { $a = 1; @m[1] = 2; print(@‸); }')).toEqual(['@m']);
  });
  it('builtins that the probe and the version have', () => {
    expect(labels('kprobe:f { ‸ }')).toEqual(expect.arrayContaining(['arg0', 'pid', 'kstack']));
    expect(labels('kretprobe:f { ‸ }')).toContain('retval');
    expect(labels('kprobe:f { ‸ }')).not.toContain('retval');
    expect(labels('kprobe:f { ‸ }')).toContain('ncpus');
    expect(labels('kprobe:f { ‸ }', OLDEST)).not.toContain('ncpus');
  });
  it('functions with their parameters to fill in', () => {
    expect(proposal('BEGIN { lhis‸ }', 'lhist').snippet).toMatch(/^lhist\(\$\{1:\w+\}, \$\{2:\w+\}, /);
    expect(proposal('BEGIN { lhis‸(1) }', 'lhist').snippet).toBeUndefined();
    expect(taken('BEGIN { printf("%s", st‸); }', 'str')).toBe('BEGIN { printf("%s", str); }');
  });
  it('macros, defines and enumerators', () => {
    expect(labels('#define LIMIT 3\nenum e { ONE };\nmacro twice($x) { $x * 2 }\nBEGIN { ‸ }')).toEqual(expect.arrayContaining(['LIMIT', 'ONE', 'twice']));
    expect(labels('BEGIN { $x = TCP_ESTAB‸ }')).toContain('TCP_ESTABLISHED');
  });
  it('statements where one begins, and types where a cast may', () => {
    expect(labels('BEGIN { ‸ }')).toEqual(expect.arrayContaining(['if', 'while', 'let', 'for']));
    expect(labels('BEGIN { ‸ }', OLDEST)).not.toContain('let');
    expect(labels('BEGIN { $x = ‸ }')).not.toContain('while');
    expect(labels('BEGIN { $x = (‸ }')).toEqual(expect.arrayContaining(['uint64', 'struct']));
  });
  it('words that an argument may be', () => expect(labels('BEGIN { print(nsecs(‸)); }').slice(0, 4)).toEqual(expect.arrayContaining(['boot', 'monotonic'])));
  it('nothing twice', () => {
    const found = labels('macro count2($x) { $x }\nBEGIN { $a = 1; ‸ }');
    expect(found).toEqual([...new Set(found)]);
  });
});

describe('elsewhere', () => {
  it('types behind struct, the program\'s own first', () => {
    expect(labels('struct sock_mine { int a; };\nBEGIN { $x = (struct sock_m‸ *)0; }')[0]).toBe('sock_mine');
    expect(labels('BEGIN { $x = (struct tcp_so‸ *)0; }')).toContain('tcp_sock');
    expect(labels('BEGIN { $x = (union bpf_a‸ *)0; }')).toContain('bpf_attr');
  });
  it('keys and values of config', () => {
    expect(labels('config = { ‸ }')).toEqual(expect.arrayContaining(['max_map_keys', 'stack_mode']));
    expect(labels('config = { stack_mode = ‸ }')).toEqual(['bpftrace', 'build_id', 'perf', 'raw']);
    expect(labels('config = { print_maps_on_exit = ‸ }')).toEqual(['false', 'true']);
  });
  it('nothing in comments, strings and numbers', () => {
    for (const source of ['BEGIN { // pi‸', 'BEGIN { print("pi‸"); }', 'BEGIN { $x = 12‸; }', '/* ‸ */']) expect(labels(source)).toEqual([]);
  });
});
