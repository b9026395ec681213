import type { Version } from '../../../base/version.ts';
import type { Analysis, Sym } from '../analysis/analysis.ts';
import { describeType, type BtType } from '../analysis/types.ts';
import { func, has, type BtFunction, type Overload } from '../catalogue.ts';
import { openCall, type OpenCall } from './open-call.ts';
import { tokenize } from './tokens.ts';
import { itemAt } from '../syntax/walk.ts';

export interface Signature {
  /** `printf(fmt, args…)` */
  readonly label: string;
  /** Where each parameter stands in the label. */
  readonly params: readonly (readonly [start: number, end: number])[];
  readonly documentation: string;
}

export interface SignatureAnswer {
  readonly signatures: readonly Signature[];
  readonly active: number;
  readonly argument: number;
}

/** Overloads a version has; all of them when it has none of them. */
export function overloadsIn(f: BtFunction | undefined, version: Version): readonly Overload[] {
  const known = f?.overloads.filter((overload) => has(overload, version)) ?? [];
  return known.length > 0 ? known : (f?.overloads ?? []);
}

export function signatureText(f: BtFunction, overload: Overload): Signature {
  const last = overload.params.length - 1;
  const names = overload.params.map((p, i) => `${p.name}${p.optional ? '?' : ''}${overload.variadic && i === last ? '…' : ''}`);
  const returns = overload.returns === 'none' || overload.returns === 'void' ? '' : ` → ${overload.returns === 'same' ? (names[0] ?? 'same') : overload.returns}`;
  return build(f.name, '(', names, `)${overload.returns === 'unknown' ? '' : returns}`, [f.summary, f.caveat].filter(Boolean).join('\n\n'));
}

function build(name: string, open: string, names: readonly string[], end: string, documentation: string): Signature {
  const params: [number, number][] = [];
  let label = `${name}${open}`;
  names.forEach((text, i) => {
    if (i > 0) label += ', ';
    params.push([label.length, label.length + text.length]);
    label += text;
  });
  return { label: label + end, params, documentation };
}

/** What the call or the map key around an offset wants. */
export function signatureAt(analysis: Analysis, offset: number): SignatureAnswer | undefined {
  const { document, symbols } = analysis;
  if (document.comments.some((c) => c.start < offset && offset < c.end)) return undefined;
  const placed = itemAt(document, offset);
  const call = placed && openCall(document.text, tokenize(document.text, [], placed.start, placed.end), offset);
  if (!call) return undefined;
  const sym = symbols.at(call.start);
  const signatures = call.kind === 'map' ? mapSignature(call, sym) : (ownSignature(analysis, sym, call) ?? catalogueSignatures(call, analysis));
  const accepts = signatures.findIndex(({ params }) => call.argument < params.length);
  return signatures.length === 0 ? undefined : { signatures, active: Math.max(accepts, 0), argument: clampArgument(signatures[Math.max(accepts, 0)], call.argument) };
}

/** Further arguments of a variadic function are its last parameter. */
function clampArgument(signature: Signature | undefined, argument: number): number {
  const count = signature?.params.length ?? 0;
  return signature?.label.includes('…') ? Math.min(argument, Math.max(count - 1, 0)) : argument;
}

function catalogueSignatures(call: OpenCall, { options }: Analysis): Signature[] {
  const f = func(call.name);
  return f ? overloadsIn(f, options.version).map((overload) => signatureText(f, overload)) : [];
}

function mapSignature(call: OpenCall, sym: Sym | undefined): Signature[] {
  const key: BtType | undefined = sym?.keyType;
  if (sym?.kind !== 'map' || !key || key.kind === 'none' || key.kind === 'unknown') return [];
  const keys = key.kind === 'tuple' ? key.elements : [key];
  const value = sym.type && sym.type.kind !== 'unknown' ? ` → ${describeType(sym.type)}` : '';
  return [build(call.name, '[', keys.map(describeType), `]${value}`, '')];
}

/** A macro or function of the program itself. */
function ownSignature({ document }: Analysis, sym: Sym | undefined, call: OpenCall): Signature[] | undefined {
  if (sym?.kind !== 'macro' && sym?.kind !== 'function' && sym?.kind !== 'define') return undefined;
  for (const { item } of document.items) {
    if (item.kind === 'macro' && item.name.text === sym.name) return [build(call.name, '(', item.params.map((p) => p.name), ')', '')];
    if (item.kind === 'func' && item.name.text === sym.name) return [build(call.name, '(', item.params.map((p) => `${p.variable.name} : ${p.type.name.text}${'*'.repeat(p.type.pointers)}`), ')', '')];
    if (item.kind === 'directive' && item.subject?.text === sym.name && item.params) return [build(call.name, '(', item.params, ')', item.value ?? '')];
  }
  return undefined;
}
