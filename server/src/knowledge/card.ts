import type { Spec } from './schema.ts';

/** What a spec says, as a hover or a preview shows it. Texts are Markdown. */
export interface Card {
  /** One paragraph: what it is. */
  readonly meaning: string;
  /** Paragraphs and lists: when, with what, what to watch for. */
  readonly details: readonly string[];
}

type Value = NonNullable<Spec['returns']>;

/** A meaning is shown up to this length, and so many rows of a list: a hover is read at a glance. */
const MAX_MEANING = 600;
const MAX_ROWS = 12;
const MAX_VALUES = 8;

const CONTEXT: Readonly<Record<NonNullable<Spec['context']>, string>> = {
  process: 'Runs in the thread that causes it: `pid` and `comm` are its.',
  'process-other': 'Runs in a thread that need not be the cause: do not blame `pid` and `comm`.',
  softirq: 'Runs in a software interrupt: `pid` and `comm` are of whoever was interrupted.',
  hardirq: 'Runs in an interrupt: `pid` and `comm` are of whoever was interrupted.',
  nmi: 'Runs in a non-maskable interrupt: `pid` and `comm` are of whoever was interrupted.',
  any: 'Runs in threads and in interrupts: `pid` and `comm` need not be the cause.',
};

const ORDER: Readonly<Record<NonNullable<Value['byteOrder']>, string>> = { network: 'in network byte order', host: 'in host byte order', little: 'little-endian', big: 'big-endian' };

const HEAT: Readonly<Record<NonNullable<Spec['heat']>, string>> = {
  rare: 'Rare.',
  moderate: 'Up to 10,000 times a second on a busy server.',
  hot: 'Hot: up to 1,000,000 times a second on a busy server.',
  extreme: 'Extremely hot, over 1,000,000 times a second on a busy server: tracing it costs.',
};

export function cardOf(spec: Spec): Card {
  const isField = spec.kind === 'field';
  const when = [spec.context && CONTEXT[spec.context], spec.heat && HEAT[spec.heat]].filter((text) => text !== undefined).join(' ');
  const rows = isField ? [] : spec.args.map((arg) => `- \`${arg.name}\`: ${valueText(arg)}`);
  const more = rows.length > MAX_ROWS ? [`- and ${rows.length - MAX_ROWS} more`] : [];
  const lists = [...rows.slice(0, MAX_ROWS), ...more, ...(spec.returns ? [`- returns ${valueText(spec.returns)}`] : [])];
  const details = [when, ...(isField ? spec.args.map((arg) => ownTraits({ ...arg, meaning: `${spec.summary} ${spec.meaning}` })) : []), lists.join('\n'), spec.caveats.map((text) => `- ${sentence(text)}`).join('\n'), spec.prefer === undefined ? '' : `Better: ${sentence(spec.prefer)}`, related(spec), availability(spec)];
  return { meaning: shortened([spec.summary, spec.meaning].filter((text) => text !== '').map(sentence).join(' ')), details: details.filter((text) => text !== '') };
}

/** What an argument, a field of `args` or a result means, in one line without a full stop. */
export function valueText(value: Value): string {
  const values = Object.entries(value.values ?? {});
  const shown = values.slice(0, MAX_VALUES).map(([name, meaning]) => `\`${name}\` ${meaning}`);
  const list = [...shown, ...(values.length > MAX_VALUES ? [`and ${values.length - MAX_VALUES} more`] : [])].join(', ');
  const traits = traitsOf(value);
  return [value.meaning.replace(/\.$/, ''), ...(traits.length > 0 ? [` (${traits.join('; ')})`] : []), ...(list === '' ? [] : [`; ${value.flags === true ? 'bits' : 'values'}: ${list}`])].join('');
}

/** What the meaning does not say already. */
function traitsOf({ meaning, unit, byteOrder, nullable, range }: Value): string[] {
  const says = (text: string): boolean => meaning.toLowerCase().includes(text.toLowerCase());
  return [
    ...(unit === undefined || says(unit) ? [] : [`in ${unit}`]),
    ...(byteOrder === undefined || says(byteOrder === 'host' ? 'host order' : `${byteOrder} `) ? [] : [ORDER[byteOrder]]),
    ...(nullable !== true || says('null') ? [] : ['may be NULL']),
    ...(range === undefined || says(range) ? [] : [range]),
  ];
}

/** Of a field, whose meaning stands above. */
function ownTraits(value: Value): string {
  const values = Object.entries(value.values ?? {}).slice(0, MAX_VALUES).map(([name, meaning]) => `\`${name}\` ${meaning}`);
  const traits = traitsOf(value);
  const line = traits.join('; ');
  return [...(line === '' ? [] : [sentence(`${line.charAt(0).toUpperCase()}${line.slice(1)}`)]), ...(values.length > 0 ? [sentence(`${value.flags === true ? 'Bits' : 'Values'}: ${values.join(', ')}`)] : [])].join(' ');
}

function related({ alternatives }: Spec): string {
  return alternatives.length === 0 ? '' : `See also ${alternatives.slice(0, MAX_VALUES).map((id) => `\`${id}\``).join(', ')}.`;
}

function availability({ kind, since, until, needs = [] }: Spec): string {
  const of = kind === 'bpftrace' ? 'bpftrace' : 'Linux';
  return [since && `Since ${of} ${since}.`, until && `Until ${of} ${until}.`, needs.length > 0 && `Needs ${needs.join(', ')}.`].filter(Boolean).join(' ');
}

/** Summaries stand without a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Whole sentences up to the limit. */
function shortened(text: string): string {
  if (text.length <= MAX_MEANING) return text;
  const end = text.lastIndexOf('. ', MAX_MEANING);
  return end > 0 ? text.slice(0, end + 1) : `${text.slice(0, MAX_MEANING)}…`;
}
