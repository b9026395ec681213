import { nearest } from '../../../../base/near.ts';
import { atLeast } from '../../../../base/version.ts';
import { has, probeKind, probeKinds, type ProbeKind } from '../../catalogue.ts';
import type { AttachPointInfo } from '../analysis.ts';
import type { Problem } from '../../problem.ts';
import { fault, replacement, type State } from '../check/state.ts';
import { either, plural } from '../check/words.ts';
import { isFunction, isListed, kindOf, similarTo } from './attach-points.ts';
import { isInBinary, similarInBinary } from './binaries.ts';
import { withoutOffset } from './offset.ts';
import { OTHER_CATEGORIES } from './categories.ts';
import { suggest } from '../suggest.ts';
import { checkRate, checkWatchpoint } from './values.ts';

/** What is wrong with the attach points of one probe. */
export function checkAttachPoints(state: State, points: readonly AttachPointInfo[]): void {
  for (const point of points) {
    const kind = kindOf(point.node);
    if (!kind) unknownProvider(state, point);
    else if (has(probeKind(point.node.provider.text)?.spelling ?? {}, state.rules.version)) checkKind(state, point, kind, points);
  }
}

function unknownProvider(state: State, point: AttachPointInfo): void {
  const { provider } = point.node;
  // `k*:vfs_read` is a pattern over kinds.
  if (provider.text.includes('*') || provider.text === '') return;
  const names = (): readonly string[] => probeKinds.filter((k) => has(k, state.rules.version)).flatMap((k) => [...(has(k.spelled ?? {}, state.rules.version) ? [k.name] : []), ...k.aliases.filter((a) => has(a, state.rules.version)).map((a) => a.name)]);
  const near = suggest(state.suggestions, provider.text, () => names().filter((n) => n.length > 2));
  const hint = near === undefined ? ' Kinds are kprobe, tracepoint, uprobe, interval, …' : ` Did you mean ${near}?`;
  fault(state, 'attach-point-not-found', provider, `There is no kind of probe called ${provider.text}.${hint}`, near === undefined ? {} : { repairs: [replacement(state, provider, near)] });
}

function checkKind(state: State, point: AttachPointInfo, kind: ProbeKind, all: readonly AttachPointInfo[]): void {
  const parts = point.parts.length === 1 && point.parts[0] === '' ? [] : point.parts;
  // Without a binary a user-space probe needs a process (-p), which only a command line can name.
  const least = kind.name === 'uprobe' || kind.name === 'uretprobe' || kind.name === 'usdt' ? 2 : 0;
  const right = parts.length >= least && kind.parts.some((p) => p.count === parts.length && has(p, state.rules.version));
  if (!right || parts.includes('')) return wrongParts(state, point, kind, parts.filter((p) => p !== '').length, least);
  if (kind.name === 'interval' || kind.name === 'profile') return checkRate(state, point, kind);
  if (kind.name === 'watchpoint' || kind.name === 'asyncwatchpoint') return checkWatchpoint(state, point);
  if (kind.values && (kind.name === 'software' || kind.name === 'hardware')) return checkEvent(state, point, kind, kind.values.of);
  if (point.matches === 0) notFound(state, point, kind, all);
}

function wrongParts(state: State, point: AttachPointInfo, kind: ProbeKind, count: number, least: number): void {
  const allowed = [...new Set(kind.parts.filter((p) => has(p, state.rules.version)).map((p) => p.count))].filter((n) => n >= least).toSorted((a, b) => a - b);
  const wanted = allowed.length === 1 && allowed[0] === 0 ? 'nothing behind it' : `${either(allowed.filter((n) => n > 0).map(String))} ${allowed.at(-1) === 1 ? 'part' : 'parts'} behind it`;
  fault(state, 'bad-attach-point', point.node, `${kind.name} has ${wanted}, not ${count}: ${kind.form}.`);
}

