import { bare, literalInteger } from '../../syntax/walk.ts';
import type { Rules } from '../rules.ts';
import type { Document } from '../../syntax/document.ts';
import { nearest } from '../../../../base/near.ts';
import { configKey, configKeys, has, type ConfigKey } from '../../catalogue.ts';
import type { Config, Expr } from '../../syntax/ast.ts';
import { fault, replacement, textOf, type Settings, type State } from './state.ts';
import { either } from './words.ts';

/** The settings in force: the version's own, and what the program changes. */
export function settingsOf(document: Document, rules: Rules): Settings {
  let settings: Settings = { maxStrlen: rules.maxStrlen, stackMode: 'bpftrace', missingProbes: 'error' };
  for (const { item } of document.items) {
    if (item.kind !== 'config') continue;
    for (const { name, value } of item.entries) settings = { ...settings, ...setting(configKey(name.text)?.name, bare(value)) };
  }
  return settings;
}

function setting(key: string | undefined, value: Expr): Partial<Settings> {
  const word = value.kind === 'identifier' ? value.name : value.kind === 'string' ? value.value : '';
  if (key === 'max_strlen') return { maxStrlen: Number(literalInteger(value) ?? 64n) };
  if (key === 'stack_mode' && word !== '') return { stackMode: word };
  if (key === 'missing_probes') return { missingProbes: word === 'warn' || word === 'ignore' ? 'warning' : 'error' };
  return {};
}

/** Keys and values of the `config = { … }` block. */
export function checkConfig(state: State, config: Config): void {
  for (const { name, value } of config.entries) {
    const key = configKey(name.text);
    if (!key) unknownKey(state, name);
    else if (has(key, state.rules.version)) checkValue(state, key, value);
  }
}

function unknownKey(state: State, name: Config['entries'][number]['name']): void {
  const near = nearest(name.text, configKeys.filter((k) => has(k, state.rules.version)).map((k) => k.name))[0];
  fault(state, 'unknown-config', name, `There is no setting ${name.text}.${near === undefined ? '' : ` Did you mean ${near}?`}`, near === undefined ? {} : { repairs: [replacement(state, name, near)] });
}

function checkValue(state: State, key: ConfigKey, value: Expr): void {
  const at = bare(value);
  const wanted = wrong(key, at);
  if (wanted !== undefined) fault(state, 'wrong-config', value, `${key.name} must be ${wanted}, not ${textOf(state, value)}.`);
}

/** What the value should be, when it is not. */
function wrong(key: ConfigKey, at: Expr): string | undefined {
  switch (key.type) {
    case 'integer':
      return at.kind === 'integer' || at.kind === 'positional' || at.kind === 'missing' ? undefined : 'a number';
    case 'bool':
      return at.kind === 'bool' || at.kind === 'missing' || at.kind === 'integer' || (at.kind === 'identifier' && /^(?:true|false)$/.test(at.name)) ? undefined : 'true or false';
    case 'string':
      return at.kind === 'string' || at.kind === 'missing' || at.kind === 'identifier' ? undefined : 'text in double quotes';
    case 'word': {
      const word = at.kind === 'identifier' ? at.name : at.kind === 'string' ? at.value : at.kind === 'bool' ? String(at.value) : undefined;
      return at.kind === 'missing' || (at.kind === 'bool' && key.name.startsWith('unstable_')) || (word !== undefined && key.values?.some((v) => v.toLowerCase() === word.toLowerCase())) ? undefined : either(key.values ?? []);
    }
  }
}
