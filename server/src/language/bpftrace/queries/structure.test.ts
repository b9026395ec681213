import { describe, expect, it } from 'vitest';
import { marked, parse, texts } from '../../../../test/support/marked.ts';
import { folds } from './folds.ts';
import { outline, type OutlineEntry } from './outline.ts';
import { selectionSpans } from './selection.ts';
import { children, itemAt, locate } from '../syntax/walk.ts';

describe('locate', () => {
  const kinds = (source: string): string[] => {
    const { text, cursor } = marked(source);
    return locate(parse(text), cursor)?.path.map((node) => node.kind) ?? [];
  };
  it('gives the way from the item to the name', () => {
    expect(kinds('BEGIN { }\nkprobe:f /pid/ { @x[$‸y] = 1; }')).toEqual(['probe', 'block', 'assign', 'map', 'variable']);
    expect(kinds('kprobe:vfs_‸read { }')).toEqual(['probe', 'attach-point', 'name']);
  });
  it('takes what begins at the cursor before what ends there', () => {
    expect(kinds('BEGIN { $x = $a+‸$b; }').at(-1)).toBe('variable');
    expect(kinds('BEGIN { $x = ‸pid; }').at(-1)).toBe('identifier');
    expect(kinds('BEGIN { $x = pid‸; }').at(-1)).toBe('identifier');
  });
  it('knows the item by offset, and none between items', () => {
    const document = parse('BEGIN { }\n\n\nEND { }');
    expect([0, 9, 11, 12, 19].map((at) => itemAt(document, at)?.start)).toEqual([0, 0, undefined, 12, 12]);
  });
  it('finds children in parts without a kind', () => {
    const [item] = parse('config = { max_map_keys = 5 }').items;
    expect(item && children(item.item).map((n) => n.kind)).toEqual(['name', 'integer']);
  });
});

describe('folds', () => {
  const found = (source: string): string[] => {
    const { text, spans } = marked(source);
    expect(texts(text, folds(parse(text)).toSorted((a, b) => a.start - b.start || b.end - a.end))).toEqual(texts(text, spans));
    return folds(parse(text)).map((f) => f.kind);
  };
  it('are blocks, inside of each other too', () => {
    found('BEGIN «{\n  if (1) «{\n  }» else «{\n  }»\n}»');
  });
  it('are comments: blocks, and lines that follow each other', () => {
    expect(found('«// a\n// b»\n\n«// c»\n«/* d\n*/»\nBEGIN «{ }» // not on a line of its own\n«// e»').filter((kind) => kind === 'comment')).toHaveLength(4);
  });
  it('are preambles and C types', () => {
    expect(found('««#include <a.h>»\n«#include <b.h>»»\n«struct s { int a; }»\nBEGIN «{ }»')).toContain('includes');
  });
});

describe('selection', () => {
  it('grows from the name to the whole text', () => {
    const { text, cursor } = marked('BEGIN { }\nkprobe:f { print(@x[p‸id]); }\n');
    expect(texts(text, selectionSpans(parse(text), cursor))).toEqual(['pid', '@x[pid]', 'print(@x[pid])', '{ print(@x[pid]); }', 'kprobe:f { print(@x[pid]); }', text]);
  });
  it('takes a comment, then what is around it', () => {
    const { text, cursor } = marked('BEGIN { /* he‸re */ }');
    expect(texts(text, selectionSpans(parse(text), cursor)).slice(0, 2)).toEqual(['/* here */', '{ /* here */ }']);
  });
});

describe('outline', () => {
  const names = (entries: readonly OutlineEntry[]): unknown[] => entries.map(({ kind, name, detail, children: inner }) => [kind, name, detail, ...(inner.length > 0 ? [names(inner)] : [])]);
  it('has probes with their predicate, and maps where they are first seen', () => {
    expect(names(outline(parse('kprobe:a,\nkprobe:b /pid == 1/ { @x[tid] = @y; }\nEND { print(@x); @z = 1; }')))).toEqual([
      ['probe', 'kprobe:a, kprobe:b', '/pid == 1/', [['map', '@x', ''], ['map', '@y', '']]],
      ['probe', 'END', '', [['map', '@z', '']]],
    ]);
  });
  it('has types with members, macros, functions, defines and config', () => {
    const source = '#define N 3\nstruct s { int a; char *b[4]; };\nenum e { A = 2, B };\nconfig = { max_map_keys = 5; }\nmacro m($x, @y) { $x }\nBEGIN { }';
    expect(names(outline(parse(source)))).toEqual([
      ['define', 'N', '3'],
      ['struct', 's', '', [['member', 'a', 'int'], ['member', 'b', 'char *[4]']]],
      ['enum', 'e', '', [['enum-member', 'A', '2'], ['enum-member', 'B', '']]],
      ['config', 'config', '', [['config-key', 'max_map_keys', '']]],
      ['macro', 'm', '($x, @y)'],
      ['probe', 'BEGIN', ''],
    ]);
  });
  it('names lie inside of what they name', () => {
    for (const entry of outline(parse('struct s { int a; };\nkprobe:f { @x = 1; }'))) {
      expect(entry.span.start <= entry.nameSpan.start && entry.nameSpan.end <= entry.span.end).toBe(true);
    }
  });
});
