import type { Span } from '../../../base/span.ts';
import { fault, type State } from '../analysis/check/state.ts';
import { bare } from '../syntax/walk.ts';
import { configKey, has } from '../catalogue.ts';
import type { Expr } from '../syntax/ast.ts';

/** Reports what this version has but refuses until the program's `config` block allows it. */
export function requireSetting(state: State, setting: string, what: string, at: Span): void {
  const key = configKey(setting);
  if (!key || key.default !== 'error' || !has(key, state.rules.version) || (key.ignoredSince && has({ since: key.ignoredSince }, state.rules.version))) return;
  if (isAllowed(state, setting)) return;
  fault(state, 'misplaced', at, `${what} is unstable and must be allowed first: config = { ${setting} = enable }.`, { repairs: enabling(state, setting) });
}

function isAllowed(state: State, setting: string): boolean {
  return state.document.items.some(({ item }) => item.kind === 'config' && item.entries.some((e) => configKey(e.name.text)?.name === setting && allows(bare(e.value))));
}

function allows(value: Expr): boolean {
  return value.kind === 'bool' ? value.value : /^(?:enable|warn)$/.test(value.kind === 'identifier' ? value.name : value.kind === 'string' ? value.value : '');
}

function enabling(state: State, setting: string): [] | [{ title: string; sure: false; edits: [{ span: Span; newText: string }] }] {
  const config = state.document.items.find(({ item }) => item.kind === 'config');
  // A second block would be an error; adding to one is left to its author.
  if (config) return [];
  const first = state.document.items.find(({ item }) => item.kind !== 'directive' && item.kind !== 'c-type');
  const at = first?.start ?? 0;
  return [{ title: `Allow it with ${setting}`, sure: false, edits: [{ span: { start: at, end: at }, newText: `config = { ${setting} = enable }\n\n` }] }];
}
