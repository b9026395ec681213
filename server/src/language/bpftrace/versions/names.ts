import { builtin, configKey, func, has, probeKind, type BtFunction } from '../catalogue.ts';
import { fault, replacement, textOf, type State } from '../analysis/check/state.ts';
import type { SpanRepair } from '../problem.ts';
import type { AttachPoint, Call, Config, Identifier } from '../syntax/ast.ts';
import { hasConstruct, reportConstruct, reportMissing } from './report.ts';

/** A builtin that another version has. */
export function checkBuiltin(state: State, expr: Identifier): void {
  const entry = builtin(expr.name);
  if (!entry || has(entry, state.rules.version) || state.names.of.has(expr)) return;
  reportMissing(state, entry, expr.name, expr, insteadText(entry.instead), insteadRepair(state, expr, entry.instead));
}

export function checkCall(state: State, call: Call): void {
  const declared = state.names.of.get(call)?.kind;
  if (declared === 'macro' || declared === 'define' || declared === 'function') return;
  const { text } = call.callee;
  const entry = func(text);
  const word = builtin(text);
  const asWord = call.args.length === 0 && word && has(word, state.rules.version);
  if (entry && !has(entry, state.rules.version)) {
    if (asWord && word.call && has(word.call, state.rules.version)) return;
    const repairs = asWord ? [replacement(state, call, text)] : functionRepair(state, call, entry);
    reportMissing(state, entry, `${text}()`, call.callee, asWord ? `Write ${text}.` : insteadText(entry.instead), repairs);
  } else if (!entry && asWord && word.call && !has(word.call, state.rules.version)) {
    reportMissing(state, word.call, `${text} as a call`, call.callee, `Write ${text}.`, [replacement(state, call, text)]);
  }
}

/** A plain name takes the place of the callee, code that of the whole call. */
function functionRepair(state: State, call: Call, entry: BtFunction): readonly SpanRepair[] {
  const { instead } = entry;
  if (instead === undefined) return [];
  const other = /^\w+$/.test(instead) ? func(instead) : undefined;
  const takes = other?.overloads.some((o) => has(o, state.rules.version) && (o.variadic === true || o.params.length === call.args.length));
  return other && has(other, state.rules.version) && takes ? [replacement(state, call.callee, instead)] : [];
}

function insteadText(instead: string | undefined): string {
  return instead === undefined ? '' : `Use ${instead}.`;
}

function insteadRepair(state: State, expr: Identifier, instead: string | undefined): readonly SpanRepair[] {
  return instead === undefined || /[A-Z]{3}/.test(instead) ? [] : [replacement(state, expr, instead)];
}

export function checkConfigKeys(state: State, config: Config): void {
  // Said of the whole block.
  if (!hasConstruct(state, 'config-block')) return;
  for (const { name } of config.entries) {
    const key = configKey(name.text);
    if (key && !has(key, state.rules.version)) reportMissing(state, key, `The setting ${key.name}`, name, insteadText(key.instead));
  }
}

/** `fentry` is `kfunc` in 0.17, `begin` is `BEGIN`; other kinds do not exist there at all. */
export function checkProvider(state: State, point: AttachPoint): void {
  const found = probeKind(point.provider.text);
  if (!found || has(found.spelling, state.rules.version)) {
    if (found && (found.kind.name === 'interval' || found.kind.name === 'profile') && point.parts.length === 1) reportConstruct(state, 'time-in-probe', point);
    return;
  }
  const older = has(found.kind, state.rules.version) ? spellingFor(state, found.kind.name) : undefined;
  if (older === undefined) return reportMissing(state, found.kind, `${found.kind.name} probes`, point.provider, insteadText(found.kind.instead), kindRepair(state, point, found.kind.instead));
  fault(state, 'needs-newer-bpftrace', point.provider, `${point.provider.text} is written ${older} in the bpftrace of ${state.options.targetName}.`, { repairs: [replacement(state, point.provider, older)] });
}

function kindRepair(state: State, point: AttachPoint, instead: string | undefined): readonly SpanRepair[] {
  return instead !== undefined && /^\w+$/.test(instead) && textOf(state, point.provider) === 'asyncwatchpoint' ? [replacement(state, point.provider, instead)] : [];
}

/** How this version writes a kind. */
function spellingFor(state: State, name: string): string | undefined {
  const kind = probeKind(name)?.kind;
  if (!kind) return undefined;
  if (has(kind.spelled ?? {}, state.rules.version)) return kind.name;
  return kind.spelled?.instead ?? kind.aliases.find((a) => has(a, state.rules.version) && a.name.length > 1)?.name;
}
