import { describe, expect, it } from 'vitest';
import { analyzed, edited, OLDEST } from '../../../../test/support/analyzed.ts';
import { texts } from '../../../../test/support/marked.ts';
import type { Version } from '../../../base/version.ts';

const NEWEST: Version = [0, 27, 1];

function versionProblems(source: string, version: Version) {
  const { text, spans, analysis } = analyzed(source, version);
  const found = analysis.problems.filter((p) => p.code === 'needs-newer-bpftrace' || p.code === 'removed-from-bpftrace');
  return { text, spans, found, analysis };
}

describe('what the target\'s bpftrace does not have yet', () => {
  it.each<[source: string, since: string, repaired?: string]>([
    ['tracepoint:sched:sched_switch { print(args«.»next_pid); }', '0.19', 'tracepoint:sched:sched_switch { print(args->next_pid); }'],
    ['«config» = { max_strlen = 64 } BEGIN { }', '0.20'],
    ['BEGIN { @a[1] = 1; «for ($kv : @a») { } }', '0.21'],
    ['BEGIN { «for ($i : 0..3») { print($i); } }', '0.24', 'BEGIN { $i = 0; while ($i < 3) { print($i); $i++; } }'],
    ['BEGIN { «let $x» = 1; }', '0.22', 'BEGIN { $x = 1; }'],
    ['BEGIN { «let $x» : uint64 = 1; }', '0.22', 'BEGIN { $x = 1; }'],
    ['BEGIN {\n  «let $x»;\n  $x = 1;\n}', '0.22', 'BEGIN {\n  $x = 1;\n}'],
    ['«macro m»() { print(1); } BEGIN { print(1); }', '0.24'],
    ['BEGIN { print(«5ms»); }', '0.24', 'BEGIN { print(5000000); }'],
    ['BEGIN { print(«pid ?: 1»); }', '0.26', 'BEGIN { print(pid ? pid : 1); }'],
    ['BEGIN { if «pid» { } }', '0.24', 'BEGIN { if (pid) { } }'],
    ['interval:s:1 { } «interval:1s» { }', '0.24'],
    ['BEGIN { print(«ppid»); }', '0.24', 'BEGIN { print(curtask->real_parent->tgid); }'],
    ['BEGIN { @a[1] = 1; if («has_key»(@a, 1)) { } }', '0.22'],
    ['BEGIN { «warnf»("x"); }', '0.25', 'BEGIN { printf("x"); }'],
    ['BEGIN { print(«pid»()); }', '0.24', 'BEGIN { print(pid); }'],
    ['«rawtracepoint»:sched_switch { }', '0.19'],
    ['BEGIN { print(«offsetof(struct task_struct, pid)»); }', '0.18'],
  ])('%s', (source, since, repaired) => {
    const { text, spans, found } = versionProblems(source, OLDEST);
    expect(texts(text, found.map((p) => p.span))).toEqual(texts(text, spans));
    expect(found[0]?.message).toContain(`needs bpftrace ${since} or newer; the target has 0.17`);
    expect(found[0]?.severity).toBe('error');
    if (repaired === undefined) return;
    expect(edited(text, found[0]?.repairs[0]?.edits ?? [])).toBe(repaired);
    expect(analyzed(repaired, OLDEST).analysis.problems.filter((p) => p.severity === 'error')).toEqual([]);
  });
  it.each([
    ['begin { }', 'BEGIN { }'],
    ['fentry:vfs_read { }', 'kfunc:vfs_read { }'],
    ['fexit:vfs_read { }', 'kretfunc:vfs_read { }'],
  ])('%s is spelled otherwise: %s', (source, wanted) => {
    const { text, found } = versionProblems(source, OLDEST);
    expect(edited(text, found[0]?.repairs[0]?.edits ?? [])).toBe(wanted);
    expect(analyzed(wanted, OLDEST).analysis.problems).toEqual([]);
  });
  it('what stands in a loop with continue is not rewritten', () => {
    expect(versionProblems('BEGIN { for ($i : 0..3) { if ($i) { continue; } } }', OLDEST).found[0]?.repairs).toEqual([]);
  });
});

describe('what the target\'s bpftrace no longer has', () => {
  it.each([
    ['kprobe:vfs_read { print(«sarg0»); }', 'removed in bpftrace 0.25'],
  ])('%s', (source, message) => {
    const { text, spans, found } = versionProblems(source, NEWEST);
    expect(texts(text, found.map((p) => p.span))).toEqual(texts(text, spans));
    expect(found[0]?.message).toContain(message);
  });
});

it('old spellings are right in new versions', () => {
  for (const source of ['BEGIN { } END { }', 'kfunc:vfs_read { }', 'tracepoint:sched:sched_switch { print(args->next_pid); }']) {
    expect(analyzed(source, NEWEST).analysis.problems).toEqual([]);
  }
});

it('a macro of the program takes the place of a function of another version', () => {
  expect(analyzed('config = { unstable_macro = enable } macro strlen(x) { 1 } BEGIN { print(strlen("a")); }', [0, 24]).analysis.problems).toEqual([]);
});

describe('what is unstable must be allowed by the program', () => {
  it('typeinfo, with a repair', () => {
    const { text, found, analysis } = versionProblems('BEGIN { print(typeinfo(pid).full_type); }', NEWEST);
    expect(found).toEqual([]);
    expect(analysis.problems.map((p) => p.code)).toEqual(['misplaced']);
    const repaired = edited(text, analysis.problems[0]?.repairs[0]?.edits ?? []);
    expect(repaired).toContain('unstable_typeinfo = enable');
    expect(analyzed(repaired, NEWEST).analysis.problems.filter((p) => p.severity === 'error')).toEqual([]);
  });
  it('macros in 0.24 only', () => {
    const source = 'macro m() { print(1); } BEGIN { m(); }';
    expect(analyzed(source, [0, 24]).analysis.problems.map((p) => p.code)).toEqual(['misplaced']);
    expect(analyzed(source, [0, 25]).analysis.problems).toEqual([]);
  });
});

it('a struct without its fields is read by clang in versions up to 0.23, and not at all by 0.27', () => {
  const source = '«struct s;» struct s { int x; };\nBEGIN { $p = (struct s *)0; print($p->x); }';
  expect(versionProblems(source, OLDEST).analysis.problems).toEqual([]);
  const { text, spans, found } = versionProblems(source, NEWEST);
  expect(texts(text, found.map((p) => p.span))).toEqual(texts(text, spans));
  expect(found[0]?.message).toContain('was removed in bpftrace 0.27');
  expect(edited(text, found[0]?.repairs[0]?.edits ?? [])).toBe(' struct s { int x; };\nBEGIN { $p = (struct s *)0; print($p->x); }');
});
