import { describe, expect, it } from 'vitest';
import { marked, parse } from '../../../../../test/support/marked.ts';
import { splitAttachPoint } from './attach-points.ts';
import { placeAt } from './place.ts';

/** The kind of place, and what is half-typed there. */
const place = (source: string): string => {
  const { text, cursor } = marked(source);
  const found = placeAt(parse(text), cursor);
  const typed = found.kind === 'header' ? found.typed : 'span' in found ? text.slice(found.span.start, found.span.end) : '';
  const more = found.kind === 'member' ? (found.field ? `of ${text.slice(found.placed.start + found.field.object.start, found.placed.start + found.field.object.end)}` : 'of ?') : found.kind === 'expression' && found.statement ? 'statement' : found.kind === 'tag' ? found.tag : found.kind === 'config' ? (found.key ?? 'key') : '';
  return [found.kind, typed, more].filter(Boolean).join(' ');
};

describe('the place of a proposal', () => {
  it.each([
    ['‸', 'header'],
    ['k‸', 'header k'],
    ['kprobe:vfs_‸', 'header kprobe:vfs_'],
    ['kprobe:vfs_‸\n\nkprobe:a { }', 'header kprobe:vfs_'],
    ['BEGIN { }\ntracepoint:sched:‸\nEND { }', 'header tracepoint:sched:'],
    ['kprobe:a,\n  fentry:‸ { }', 'header fentry:'],
    ['kprobe:a‸bc { }', 'header kprobe:a'],
    ['uprobe:"/a b:c":r‸', 'header uprobe:"/a b:c":r'],
    ['BEGIN { }\n‸\nEND { }', 'header'],
    ['kprobe:a ‸{ }', 'nowhere'],
    ['kprobe:a /p‸/ { }', 'expression p'],
    ['kprobe:a /pid == 1 && t‸', 'expression t'],
    ['kprobe:a { ‸ }', 'expression statement'],
    ['kprobe:a { pri‸ }', 'expression pri statement'],
    ['kprobe:a { $x = n‸', 'expression n'],
    ['kprobe:a { print(‸', 'expression'],
    ['kprobe:a { print(1); ‸', 'expression statement'],
    ['kprobe:a { $x = args.‸ }', 'member of args'],
    ['kprobe:a { $x = args.fi‸; }', 'member fi of args'],
    ['kprobe:a { $x = $sk->__sk_common.skc_‸ }', 'member skc_ of $sk->__sk_common'],
    ['kprobe:a { $x = ((struct sock *)arg0)->‸; print($x); }', 'member of ((struct sock *)arg0)'],
    ['kprobe:a { printf("%d", $sk->‸ }\nkprobe:b { }', 'member of $sk'],
    ['kprobe:a { $x->‸\n  print($x); }', 'member of $x'],
    ['kprobe:a { $x = (struct so‸', 'tag so struct'],
    ['kprobe:a { $x = (struct so‸ *)arg0; }', 'tag so struct'],
    ['kprobe:a { $s‸ }', 'variable $s'],
    ['kprobe:a { @‸ }', 'map @'],
    ['kprobe:a { let $x : u‸', 'type u'],
    ['config = { max_‸ }', 'config max_ key'],
    ['config = { stack_mode = p‸ }', 'config p stack_mode'],
    ['config = { ‸ }', 'config key'],
    ['#inc‸', 'directive inc'],
    ['#include <li‸', 'nowhere'],
    ['struct s { struct ta‸', 'tag ta struct'],
    ['kprobe:a { // com‸', 'nowhere'],
    ['kprobe:a { /* com‸ */ }', 'nowhere'],
    ['kprobe:a { print("te‸xt"); }', 'nowhere'],
    ['kprobe:a { print("te‸', 'nowhere'],
    ['kprobe:a { $x = 12‸ }', 'nowhere'],
    // The block of the first is not closed yet.
    ['kprobe:a { $x = 1; ‸\nkprobe:b { }', 'expression statement'],
    ['kprobe:a {\n  $x = 1;\n  ‸\n\nkprobe:b { }', 'expression statement'],
    ['kprobe:a {\n  $x = 1;\n‸\nkprobe:b { }', 'header'],
    ['kprobe:a { $x = 1; }\n  ‸\nkprobe:b { }', 'header'],
    ['macro m($x) { ‸ }', 'expression statement'],
  ])('%s', (source, expected) => expect(place(source)).toBe(expected));

  it('splits attach points at colons outside of quotes', () => {
    expect(splitAttachPoint('uprobe:"/a:b":f')).toEqual(['uprobe', '"/a:b"', 'f']);
    expect(splitAttachPoint('tracepoint:sched:')).toEqual(['tracepoint', 'sched', '']);
    expect(splitAttachPoint('')).toEqual(['']);
  });
});
