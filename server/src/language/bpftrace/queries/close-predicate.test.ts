import { describe, expect, it } from 'vitest';
import { marked } from '../../../../test/support/marked.ts';
import { indentationOfOpener, lonelyBrace, typedSlash } from './close-predicate.ts';

const typed = (source: string): string | undefined => {
  const { text, cursor } = marked(source);
  return typedSlash(text, cursor);
};

describe('a typed slash', () => {
  it.each([
    'kprobe:vfs_read /‸', 'kprobe:vfs_read/‸', 'kprobe:vfs_read\n/‸', 'BEGIN { @ = 1 / 2; }\nkprobe:a,\nkprobe:b /‸ {\n}', 'tracepoint:sched:sched_switch /‸\r\n{\r\n}', 'uprobe:/bin/bash:readline /‸', '// comment\nkprobe:f /‸',
    '#include <a/b.h>\nkprobe:f /‸', 'struct s { int a; };\nkprobe:f /‸', 'interval:s:1 /‸',
  ])('opens a predicate: %j', (source) => expect(typed(source)).toBe('close'));
  it.each([
    'kprobe:f { $x = 1 /‸', 'kprobe:f /pid == 1/‸', 'kprobe:f //‸', '/‸', 'uprobe:/‸', 'uprobe:/bin/‸', 'uprobe:/bin/bash:f,u:/‸', 'kprobe:f /pid/‸ { }', 'kprobe:f { printf("a/‸"); }', 'kprobe:f /‸* comment */', '#include <a/‸', 'kprobe:f { } /‸', 'kprobe:f /‸pid/ { }',
  ])('is none: %j', (source) => expect(typed(source)).toBeUndefined());
  it.each(['kprobe:f /pid == 1/‸/', 'kprobe:f /pid == 1/‸/ {', 'uprobe:/bin/bash:f /1/‸/', 'kprobe:f //‸/'])('takes the place of the one put there: %j', (source) => expect(typed(source)).toBe('overtype'));
});

describe('a typed brace', () => {
  it('alone on its line goes under the line of its block', () => {
    const { text, cursor } = marked('  kprobe:f {\n\tif (1) { @++; }\n      }‸');
    expect(lonelyBrace(text, cursor)).toEqual({ start: text.lastIndexOf('\n') + 1, end: cursor - 1 });
    expect(indentationOfOpener(text, cursor - 1)).toBe('  ');
  });
  it('behind something stays', () => expect(lonelyBrace('kprobe:f { }', 12)).toBeUndefined());
  it('that closes nothing stays', () => expect(indentationOfOpener('kprobe:f { } ', 13)).toBeUndefined());
});
