import { describe, expect, it } from 'vitest';
import { marked } from '../../test/support/marked.ts';
import { LineIndex } from '../base/line-index.ts';
import { finding } from '../checks/finding.ts';
import { carryFindings } from './carry.ts';

/** The marked pieces of the older text are findings; those that stay are given back with what they cover in the newer one. */
function carried(source: string, newer: string): string[] {
  const { text, spans } = marked(source);
  const from = new LineIndex(text);
  const to = new LineIndex(newer);
  const findings = spans.map((span) => finding('compile', 'x', 'error', text.slice(span.start, span.end), from.range(span)));
  return carryFindings(findings, text, newer).map(({ range, message }) => {
    const { start, end } = to.span(range);
    expect(newer.slice(start, end)).toBe(message);
    return message;
  });
}

describe('findings about an older text', () => {
  it('stay before a change and move behind it', () => expect(carried('«a»\nb\n«c» «d»', 'a\nb\nnew line\nc d')).toEqual(['a', 'c', 'd']));
  it('move with characters typed before them in their line', () => expect(carried('x «nosuch»;', 'x12 nosuch;')).toEqual(['nosuch']));
  it('go when the change touches them', () => expect(carried('x = «nosuch»; «y»', 'x = nosu; y')).toEqual(['y']));
  it('go when something is typed inside of them', () => expect(carried('«ab»', 'axb')).toEqual([]));
  it('stay when nothing changed', () => expect(carried('«ab»', 'ab')).toEqual(['ab']));
});
