import { plural } from '../../base/text.ts';
import { findField, printCType, resolve, type CField, type CStruct, type CType } from '../ctype.ts';
import type { Inventory, KernelTypes } from '../inventory.ts';
import { RENAMED } from '../probes/renamed.ts';
import type { Need } from './need.ts';

/**
 * What one kernel says to a need. `form`: the type, or what else a program notices when it differs; none where being
 * there is all. `why`: the rest of a sentence that tells what is wrong "there".
 */
export type Found = { readonly kind: 'there'; readonly form?: string } | { readonly kind: 'missing'; readonly why: string } | { readonly kind: 'unknown' };

const THERE: Found = { kind: 'there' };
const UNKNOWN: Found = { kind: 'unknown' };
const missing = (why: string): Found => ({ kind: 'missing', why });

/** How many tracepoints of a wildcard are looked at. */
const MAX_EVENTS = 64;

export function lookUp(need: Need, inventory: Inventory): Found {
  switch (need.kind) {
    case 'attach-point':
      return attachPoint(need, inventory);
    case 'tracepoint-field':
      return tracepointField(need, inventory);
    case 'type':
      return inventory.types[need.tag](need.name) ? THERE : missing(`there is no ${need.tag === 'typedef' ? 'type' : need.tag} ${need.name} there`);
    case 'field':
      return field(need, inventory.types);
    case 'enumerator':
      // Its value is looked up anew on each kernel.
      return inventory.types.enumerator(need.name) ? THERE : missing(`there is no ${need.name} there`);
    case 'argument':
      return argument(need, inventory);
    case 'helper': {
      const helpers = inventory.helpers(need.programType);
      if (!helpers) return UNKNOWN;
      return helpers.has(need.name) ? THERE : missing(`programs of type ${need.programType} may not call ${need.name} there`);
    }
    case 'kfunc':
      return kfunc(need.name, inventory);
  }
}

function attachPoint({ provider, parts }: Extract<Need, { kind: 'attach-point' }>, inventory: Inventory): Found {
  const { probes } = inventory;
  if (!probes.knows(provider)) return UNKNOWN;
  const name = [provider, ...parts].join(':');
  if (parts.some((part) => part.includes('*'))) return probes.countMatches(provider, ...parts) > 0 ? THERE : missing(`nothing matches ${name} there`);
  if (probes.has(provider, ...parts)) return THERE;
  const last = parts.at(-1) ?? '';
  const ofFunctions = provider !== 'tracepoint' && provider !== 'rawtracepoint' && provider !== 'iter' && provider !== 'software' && provider !== 'hardware';
  if (ofFunctions && inventory.func(last)) return missing(`${last} cannot be traced there (inlined, or marked notrace)`);
  const instead = ofFunctions ? (RENAMED.get(last) ?? []).find((other) => probes.has(provider, other)) : undefined;
  return missing(`there is no ${name} there${instead === undefined ? '' : ` (${instead} does its work)`}`);
}

function tracepointField({ category, event, field: name }: Extract<Need, { kind: 'tracepoint-field' }>, inventory: Inventory): Found {
  if (!inventory.probes.knows('tracepoint')) return UNKNOWN;
  const points = inventory.probes.matches('tracepoint', [category, event], MAX_EVENTS).map((point) => point.split(':').slice(1));
  if (points.length === 0) return missing(`there is no tracepoint:${category}:${event} there`);
  const forms = new Set<string>();
  for (const [of = '', which = ''] of points) {
    const found = inventory.tracepoint(of, which)?.fields.find((each) => each.name === name);
    if (!found) return missing(`tracepoint:${of}:${which} has no field ${name} there`);
    forms.add(formOf(found.type, found.size));
  }
  return { kind: 'there', form: [...forms].join(' or ') };
}

function field({ of, type, path }: Extract<Need, { kind: 'field' }>, types: KernelTypes): Found {
  let at: CType | undefined = types[of](type);
  if (!at) return missing(`there is no ${of} ${type} there`);
  for (const name of path) {
    const record: CStruct | undefined = recordOf(at);
    const next: CField | undefined = record && findField(record, name);
    if (!next) return missing(`${of} ${type} has no field ${path.join('.')} there`);
    at = next.type();
  }
  return { kind: 'there', form: formOf(at) };
}

/** Through arrays: their elements are of one type. */
function recordOf(type: CType): CStruct | undefined {
  let at = resolve(type);
  for (let depth = 0; at.kind === 'array' && depth < MAX_DEPTH; depth++) at = resolve(at.of());
  return at.kind === 'struct' || at.kind === 'union' ? at : undefined;
}

/** Inventories without prototypes (no BTF) cannot tell; a function that BTF does not have may still be there. */
function argument({ function: name, argument: which }: Extract<Need, { kind: 'argument' }>, inventory: Inventory): Found {
  const proto = inventory.func(name)?.proto;
  if (!proto) return UNKNOWN;
  const at = typeof which === 'number' ? which : proto.params.findIndex((param) => param.name === which);
  const param = proto.params[at];
  if (param) return { kind: 'there', form: formOf(param.type()) };
  if (typeof which === 'number' && proto.variadic) return UNKNOWN;
  const count = plural(proto.params.length, 'argument');
  return missing(typeof which === 'number' ? `${name} has only ${count} there` : `${name} has no argument ${which} there (it has ${proto.params.map((each) => each.name).join(', ') || count})`);
}

/** Kernels before 6.10 do not mark what programs may call: then only the function's own absence says something. */
function kfunc(name: string, inventory: Inventory): Found {
  const marked = inventory.kfuncs();
  if (marked.includes(name)) return THERE;
  if (!inventory.func(name)) return missing(`there is no function ${name} there`);
  return marked.length > 0 ? missing(`programs may not call ${name} there`) : THERE;
}

/** Deepest chain of pointers and arrays that is told apart; damaged bytes may hold a ring. */
const MAX_DEPTH = 8;

/**
 * What a program notices of a type: numbers by their width and sign (`long` and `long long` are one), everything with a
 * name by that, so that a struct that grew is still the same.
 */
function formOf(type: CType, size?: number, depth = 0): string {
  const at = resolve(type);
  if (depth > MAX_DEPTH) return at.kind;
  switch (at.kind) {
    case 'int':
      // Signed in kernels before 6.2; text is the same.
      if (at.name === 'char') return 'char';
      return at.encoding === 'bool' ? 'bool' : `${at.signed ? '' : 'unsigned '}${8 * (size ?? at.size)}-bit integer`;
    case 'pointer':
      return `${formOf(at.to(), undefined, depth + 1)} *`;
    case 'array':
      return `${formOf(at.of(), undefined, depth + 1)}[${at.length || ''}]`;
    // Prototypes of callbacks change without anyone noticing.
    case 'function':
      return 'function';
    default:
      return printCType(at);
  }
}
