import { literal } from './text.ts';

interface Definition {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly lines: ReadonlyMap<number, string>;
}

/** The lines of a map's definition: from its `struct` to its name. */
function definition(lines: ReadonlyMap<number, string>, name: string): Definition | undefined {
  let from: number | undefined;
  const ends = new RegExp(`(?:\\}|\\bstruct\\s+\\w+)\\s*${literal(name)}\\b`);
  for (const [at, text] of lines) {
    if (/^\s*(?:typedef\s+|static\s+)*struct\b[^;{]*\{?\s*$/.test(text) || /^\s*struct\b[^;]*\{/.test(text)) from = at;
    if (!ends.test(text)) continue;
    const begin = /\bstruct\b/.test(text) ? at : (from ?? at);
    const own = new Map([...lines].filter(([line]) => line >= begin && line <= at));
    return { from: begin, to: at, text: [...own.values()].join('\n'), lines: own };
  }
  return undefined;
}

/** Types of map whose keys are numbers of four bytes. */
const NUMBERED = /BPF_MAP_TYPE_(?:(?!\w*(?:HASH|TRIE|LRU|STORAGE))\w*ARRAY\w*|(?:SOCK|XSK|CPU|DEV)MAP)\b/;
const WIDE_KEY = /__(?:type|uint)\(\s*key(?:_size)?\s*,\s*(?!\s|(?:__)?[us]32\b|int\b|unsigned int\b|unsigned\b|4\b|sizeof\(\s*(?:(?:__)?[us]32|int|unsigned int)\s*\))/;
const STORAGE = /BPF_MAP_TYPE_(?:SK|TASK|INODE|CGRP)_STORAGE/;

/**
 * The line of a map's definition that is most likely wrong: the attribute that its type does not take, else its first
 * line, where one is missing. The rules are those of the kernel's map_alloc_check functions. `tooLarge`: that is what the
 * kernel says of it.
 */
export function suspectLine(lines: ReadonlyMap<number, string>, name: string, tooLarge = false): number | undefined {
  const map = definition(lines, name);
  if (!map) return undefined;
  const at = (pattern: RegExp): number | undefined => [...map.lines].find(([, text]) => pattern.test(text))?.[0];
  const max = at(/\bmax_entries\b/);
  if (tooLarge) return at(/max_entries\s*,.*(?:\d{7,}|<<\s*[23]\d|0x[\da-fA-F]{6,})/) ?? at(/\bvalue(?:_size)?\s*,/) ?? max ?? map.from;
  if (NUMBERED.test(map.text) && at(WIDE_KEY) !== undefined) return at(WIDE_KEY);
  if (/BPF_MAP_TYPE_(?:USER_)?RINGBUF/.test(map.text)) return at(/\b(?:key|value|key_size|value_size)\s*,/) ?? max ?? map.from;
  if (STORAGE.test(map.text)) return max ?? at(/\bkey(?:_size)?\s*,\s*(?!\s|int\b|(?:__)?[us]32\b|4\b|sizeof\(int\))/) ?? at(/map_flags(?!.*NO_PREALLOC)/) ?? map.from;
  if (/LPM_TRIE/.test(map.text)) return at(/map_flags(?!.*NO_PREALLOC)/) ?? (/NO_PREALLOC/.test(map.text) ? at(/\bkey(?:_size)?\s*,/) : undefined) ?? map.from;
  if (/STACK_TRACE/.test(map.text)) return at(/value_size|\bvalue\s*,/) ?? map.from;
  if (max === undefined || !/\bkey(?:_size)?\s*,/.test(map.text) || !/\bvalue(?:_size)?\s*,|\bvalues\b/.test(map.text)) return map.from;
  return at(/max_entries\s*,\s*(?:0\b|.*<<\s*3\d|\d{10,}|0x[fF]{8})/) ?? at(/map_flags/) ?? map.from;
}

/** The line of a map's definition that says a flag. */
export function lineOfAttribute(lines: ReadonlyMap<number, string>, name: string, attribute: RegExp): number | undefined {
  const map = definition(lines, name);
  return map && [...map.lines].find(([, text]) => attribute.test(text))?.[0];
}
