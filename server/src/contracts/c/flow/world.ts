import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { numberOf } from '../../../language/bpfc/analysis/sizes.ts';
import type { Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { globalsOfC, type Global } from '../../language/check/c-globals.ts';
import { qualityOf } from '../../properties/declared.ts';
import type { Facts } from '../../properties/facts.ts';
import { keeps, promiseOfName, unitOfConstant } from '../../properties/promises.ts';
import { NOTHING, type Quality } from '../../properties/quality.ts';
import { piecesOf, type Piece, type ReadC } from './piece.ts';
import { CTypes } from './types.ts';
import { copied, either, sameValue, type CValue } from './value.ts';

/** A program while what its values are is found out. Places are named: `local …`, `field event.port`, `map m`, `param f 0`, `result f`, `global n`. */
export class World {
  readonly analysis: CAnalysis;
  readonly facts: Facts;
  readonly types: CTypes;
  readonly pieces: readonly Piece[];
  readonly globals: ReadonlyMap<string, Global>;
  /** By expressions, where they stand; in a macro for all of its uses. */
  readonly found = new Map<Cst, CValue>();
  /** The members that calls like `BPF_CORE_READ(p, a.b, c)` go through. */
  readonly reads = new Map<Cst, readonly CValue[]>();
  readonly #named: ReadonlyMap<string, Piece>;
  #before = new Map<string, CValue>();
  #now = new Map<string, CValue>();

  constructor(analysis: CAnalysis, facts: Facts, read: ReadC) {
    this.analysis = analysis;
    this.facts = facts;
    this.types = new CTypes(analysis);
    this.pieces = piecesOf(analysis, read);
    this.globals = globalsOfC(analysis.document);
    this.#named = new Map(this.pieces.map((piece) => [piece.name, piece]));
  }

  piece(name: string): Piece | undefined {
    return this.#named.get(name);
  }

  /** What was put into a place that all of the program sees, as far as was found so far. */
  at(place: string): CValue | undefined {
    return this.#before.get(place);
  }

  put(place: string, value: CValue): void {
    this.#now.set(place, either(this.#now.get(place), copied(value)));
  }

  /** Ends a round; whether it found what the one before did. */
  settle(): boolean {
    const [before, now] = [this.#before, this.#now];
    this.#before = now;
    this.#now = new Map();
    return now.size === before.size && [...now].every(([place, value]) => {
      const known = before.get(place);
      return known !== undefined && sameValue(known, value);
    });
  }

  /** What a name at top level stands for, or an enumerator. */
  constant(name: string): Quality | undefined {
    const global = this.globals.get(name);
    if (global && global.kind !== 'constant') return undefined;
    const text = global?.value;
    const number = text === undefined || text === '' ? undefined : numberOf(text, this.analysis.shared);
    const value = number !== undefined && Number.isSafeInteger(number) ? BigInt(number) : this.types.enumerator(name);
    if (value === undefined) return undefined;
    const unit = unitOfConstant(name, value);
    return { constant: value, ...(unit && { unit }) };
  }

  /** What a variable or member is by how it is declared: by its type, and a number by its name. */
  declared(name: string, type: CValue['type']): Quality {
    const quality = qualityOf(type, undefined);
    const [unit, ...others] = promiseOfName(name, undefined)?.units ?? [];
    return quality === NOTHING || quality.unit || !unit || others.length > 0 ? quality : { ...quality, unit };
  }
}

/** A name that promises another unit is told once; from there on it is taken at its word. */
export function underName(name: string, value: CValue, field: string | undefined): CValue {
  const { unit, constant } = value.quality;
  const promise = promiseOfName(name, field);
  const [first, ...others] = promise?.units ?? [];
  if (!promise || !first) return value;
  if (!unit) return others.length === 0 && constant === undefined ? { ...value, quality: { ...value.quality, unit: first } } : value;
  return keeps(promise, unit) ? value : { ...value, quality: { ...value.quality, unit: first } };
}
