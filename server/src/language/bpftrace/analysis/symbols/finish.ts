import { fromC } from '../ctypes/convert.ts';
import type { State } from '../check/state.ts';
import { addReference, globalKey, type Draft } from './draft.ts';

/** Puts what the type checker learnt into the symbols: types, and the places where members of own structs are used. */
export function finishSymbols(state: State): readonly Draft[] {
  for (const draft of state.names.all) typeDraft(state, draft);
  for (const { struct, name, span } of state.members) {
    const draft = state.names.globals.get(globalKey('member', name, `${struct.kind} ${struct.name}`)) ?? state.names.globals.get(globalKey('member', name, `typedef ${struct.name}`));
    if (draft && !draft.references.some((r) => r.span.start === span.start)) addReference(draft, span, 'read');
  }
  return state.names.all;
}

function typeDraft(state: State, draft: Draft): void {
  if (draft.kind === 'map') {
    const known = state.maps.get(draft.name);
    if (known?.value) draft.type = known.value;
    if (known?.key) draft.keyType = known.key;
  } else if (draft.kind === 'variable' || draft.kind === 'parameter' || draft.kind === 'macro-parameter') {
    const known = state.variables.get(draft);
    if (known && known.type.kind !== 'none') draft.type = known.type;
  } else if (draft.kind === 'member') typeMember(state, draft);
  else if (draft.kind === 'enum-member') {
    const value = state.types.enumerator(draft.name);
    if (value) draft.type = { kind: 'integer', bits: 64, signed: false, of: value.of };
  }
}

function typeMember(state: State, draft: Draft): void {
  const [tag, name = ''] = (draft.container ?? '').split(' ');
  const struct = tag === 'union' ? state.types.union(name) : state.types.struct(name);
  const field = struct?.fields().find((f) => f.name === draft.name);
  if (field) draft.type = fromC(field.type(), 'kernel');
}
