/**
 * Which of the names someone probably meant: at most a third of the letters differ, or one is the other with something
 * left out at its start. Best first.
 */
export function nearest(word: string, names: Iterable<string>, limit = 1): readonly string[] {
  const most = Math.max(1, Math.floor(word.length / 3));
  const found: { name: string; distance: number }[] = [];
  for (const name of names) {
    if (name === word || Math.abs(name.length - word.length) > most) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase(), most);
    if (distance <= most) found.push({ name, distance });
  }
  return found
    .toSorted((a, b) => a.distance - b.distance || Number(leavesOut(b.name, word)) - Number(leavesOut(a.name, word)) || Math.abs(a.name.length - word.length) - Math.abs(b.name.length - word.length) || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map((f) => f.name);
}

/** Letters are left out more often than taken for others: `prinf` is printf, not print. */
function leavesOut(name: string, word: string): boolean {
  let at = 0;
  for (const letter of name) if (letter === word[at]) at++;
  return at === word.length;
}

/** Letters to insert, remove, replace or swap with their neighbour; more than `most` counts as `most + 1`. */
export function editDistance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? most + 1;
}
