import { describe, expect, it } from 'vitest';
import { outlineOf } from '../../language/bpftrace/syntax/outline.ts';
import { parse } from '../../../test/support/marked.ts';
import { silence } from './silence.ts';

describe('silenced probes', () => {
  it('do nothing, and still say of which type everything is', () => {
    const outline = outlineOf(parse('// first\nBEGIN { @a = 1; } // {\nkprobe:f, kprobe:g /@a == 1/ { print(@a); }\nEND { clear(@a); }\n'));
    expect(silence(outline, new Set(outline.probes.slice(1)))).toBe('// first\nBEGIN { @a = 1; } // {\nkprobe:f, kprobe:g { if (0) { print(@a); } }\nEND { if (0) { clear(@a); } }\n');
    expect(silence(outline, new Set())).toBe(outline.text);
  });
});
