import type { State } from '../analysis/check/state.ts';

export function checkVersions(_state: State): void {}
