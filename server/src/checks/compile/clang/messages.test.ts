import { describe, expect, it } from 'vitest';
import { toFindings } from './findings.ts';
import { parseClang } from './messages.ts';

const source = ['#include "vmlinux.h"', 'int f(void) {', '\t/* żółć 🐝 */ return zz', '}'].join('\n');
const findings = (stderr: string): string[] =>
  toFindings(parseClang(stderr), source).map((f) => `${f.range.start.line}:${f.range.start.character}-${f.range.end.character} ${f.severity} ${f.code} ${f.message}${f.evidence.map((e) => ` | ${e.message}`).join('')}${f.repairs.map((r) => ` > ${r.title} ${JSON.stringify(r.edits)}`).join('')}`);

describe('clang output', () => {
  it('a word at a byte column', () => {
    expect(findings("program.bpf.c:3:29: error: use of undeclared identifier 'zz'\n1 error generated.\n")).toEqual(["2:22-24 error unknown-identifier use of undeclared identifier 'zz'"]);
  });
  it('a range that starts at the place', () => {
    expect(findings('program.bpf.c:2:5:{2:5-2:12}: warning: odd\n')).toEqual(['1:4-11 warning clang-warning odd']);
  });
  it('a range of an operand does not move the place', () => {
    expect(findings('program.bpf.c:2:5:{2:9-2:12}: warning: odd\n')).toEqual(['1:4-5 warning clang-warning odd']);
  });
  it('notes and fix-its belong to what stands before', () => {
    const stderr = 'program.bpf.c:3:31: error: expected \';\' after return statement\nfix-it:"program.bpf.c":{3:31-3:31}:";"\nprogram.bpf.c:2:5: note: in here\n';
    expect(findings(stderr)).toEqual([`2:24-24 error syntax-error expected ';' after return statement | in here > Write ';' here [{"range":{"start":{"line":2,"character":24},"end":{"line":2,"character":24}},"newText":";"}]`]);
  });
  it('errors of a header stand at the include that names it', () => {
    expect(findings('./vmlinux.h:10:1: error: unknown type name \'foo\'\n')).toEqual(["0:0-20 error unknown-type In vmlinux.h, line 10: unknown type name 'foo'"]);
  });
  it('or at the one clang says led there', () => {
    const text = '#include "vmlinux.h"\n#include "../a.h"\n';
    const stderr = 'In file included from program.bpf.c:2:\nIn file included from ../a.h:1:\n../lib/b.h:3:1: error: unknown type name \'foo\'\nfix-it:"../lib/b.h":{3:1-3:1}:"x"\nprogram.bpf.c:1:1: warning: odd\n';
    expect(toFindings(parseClang(stderr), text).map((f) => [f.range.start.line, f.message, f.repairs])).toEqual([[1, "In ../lib/b.h, line 3: unknown type name 'foo'", []], [0, 'odd', []]]);
  });
  it('never throws on garbage', () => {
    expect(findings('fix-it:"x":{1:1-1:1}:"y"\n:::\nprogram.bpf.c:999999:999: error: far away\n')).toHaveLength(1);
  });
});
