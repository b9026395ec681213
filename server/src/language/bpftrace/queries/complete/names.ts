import type { Span } from '../../../../base/span.ts';
import type { Version } from '../../../../base/version.ts';
import type { Analysis, ProbeInfo, Sym } from '../../analysis/analysis.ts';
import { describeType } from '../../analysis/types.ts';
import { builtins, func, functions, has, words, type Builtin, type BtFunction, type Versions } from '../../catalogue.ts';
import { overloadsIn, signatureText } from '../signature.ts';
import { locate } from '../../syntax/walk.ts';
import { RANK, type Completion, type CompletionKind, type Completions } from './completion.ts';
import { unclosedBefore, type Place } from './place.ts';
import { typeNames } from './types.ts';

type Expression = Extract<Place, { kind: 'expression' }>;

/** From so many letters on, the kernel's enumerators are proposed: there are tens of thousands. */
const ENOUGH_LETTERS = 3;
const ENUMERATORS = 50;

/** Everything that may stand where an expression or a statement begins. */
export function completeExpression(place: Expression, analysis: Analysis): Completions {
  const { span } = place;
  const { document, options } = analysis;
  const typed = document.text.slice(span.start, span.end);
  const probe = probeAt(analysis, span.start);
  const enumerators = typed.length >= ENOUGH_LETTERS ? options.inventory.types.namesWith('enumerator', typed, ENUMERATORS) : [];
  const items = [
    ...expectedWords(place, options.version),
    ...usableAt(analysis, span.start).flatMap((sym) => symbolItem(sym, span)),
    ...builtins.filter((b) => fits(b, probe, options.version)).flatMap((b) => builtinItems(b, probe, span)),
    ...functions.filter((f) => has(f, options.version)).map((f) => functionItem(f, place, document.text, options.version)),
    ...(place.statement ? keywords(span, options.version) : []),
    ...(place.cast ? typeNames(span) : []),
    ...enumerators.map((name): Completion => ({ label: name, kind: 'enum-member', span, newText: name, rank: RANK.constant, documentation: () => enumeratorText(analysis, name) })),
  ];
  return { items: unique(items), incomplete: enumerators.length >= ENUMERATORS || (typed.length > 0 && typed.length < ENOUGH_LETTERS) };
}

/** `$…` and `@…`: what is in scope; positional parameters for `$`. */
export function completeSigil(kind: 'variable' | 'map', span: Span, analysis: Analysis): Completions {
  const half = analysis.document.text.slice(span.start, span.end);
  const wanted = kind === 'map' ? ['map'] : ['variable', 'parameter', 'macro-parameter'];
  const visible = usableAt(analysis, span.start).filter((sym) => wanted.includes(sym.kind) && !isBeingTyped(sym, span, half));
  const items = visible.flatMap((sym) => symbolItem(sym, span));
  const positional = kind === 'variable' ? ['$1', '$#'].map((label): Completion => ({ label, kind: 'constant', detail: label === '$#' ? 'number of arguments' : 'first argument of the program', span, newText: label, rank: RANK.constant })) : [];
  return { items: unique([...items, ...positional]), incomplete: false };
}

/** Without the variable that the assignment around introduces: it has no value yet. */
function usableAt({ document, symbols }: Analysis, offset: number): Sym[] {
  const located = locate(document, offset);
  const around = located?.path.findLast((node) => node.kind === 'assign' || node.kind === 'let');
  const target = located && around && around.target.kind === 'variable' ? located.placed.start + around.target.start : undefined;
  const unclosed = located ? undefined : unclosedBefore(document, offset);
  return symbols.visibleAt(unclosed?.end ?? offset).filter((sym) => target === undefined || offset <= target || sym.definition.start !== target);
}

/** A name that exists only because it is being typed here. */
function isBeingTyped(sym: Sym, span: Span, half: string): boolean {
  return sym.name === half && sym.references.length === 1 && sym.references[0]?.span.start === span.start;
}

export function probeAt(analysis: Analysis, offset: number): ProbeInfo | undefined {
  return analysis.probes.find(({ placed }) => placed.start <= offset && offset <= placed.end);
}

const KIND_OF_SYMBOL: Readonly<Record<Sym['kind'], CompletionKind | undefined>> = {
  map: 'map',
  variable: 'variable',
  parameter: 'variable',
  'macro-parameter': 'variable',
  macro: 'macro',
  function: 'function',
  define: 'constant',
  'enum-member': 'enum-member',
  struct: undefined,
  member: undefined,
  enum: undefined,
  typedef: undefined,
};

const RANK_OF_SYMBOL: Partial<Readonly<Record<Sym['kind'], number>>> = { map: RANK.map, variable: RANK.local, parameter: RANK.local, 'macro-parameter': RANK.local };

function symbolItem(sym: Sym, span: Span): Completion[] {
  const kind = KIND_OF_SYMBOL[sym.kind];
  if (!kind) return [];
  const detail = symbolDetail(sym);
  const called = sym.kind === 'macro' || sym.kind === 'function';
  return [{ label: sym.name, kind, ...(detail === '' ? {} : { detail }), span, newText: sym.name, ...(called ? { snippet: `${sym.name}($1)`, goesOn: 'signature' as const } : {}), rank: RANK_OF_SYMBOL[sym.kind] ?? RANK.own }];
}

