import { expect, it } from 'vitest';
import { edited, type Edit } from './edits.ts';

const TEXT = 'x = a - b;';
const at = (start: number, end: number, before: string, after: string, instead?: string): Edit => ({ span: { start, end }, before, after, line: 1, optional: false, ...(instead !== undefined && { instead }) });

it('edits inside of others stay inside, and the first of two around the same part is the outer one', () => {
  expect(edited(TEXT, [at(4, 9, '[', ']'), at(4, 9, '(', ')'), at(4, 5, '<', '>')])).toBe('x = [(<a> - b)];');
  expect(edited(TEXT, [at(4, 5, '<', '>'), at(4, 9, '[', ']')])).toBe('x = [<a> - b];');
});
it('what stands in place of a part, and what is put in between', () => {
  expect(edited(TEXT, [at(6, 7, '', '', ') + 0; b = ('), at(4, 9, '({ a = (', '); })')])).toBe('x = ({ a = (a ) + 0; b = ( b); });');
  expect(edited(TEXT, [at(0, 0, 'y; ', ''), at(10, 10, ' z;', '')])).toBe('y; x = a - b; z;');
});
