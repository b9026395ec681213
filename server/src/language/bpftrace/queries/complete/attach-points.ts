import type { Binary } from '../../../../kernel/elf/binary.ts';
import type { Inventory, ListedProvider } from '../../../../kernel/inventory.ts';
import { has, probeKind, probeKinds, type ProbeKind } from '../../catalogue.ts';
import type { AnalysisOptions } from '../../analysis/analysis.ts';
import { isInBinary, type BinaryProvider } from '../../analysis/probes/binaries.ts';
import { notesOf, specsOf } from '../described.ts';
import { nothing, RANK, type Completion, type Completions } from './completion.ts';
import type { Place } from './place.ts';

/** Most proposals of one answer: an editor shows a dozen, and asks again when more is typed. */
const LIMIT = 200;

/** From so many typed letters on, whole attach points are proposed where a kind could stand. */
const ENOUGH_LETTERS = 3;

/** Items that may begin where a probe may. */
const ITEMS: readonly (readonly [word: string, snippet: string])[] = [
  ['config', 'config = {\n\t$0\n}'],
  ['struct', 'struct ${1:name} {\n\t$0\n};'],
  ['macro', 'macro ${1:name}(${2:\\$x}) {\n\t$0\n}'],
];

/** Probe kinds, then their parts from the inventory, one after the other. */
export function completeHeader(place: Extract<Place, { kind: 'header' }>, options: AnalysisOptions): Completions {
  const segments = splitAttachPoint(place.typed);
  const last = segments.at(-1) ?? '';
  const end = place.start + place.typed.length;
  const span = { start: end - last.length, end };
  if (segments.length === 1) return kinds(last, span, place.first, options);
  const [provider = '', ...parts] = segments;
  const spelled = probeKind(provider);
  if (!spelled) return nothing;
  return part(spelled.kind, parts, span, options.inventory);
}

/** At colons outside of quotes. */
export function splitAttachPoint(text: string): string[] {
  return (text.match(/(?:"[^"]*"?|[^:"])+|:/g) ?? []).reduce<string[]>((found, piece) => {
    if (piece === ':') found.push('');
    else found[found.length - 1] += piece;
    return found;
  }, ['']);
}

function kinds(typed: string, span: Completion['span'], first: boolean, options: AnalysisOptions): Completions {
  const items = probeKinds.flatMap((kind) => spellings(kind, options).map((name) => kindItem(kind, name, span)));
  const words = first ? ITEMS.map(([word, snippet]): Completion => ({ label: word, kind: 'keyword', span, newText: word, snippet, rank: RANK.keyword })) : [];
  const whole = typed.length >= ENOUGH_LETTERS ? wholeAttachPoints(typed, span, options.inventory) : [];
  return { items: [...items, ...words, ...whole], incomplete: true };
}

/** The names under which this version knows a kind; short ones are left to those who know them. */
function spellings(kind: ProbeKind, { version }: AnalysisOptions): string[] {
  if (!has(kind, version)) return [];
  // `BEGIN` is understood by every version, `begin` by newer ones.
  if (standsAlone(kind)) return [kind.form];
  const canonical = has({ ...kind.spelled }, version) ? [kind.name] : [];
  const older = kind.aliases.filter((alias) => alias.name.length > 2 && has(alias, version)).map((alias) => alias.name);
  return canonical.length > 0 ? canonical : older.slice(0, 1);
}

function standsAlone(kind: ProbeKind): boolean {
  return kind.parts.every(({ count }) => count === 0);
}

function kindItem(kind: ProbeKind, name: string, span: Completion['span']): Completion {
  const alone = standsAlone(kind);
  return {
    label: name,
    kind: 'probe',
    detail: kind.form,
    span,
    newText: alone ? name : `${name}:`,
    ...(alone ? { snippet: `${name} {\n\t$0\n}` } : { goesOn: 'proposals' as const }),
    rank: kind.instead === undefined ? RANK.own : RANK.old,
    documentation: () => kind.summary,
  };
}

const LISTED: readonly ListedProvider[] = ['tracepoint', 'rawtracepoint', 'kprobe', 'kretprobe', 'fentry', 'fexit', 'iter', 'software', 'hardware'];