/** A map's key and value, or the type of anything else; empty when nothing is known. */
export function symbolDetail(sym: Sym): string {
  const value = sym.type && sym.type.kind !== 'unknown' ? describeType(sym.type) : '';
  if (sym.kind !== 'map' || !sym.keyType || sym.keyType.kind === 'none' || sym.keyType.kind === 'unknown') return value;
  const key = describeType(sym.keyType);
  return `[${key.startsWith('(') ? key.slice(1, -1) : key}]${value === '' ? '' : ` → ${value}`}`;
}

/** A builtin that this version has, in a probe that has it. Outside of probes nothing is known. */
function fits(builtin: Builtin, probe: ProbeInfo | undefined, version: Version): boolean {
  if (!has(builtin, version)) return false;
  const { probes } = builtin;
  const providers = probe?.attachPoints.map((point) => point.provider) ?? [];
  return probes === undefined || providers.length === 0 || providers.some((p) => p === undefined || probes.includes(p));
}

function builtinItems(builtin: Builtin, probe: ProbeInfo | undefined, span: Span): Completion[] {
  const names = builtin.name.endsWith('N') ? [0, 1, 2, 3, 4, 5].map((n) => `${builtin.name.slice(0, -1)}${n}`) : [builtin.name];
  const detail = builtin.name === 'args' && probe?.args ? describeType(probe.args) : builtin.type === 'unknown' ? undefined : builtin.type;
  return names.map((label) => ({
    label,
    kind: 'builtin',
    ...(detail === undefined ? {} : { detail }),
    span,
    newText: label,
    rank: builtin.instead === undefined ? RANK.builtin : RANK.old,
    ...(builtin.instead === undefined ? {} : { deprecated: true }),
    documentation: () => [builtin.summary, builtin.caveat].filter(Boolean).join('\n\n'),
  }));
}

function functionItem(f: BtFunction, place: Expression, text: string, version: Version): Completion {
  const overload = overloadsIn(f, version)[0];
  const required = overload?.params.filter((p) => !p.optional) ?? [];
  const opened = text[place.span.end] === '(';
  const args = required.map((p, i) => (p.literal && p.accepts.includes('string') ? `"\${${i + 1}:${p.name}}"` : `\${${i + 1}:${p.name}}`)).join(', ');
  return {
    label: f.name,
    kind: 'function',
    ...(overload ? { detail: signatureText(f, overload).label } : {}),
    span: place.span,
    newText: f.name,
    ...(opened ? {} : { snippet: `${f.name}(${args})` }),
    ...(required.length > 0 ? { goesOn: 'signature' as const } : {}),
    rank: f.instead === undefined ? RANK.function : RANK.old,
    ...(f.instead === undefined ? {} : { deprecated: true }),
    documentation: () => [f.summary, f.caveat, f.unsafe ? 'Changes the system: needs `--unsafe`.' : undefined].filter(Boolean).join('\n\n'),
  };
}

/** Words an argument of the call around may be, such as a clock or the mode of a stack. */
function expectedWords({ call, span }: Expression, version: Version): Completion[] {
  const accepts = call?.kind === 'call' ? overloadsIn(func(call.name), version).flatMap((o) => o.params[call.argument]?.accepts ?? []) : [];
  const lists = accepts.flatMap((a) => (a in words ? [words[a as keyof typeof words]] : []));
  return lists.flat().filter((word: { readonly name: string } & Versions) => has(word, version)).map(({ name }): Completion => ({ label: name, kind: 'value', span, newText: name, rank: RANK.local }));
}

const STATEMENTS: readonly { readonly name: string; readonly snippet: string; readonly since?: Version }[] = [
  { name: 'if', snippet: 'if (${1:condition}) {\n\t$0\n}' },
  { name: 'else', snippet: 'else {\n\t$0\n}' },
  { name: 'while', snippet: 'while (${1:condition}) {\n\t$0\n}' },
  { name: 'unroll', snippet: 'unroll (${1:count}) {\n\t$0\n}' },
  { name: 'for', snippet: 'for (${1:\\$kv} : ${2:@map}) {\n\t$0\n}', since: [0, 21] },
  { name: 'let', snippet: 'let ${1:\\$x} = $0;', since: [0, 22] },
  { name: 'return', snippet: 'return;' },
  { name: 'break', snippet: 'break;' },
  { name: 'continue', snippet: 'continue;' },
];

function keywords(span: Span, version: Version): Completion[] {
  return STATEMENTS.filter((word) => has(word, version)).map(({ name, snippet }) => ({ label: name, kind: 'keyword', span, newText: name, snippet, rank: RANK.keyword }));
}

function enumeratorText(analysis: Analysis, name: string): string | undefined {
  const found = analysis.options.inventory.types.enumerator(name);
  return found && `\`${name} = ${found.value}\`${found.of.name === '' ? '' : `, of \`enum ${found.of.name}\``}`;
}

/** What the program itself calls so comes before what bpftrace does. */
function unique(items: readonly Completion[]): Completion[] {
  const first = new Map<string, Completion>();
  for (const item of items) if (!first.has(item.label)) first.set(item.label, item);
  return [...first.values()];
}
