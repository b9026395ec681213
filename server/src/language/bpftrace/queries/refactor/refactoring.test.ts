import { describe, expect, it } from 'vitest';
import type { Version } from '../../../../base/version.ts';
import { analyzed, edited, OLDEST } from '../../../../../test/support/analyzed.ts';
import { refactorings } from './refactoring.ts';

/** What a program becomes by each refactoring offered for its marked span, or its cursor. */
function offered(source: string, version?: Version): Map<string, string> {
  const { analysis, cursor, spans, text } = analyzed(source, version);
  return new Map(refactorings(analysis, spans[0] ?? { start: cursor, end: cursor }).map(({ title, edits }) => [title, edited(text, edits)]));
}

describe('a null check', () => {
  it('is put around the statement that reads through the pointer', () => {
    expect(offered('kprobe:f\n{\n\t$sk = (struct sock *)arg0;\n\tprint($sk->__sk_common.skc_‸family);\n\tprint(1);\n}\n').get('Wrap in a check that $sk is not null')).toBe(
      'kprobe:f\n{\n\t$sk = (struct sock *)arg0;\n\tif ($sk != 0) {\n\t\tprint($sk->__sk_common.skc_family);\n\t}\n\tprint(1);\n}\n',
    );
  });
  it('takes along what uses variables that would end with its block', () => {
    expect(offered('kprobe:f\n{\n  $f = (struct file *)arg0;\n  $p = $f->f_‸pos;\n  $q = $p + 1;\n\n  print($q);\n  print(2);\n}\n').get('Wrap in a check that $f is not null')).toBe(
      'kprobe:f\n{\n  $f = (struct file *)arg0;\n  if ($f != 0) {\n    $p = $f->f_pos;\n    $q = $p + 1;\n\n    print($q);\n  }\n  print(2);\n}\n',
    );
  });
  it('keeps CRLF', () => expect(offered('kprobe:f {\r\n\t$f = (struct file *)arg0;\r\n\tprint($f->f_‸pos);\r\n}').get('Wrap in a check that $f is not null')).toBe('kprobe:f {\r\n\t$f = (struct file *)arg0;\r\n\tif ($f != 0) {\r\n\t\tprint($f->f_pos);\r\n\t}\r\n}'));
  it('is not offered where no pointer is read', () => {
    expect([...offered('tracepoint:sched:sched_switch { print(args.prev_‸pid); }').keys()]).toEqual(['Write args->prev_pid']);
    expect([...offered('BEGIN { print(pi‸d); }').keys()]).toEqual([]);
  });
});

describe('a macro', () => {
  it('takes the place of the selected expression', () => {
    expect(offered('BEGIN { }\nkprobe:f\n{\n  $a = 1;\n  print(«$a * 2 + @m[tid]»);\n}\n').get('Extract to a macro')).toBe(
      'BEGIN { }\nmacro extracted($a, @m)\n{\n  $a * 2 + @m[tid]\n}\n\nkprobe:f\n{\n  $a = 1;\n  print(extracted($a, @m));\n}\n',
    );
  });
  it('gets a name that is free', () => expect(offered('macro extracted($x) { $x }\nBEGIN { $b = 1; print(«$b + 1»); }').get('Extract to a macro')).toContain('macro extracted2($b)'));
  it('is not offered where there are none, for what is no value, and for parts of expressions', () => {
    expect(offered('BEGIN { print(«pid + 1»); }', OLDEST).has('Extract to a macro')).toBe(false);
    expect(offered('BEGIN { «@a» = 1; }').has('Extract to a macro')).toBe(false);
    expect(offered('BEGIN { @a = «count()»; }').has('Extract to a macro')).toBe(false);
    expect(offered('BEGIN { print(«1 + 2 *» 3); }').has('Extract to a macro')).toBe(false);
  });
});

describe('args', () => {
  it('is written the other way, here and everywhere', () => {
    const found = offered('tracepoint:sched:sched_switch { print(args->prev_‸pid); print(args->next_pid); }');
    expect(found.get('Write args.prev_pid')).toBe('tracepoint:sched:sched_switch { print(args.prev_pid); print(args->next_pid); }');
    expect(found.get('Write args. everywhere')).toBe('tracepoint:sched:sched_switch { print(args.prev_pid); print(args.next_pid); }');
  });
  it('is not written so that the version does not understand it', () => expect([...offered('tracepoint:sched:sched_switch { print(args->prev_‸pid); }', OLDEST).keys()]).toEqual([]));
});
