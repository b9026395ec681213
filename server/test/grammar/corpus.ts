/** One entry of a corpus file, in the form that tree-sitter's own program reads too. */
export interface Entry {
  readonly title: string;
  readonly source: string;
  /** White space is of no matter in it. */
  readonly tree: string;
}

const HEADER = /^={3,}\n(.+)\n={3,}\n\n/m;
const DIVIDER = /\n-{3,}\n\n/;

/** Splits a corpus file; throws when an entry has no tree. */
export function entries(text: string): Entry[] {
  const [, ...parts] = text.split(HEADER);
  return parts.flatMap((title, index) => {
    if (index % 2 === 1) return [];
    const [source, tree] = (parts[index + 1] ?? '').split(DIVIDER);
    if (source === undefined || tree === undefined) throw new Error(`The corpus entry "${title}" has no tree`);
    return [{ title, source, tree }];
  });
}

/** A tree on one line, as the parser prints it. */
export const oneLine = (tree: string): string => tree.replace(/\s+/g, ' ').replaceAll(' )', ')').trim();
