/** A dotted version as numbers: `v0.17.0-rc1` is `[0, 17, 0]`. Unreadable parts end it. */
export type Version = readonly number[];

export function parseVersion(text: string): Version | undefined {
  const match = /(\d+(?:\.\d+)+)/.exec(text);
  return match?.[1]?.split('.').map(Number);
}

/** Negative when `a` is older than `b`, 0 when equal; missing parts count as 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function atLeast(version: Version, ...wanted: number[]): boolean {
  return compareVersions(version, wanted) >= 0;
}