export function listedProvider(name: string): ListedProvider | undefined {
  return LISTED.find((provider) => provider === name);
}

/** Tracepoints whose event holds what is typed: those are what people look for by name. */
function wholeAttachPoints(typed: string, span: Completion['span'], { probes }: Inventory): Completion[] {
  if (!/^\w+$/.test(typed) || !probes.knows('tracepoint')) return [];
  const found = probes.matches('tracepoint', ['*', `*${typed}*`], LIMIT / 4);
  return found.map((name) => ({ label: name, kind: 'event', span, newText: name, filter: `${name.split(':').at(-1) ?? ''} ${name}`, rank: RANK.constant, documentation: (described) => notesOf([name], described).join('\n\n') }));
}

function part(kind: ProbeKind, parts: readonly string[], span: Completion['span'], inventory: Inventory): Completions {
  const { probes } = inventory;
  const before = parts.slice(0, -1);
  const typed = parts.at(-1) ?? '';
  const values = fixedValues(kind, before.length);
  if (values.length > 0) return { items: values.map((value) => valueItem(kind, value, before.length, span)), incomplete: false };
  if (isInBinary(kind.name)) return ofBinary(kind.name, parts, span, inventory);
  const provider = listedProvider(kind.name);
  if (!provider || !probes.knows(provider)) return nothing;
  const names = probes.complete(provider, before, typed, LIMIT);
  const items = names.map((name, i) => partItem(kind, provider, before, name, span, i, probes));
  return { items, incomplete: names.length >= LIMIT };
}

/** Functions or markers of a binary that was read: those that begin with what is typed, then those that have it elsewhere. */
function ofBinary(provider: BinaryProvider, [path = '', ...rest]: readonly string[], span: Completion['span'], inventory: Inventory): Completions {
  const binary = inventory.binary(path.replaceAll('"', ''));
  const typed = rest.at(-1) ?? '';
  if (!binary || rest.length === 0 || !/^[\w.$]*$/.test(typed)) return nothing;
  const names = provider === 'usdt' ? markers(binary, rest) : new Set([`${typed}*`, `*${typed}*`].flatMap((pattern) => binary.functions(pattern, LIMIT)));
  const items = [...names].slice(0, LIMIT).map((name, i): Completion => ({ label: name, kind: 'event', span, newText: name, rank: i }));
  return { items, incomplete: names.size >= LIMIT };
}

/** With the provider in front as long as none is written. */
function markers(binary: Binary, rest: readonly string[]): ReadonlySet<string> {
  const [first = '', second] = rest;
  const found = second === undefined ? binary.markersLike('*').filter(({ provider, name }) => `${provider}:${name}`.includes(first)) : binary.markersLike(`*${second}*`, first);
  return new Set(found.map(({ provider, name }) => (second === undefined ? `${provider}:${name}` : name)));
}

/** What the kind itself says may stand in a part: units, or a word of its form such as `self:signal:`. */
function fixedValues({ name, values, form }: ProbeKind, part: number): readonly string[] {
  if (listedProvider(name)) return [];
  if (values?.part === part) return values.of;
  const word = form.split(':')[part + 1] ?? '';
  return /^[a-z]+$/.test(word) ? [word] : [];
}

function valueItem(kind: ProbeKind, value: string, part: number, span: Completion['span']): Completion {
  const more = kind.parts.some(({ count }) => count > part + 1);
  return { label: value, kind: 'value', span, newText: more ? `${value}:` : value, rank: RANK.own };
}

function partItem(kind: ProbeKind, provider: ListedProvider, before: readonly string[], name: string, span: Completion['span'], index: number, probes: Inventory['probes']): Completion {
  const here = before.length + 1;
  const allowed = kind.parts.some(({ count }) => count === here);
  const more = kind.parts.some(({ count }) => count > here);
  // The first part may be a module or already a function.
  const isLast = allowed && (!more || before.length > 0 || probes.has(provider, name));
  return {
    label: name,
    kind: isLast ? 'event' : 'module',
    span,
    newText: isLast ? name : `${name}:`,
    // The inventory's order says what fits best.
    rank: index,
    ...(isLast ? { documentation: (described) => notesOf(specsOf(kind.name, [...before, name]), described).join('\n\n') } : { goesOn: 'proposals' as const }),
  };
}
