import type { Sym } from '../../language/bpftrace/analysis/analysis.ts';
import type { Types } from '../../language/bpftrace/analysis/ctypes/preamble.ts';
import { unknown } from '../../language/bpftrace/analysis/types.ts';
import { builtin } from '../../language/bpftrace/catalogue.ts';
import type { Expr, Variable } from '../../language/bpftrace/syntax/ast.ts';
import type { PlacedItem } from '../../language/bpftrace/syntax/document.ts';
import { constantIn } from '../language/check/constants.ts';
import type { Cx, Words } from './context.ts';
import { NoMeaning } from './no-meaning.ts';
import { literal, type Value } from './values.ts';

/** What names and types mean in a probe or macro. */
export function wordsOfItem(cx: Pick<Cx, 'program' | 'variables' | 'names'>, placed: PlacedItem): Words {
  const { analysis } = cx.program;
  const { names, types, rules } = analysis.shared;
  const byPlace = new Map(analysis.symbols.all.filter(({ kind }) => kind === 'variable').map((sym) => [sym.definition.start, sym]));
  return {
    base: placed.start,
    text: analysis.document.text,
    rules,
    typeOf: (node) => analysis.typeOf(node as Expr) ?? unknown,
    word: ({ name }) => constant(types, name),
    variable: (node) => {
      const draft = names.of.get(node);
      const sym = draft && byPlace.get(draft.definition.start + placed.start);
      return variableNamed(cx, node, sym);
    },
  };
}

/** Variables of one name in different blocks are told apart. */
export function variableNamed({ variables, names }: Pick<Cx, 'variables' | 'names'>, { name }: Variable, sym: Sym | undefined): ReturnType<Words['variable']> {
  if (!sym) throw new NoMeaning(`it is not known what ${name} is`);
  let known = variables.get(sym);
  if (known === undefined) {
    known = name;
    for (let n = 2; names.used.has(known); n++) known = `${name} (${n})`;
    names.used.add(known);
    variables.set(sym, known);
  }
  return { name: known, type: sym.type ?? unknown };
}

/** An enumerator, or a name that is defined as a number, here or in the kernel's headers. */
function constant(types: Types, name: string): Value | undefined {
  const value = builtin(name) ? undefined : constantIn(types, name);
  return value === undefined ? undefined : literal(value);
}