function checkEvent(state: State, point: AttachPointInfo, kind: ProbeKind, events: readonly string[]): void {
  const [event = ''] = point.parts;
  const name = point.node.parts[0];
  if (events.includes(event) || !name) return;
  const near = nearest(event, events)[0];
  const hint = near === undefined ? ` There are ${either(events)}.` : ` Did you mean ${near}?`;
  fault(state, 'attach-point-not-found', name, `There is no ${kind.name} event ${event}.${hint}`, near === undefined ? {} : { repairs: [replacement(state, name, near)] });
}

/**
 * How sure an absence is. On a target it is certain. Without one, functions and iterators come and go between kernels,
 * so their absence is a warning; tracepoints are kept, so one that the bundled kernel lacks is most likely misspelt and
 * an error, unless its whole category belongs to a driver or to another kernel. Old versions of bpftrace only warn of
 * a function they cannot trace, and of one missing attach point among several; such a probe never fires, so it is an
 * error here as it is in newer versions.
 */
function severityOf(state: State, point: AttachPointInfo): Problem['severity'] {
  if (state.settings.missingProbes === 'warning') return 'warning';
  if (state.options.inventory.source === 'target') return 'error';
  return point.provider === 'tracepoint' && !OTHER_CATEGORIES.has(point.parts[0] ?? '') ? 'error' : 'warning';
}

function notFound(state: State, point: AttachPointInfo, kind: ProbeKind, all: readonly AttachPointInfo[]): void {
  const { inventory } = state.options;
  const parts = point.parts.map(withoutOffset);
  const wild = parts.some((p) => /[*?[]/.test(p));
  // Comparing with a whole kernel takes milliseconds: for as many as a person will read.
  const many = (state.suggestions.left -= 10) < 0;
  const near = wild || many ? undefined : isListed(point.provider) ? similarTo(point.provider, parts, inventory) : isInBinary(point.provider) ? similarInBinary(point.provider, parts, inventory) : undefined;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  const where = inventory.label;
  const untraceable = (kind.name === 'kprobe' || kind.name === 'kretprobe') && !wild && isFunction(parts.at(-1) ?? '', inventory);
  const message = wild
    ? `Nothing matches ${point.node.text} in ${where}.`
    : untraceable
      ? `${parts.at(-1) ?? ''} exists in ${where} but cannot be traced there: it is inlined or marked notrace.${hint}`
      : `${where.charAt(0).toUpperCase()}${where.slice(1)} has no ${point.node.text}.${hint}`;
  const code = untraceable || ((kind.name === 'kprobe' || kind.name === 'kretprobe') && !wild && !atLeast(state.rules.version, 0, 25)) ? 'not-traceable' : 'attach-point-not-found';
  const severity = severityOf(state, point);
  const alone = all.length === 1 || severity === 'error' ? '' : ' The other attach points still work.';
  const repairs = near === undefined ? [] : [replacement(state, point.node, keepSpelling(point, near))];
  fault(state, code, point.node, `${message}${alone}`, { severity, repairs });
}

/** The suggestion in the spelling that was used: `t:` stays `t:`, a module that was left out stays out. */
function keepSpelling(point: AttachPointInfo, suggestion: string): string {
  const parts = suggestion.split(':').slice(1);
  const kept = point.parts.length < parts.length ? parts.slice(parts.length - point.parts.length) : parts;
  return [point.node.provider.text, ...kept].join(':');
}

/** Only one `BEGIN` and one `END` before 0.25. */
export function checkOnce(state: State, point: AttachPointInfo, seen: Map<string, AttachPointInfo>): void {
  if (point.provider !== 'begin' && point.provider !== 'end') return;
  const first = seen.get(point.provider);
  if (!first) seen.set(point.provider, point);
  else if (!state.rules.severalBegin) fault(state, 'misplaced', point.node, `This version allows only one ${point.node.provider.text} probe: join them.`, { evidence: [{ span: first.span, message: 'the first one' }] });
}

/** Iterators stand alone. */
export function checkIterators(state: State, points: readonly AttachPointInfo[]): void {
  const iter = points.find((p) => p.provider === 'iter');
  if (iter && points.length > 1) fault(state, 'bad-attach-point', iter.node, `An iterator must be the only attach point of its probe; here are ${plural(points.length, 'attach point')}.`);
}
