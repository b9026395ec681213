import { shift, type Span } from '../../../../base/span.ts';
import type { Reference, Sym } from '../analysis.ts';
import { fromC } from '../ctypes/convert.ts';
import type { Found, State, VariableState } from '../check/state.ts';
import { globalKey, type Draft } from './draft.ts';

type Typed = Pick<Sym, 'type' | 'keyType'>;
interface Growing extends Sym { readonly references: Reference[] }

/**
 * The symbols of a document: where its names stand there, with the types that the checker learnt, and the places where
 * members of its own structs are used.
 */
export function symbolsOf(state: State, found: readonly Found[]): readonly Sym[] {
  const variables = new Map(found.flatMap((part) => [...part.variables]));
  const whole = { start: 0, end: state.document.text.length };
  const globals = new Map<Draft | string, Growing>();
  const all: Growing[] = [];
  const add = (draft: Draft): Growing => {
    const base = state.starts.get(draft.home) ?? 0;
    const { kind, name, scope, definition, references, member, container } = draft;
    const sym: Growing = {
      kind, name, scope: scope ? shift(scope, base) : whole, definition: shift(definition, base),
      references: references.map((r) => ({ ...r, span: shift(r.span, base) })),
      ...(member ? { member } : {}), ...(container === undefined ? {} : { container }), ...typesOf(state, draft, variables.get(draft)),
    };
    all.push(sym);
    return sym;
  };
  const use = (of: Draft | string, access: Reference['access'], span: Span): void => {
    const known = globals.get(of);
    if (known) known.references.push({ span, access });
    else if (typeof of === 'string') {
      const sym: Growing = { kind: 'map', name: of, scope: whole, definition: span, references: [{ span, access }], ...typesOfMap(state, of) };
      globals.set(of, sym);
      all.push(sym);
    }
  };
  for (const draft of state.names.globals.values()) globals.set(draft, add(draft));
  for (const { of, access, span, item } of state.names.mentions) use(of, access, shift(span, state.starts.get(item) ?? 0));
  for (const { item, start } of state.document.items) {
    const { locals, uses } = state.names.in(item);
    for (const { of, access, span } of uses) use(of, access, shift(span, start));
    for (const draft of locals) add(draft);
  }
  for (const { struct, name, span } of found.flatMap(({ members }) => members)) {
    const draft = state.names.globals.get(globalKey('member', name, `${struct.kind} ${struct.name}`)) ?? state.names.globals.get(globalKey('member', name, `typedef ${struct.name}`));
    const sym = draft && globals.get(draft);
    if (sym && !sym.references.some((r) => r.span.start === span.start)) sym.references.push({ span, access: 'read' });
  }
  return all;
}

function typesOfMap(state: State, name: string): Typed {
  const known = state.maps.get(name);
  return { ...(known?.value ? { type: known.value } : {}), ...(known?.key ? { keyType: known.key } : {}) };
}

function typesOf(state: State, draft: Draft, variable: VariableState | undefined): Typed {
  if (draft.kind === 'variable' || draft.kind === 'parameter' || draft.kind === 'macro-parameter') return variable && variable.type.kind !== 'none' ? { type: variable.type } : {};
  if (draft.kind === 'member') return typeOfMember(state, draft);
  const value = draft.kind === 'enum-member' ? state.types.enumerator(draft.name) : undefined;
  return value ? { type: { kind: 'integer', bits: 64, signed: false, of: value.of } } : {};
}

function typeOfMember(state: State, draft: Draft): Typed {
  const [tag, name = ''] = (draft.container ?? '').split(' ');
  const struct = tag === 'union' ? state.types.union(name) : state.types.struct(name);
  const field = struct?.fields().find((f) => f.name === draft.name);
  return field ? { type: fromC(field.type(), 'kernel') } : {};
}
