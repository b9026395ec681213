import { ENTRY_PRESENT, ENTRY_VALUE, FIRST_MARK, type Mark } from '../../../contracts/c/marks.ts';

/** The section, and so the map, in which a program says what did not hold: a byte for each mark. */
export const MARKS_SECTION = '.data.kgent';
/** Bytes of the largest entry of a map that conditions look at. */
const LARGEST_ENTRY = 4096;

/** A program with calls of marks in it (`contracts/c/marks.ts`), and what they mean. */
export interface MarkedText {
  readonly text: string;
  readonly marks: readonly Mark[];
  /** As it was compiled for its proof: it cannot be loaded. */
  readonly object: Uint8Array;
}

/** The program as it can be loaded: marks that must hold write down when they do not, others do nothing, and entries of maps are looked up. */
export function loadable({ text, marks }: Pick<MarkedText, 'text' | 'marks'>): string {
  const hex = (number: number): string => number.toString(16);
  const first = hex(FIRST_MARK).slice(0, 2);
  const noted = text
    .replace(new RegExp(`\\(\\(void \\(\\*\\)\\(long\\)\\)0x(${first}[0-9a-f]{6})L\\)\\(`, 'g'), (_, number: string) => {
      const index = Number.parseInt(number, 16) - FIRST_MARK;
      return marks[index]?.kind === 'assert' ? `kgent_note(${index}, ` : 'kgent_skip(';
    })
    .replaceAll(`0x${hex(ENTRY_VALUE)}L`, 'kgent_entry')
    .replaceAll(`0x${hex(ENTRY_PRESENT)}L`, 'kgent_present');
  return `${prelude(marks.length)}\n${noted}`;
}

function prelude(count: number): string {
  const inline = 'static __attribute__((always_inline)) inline';
  const data = `__attribute__((section("${MARKS_SECTION}"), used))`;
  const lookup = '((void *(*)(void *, const void *))1)(map, key)';
  return [
    `volatile char kgent_failed[${Math.max(count, 1)}] ${data} = {0};`,
    `char kgent_absent[${LARGEST_ENTRY}] ${data} = {0};`,
    `${inline} void kgent_note(int number, long holds) { if (!holds) kgent_failed[number] = 1; }`,
    `${inline} void kgent_skip(long value) { }`,
    `${inline} void *kgent_entry(void *map, void *key) { void *value = ${lookup}; return value ? value : (void *)kgent_absent; }`,
    `${inline} long kgent_present(void *map, void *key) { return ${lookup} != (void *)0; }`,
  ].join('\n');
}
