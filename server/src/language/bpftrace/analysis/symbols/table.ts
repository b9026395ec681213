import type { Reference, Sym, SymbolTable } from '../analysis.ts';

/** The symbols for the editor, found when first asked for; answers by offset are binary searches. */
export function symbolTable(find: () => readonly Sym[]): SymbolTable {
  let found: readonly Sym[] | undefined;
  const all = (): readonly Sym[] => (found ??= find().map(inOrder));
  let places: { readonly start: number; readonly end: number; readonly sym: Sym }[] | undefined;
  return {
    get all() {
      return all();
    },
    at(offset) {
      places ??= all().flatMap((sym) => sym.references.map((r) => ({ start: r.span.start, end: r.span.end, sym }))).toSorted((a, b) => a.start - b.start);
      const i = places.findLastIndex((p) => p.start <= offset);
      // Names never overlap, but one can begin where another ends.
      for (const place of [places[i], places[i - 1]]) if (place && place.start <= offset && offset <= place.end) return place.sym;
      return undefined;
    },
    visibleAt(offset) {
      return all().filter((sym) => (sym.kind === 'variable' || sym.kind === 'parameter' || sym.kind === 'macro-parameter' ? sym.scope.start <= offset && offset <= sym.scope.end && sym.definition.end <= offset : sym.kind !== 'member'));
    },
  };
}

function inOrder(sym: Sym): Sym {
  const byPlace = (a: Reference, b: Reference): number => a.span.start - b.span.start;
  return { ...sym, references: sym.references.toSorted(byPlace) };
}
