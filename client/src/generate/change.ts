/** The one stretch in which two texts differ. No `vscode` here: tested in plain Node. */
export interface Change {
  /** Offsets in the older text. */
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** What turns one text into the other: cursors and folds outside of it stay where they are. Never splits a line end or a character. */
export function changeBetween(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  while (start > 0 && splits(before, start)) start--;
  while (same > 0 && splits(before, before.length - same)) same--;
  return { start, end: before.length - same, newText: after.slice(start, after.length - same) };
}

function splits(text: string, at: number): boolean {
  return /[\r\ud800-\udbff]/.test(text.charAt(at - 1));
}
