import { bare, type Call, type Expr, type Quantifier } from '../language/ast.ts';
import type { CClause } from '../language/check/c.ts';
import { ENTRY_PRESENT, ENTRY_VALUE } from './marks.ts';

/** Members of enums by name, for `forall x in enum E`. */
export type Enums = (name: string) => readonly bigint[] | undefined;

/** A condition that cannot be compiled: a clause for people. */
export class NotCompiled extends Error {}

/** Most values a quantifier is written out for. */
const MAX_VALUES = 256n;

/** Conditions of clauses as C. */
export class Written {
  readonly #text: string;
  readonly #enums: Enums;
  /** What is kept on entry for `old(x)`, in order: the C of x. */
  readonly olds: string[] = [];
  readonly #oldName: (index: number) => string;

  constructor(text: string, enums: Enums, oldName: (index: number) => string) {
    this.#text = text;
    this.#enums = enums;
    this.#oldName = oldName;
  }

  /** Throws NotCompiled. */
  condition(checked: CClause): string {
    return this.#expr(checked.clause.expr, checked, new Map());
  }

  #expr(expr: Expr, checked: CClause, bound: ReadonlyMap<string, bigint>): string {
    const inner = (e: Expr): string => this.#expr(e, checked, bound);
    switch (expr.kind) {
      case 'integer':
      case 'string':
        return this.#source(expr);
      case 'bool':
        return expr.value ? '1' : '0';
      case 'paren':
        return `(${inner(expr.inner)})`;
      case 'identifier':
        return this.#name(expr, checked, bound);
      case 'unary':
        return `(${expr.op}${inner(expr.operand)})`;
      case 'binary':
        return expr.op === '==>' ? `(!(${inner(expr.left)}) || (${inner(expr.right)}))` : `(${inner(expr.left)} ${expr.op} ${inner(expr.right)})`;
      case 'ternary':
        return `(${inner(expr.condition)} ? ${expr.then ? inner(expr.then) : ''} : ${inner(expr.otherwise)})`;
      case 'field':
        return `${inner(expr.object)}${expr.op}${expr.name.text}`;
      case 'index':
        return this.#index(expr, checked, inner);
      case 'cast':
        return `((${this.#type(expr.type)})${inner(expr.operand)})`;
      case 'sizeof':
        return `sizeof(${expr.of.kind === 'type' ? this.#type(expr.of) : inner(expr.of)})`;
      case 'call':
        return this.#call(expr, checked, inner);
      case 'quantifier':
        return this.#quantifier(expr, checked, bound);
      default:
        throw new NotCompiled(`${this.#source(expr)} has no meaning in C`);
    }
  }

  /** As it is written, on one line. */
  #source({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.#text.slice(start, end).replace(/\s*(?:\/\/@)?\s*[\r\n]+\s*\/\/@/g, ' ');
  }

  #name(expr: Extract<Expr, { kind: 'identifier' }>, checked: CClause, bound: ReadonlyMap<string, bigint>): string {
    const value = bound.get(expr.name);
    if (value !== undefined) return `${value}`;
    const meaning = checked.meaningOf(expr);
    if (meaning?.kind === 'key') return '(*kgent_key)';
    if (meaning?.kind === 'result') return 'kgent_retval';
    // A number of the kernel's headers that the program does not include.
    if (meaning?.kind === 'constant' && meaning.declaration === undefined && meaning.of === undefined) return `${meaning.value}`;
    return expr.name;
  }

  #type(type: { readonly start: number; readonly end: number }): string {
    return this.#source(type).replace(/\b(u?)int(8|16|32|64)\b/g, (_, unsigned: string, bits: string) => `__${unsigned === '' ? 's' : 'u'}${bits}`);
  }

  #index(expr: Extract<Expr, { kind: 'index' }>, checked: CClause, inner: (e: Expr) => string): string {
    const map = this.#mapOf(expr, checked);
    if (map === undefined) return `${inner(expr.object)}[${inner(expr.index)}]`;
    const { subject } = checked.clause;
    if (subject?.name === map && checked.meaningOf(bare(expr.index))?.kind === 'key') return '(*kgent_value)';
    return `(*${this.#lookup(map, inner(expr.index), `__typeof__(${map}.value) (*)(void *, void *)`, ENTRY_VALUE)})`;
  }

  #mapOf(expr: Expr, checked: CClause): string | undefined {
    const object = expr.kind === 'index' ? bare(expr.object) : undefined;
    return object?.kind === 'identifier' && checked.meaningOf(object)?.kind === 'map' ? object.name : undefined;
  }

  #lookup(map: string, key: string, type: string, callee: number): string {
    return `({ __typeof__(*${map}.key) kgent_k = (${key}); ((${type})0x${callee.toString(16)}L)(&${map}, &kgent_k); })`;
  }

  #call(expr: Call, checked: CClause, inner: (e: Expr) => string): string {
    const [first] = expr.args;
    const arg = (): string => (first ? inner(first) : '');
    const name = expr.callee.text.replace(/^bpf_(?=[nh]to[nh])/, '');
    switch (name) {
      case 'ntohs':
      case 'htons':
        return `__builtin_bswap16(${arg()})`;
      case 'ntohl':
      case 'htonl':
        return `__builtin_bswap32(${arg()})`;
      case 'bswap':
        return `({ __auto_type kgent_s = ${arg()}; sizeof(kgent_s) == 2 ? __builtin_bswap16(kgent_s) : sizeof(kgent_s) == 4 ? __builtin_bswap32(kgent_s) : __builtin_bswap64(kgent_s); })`;
      case 'family':
        return this.#family(arg(), first && checked.typeOf(first));
      case 'old':
        this.olds.push(arg());
        return this.#oldName(this.olds.length - 1);
      case 'present': {
        const entry = first && bare(first);
        const map = entry && this.#mapOf(entry, checked);
        if (map === undefined || entry?.kind !== 'index') throw new NotCompiled(`${this.#source(expr)}: no entry of a map`);
        return this.#lookup(map, inner(entry.index), 'long (*)(void *, void *)', ENTRY_PRESENT);
      }
      case 'readable':
      case 'writable':
      case 'held':
        throw new NotCompiled(`${name}() is not followed in compiled C`);
      default:
        return `${expr.callee.text}(${expr.args.map(inner).join(', ')})`;
    }
  }

  #family(socket: string, type: unknown): string {
    const text = JSON.stringify(type ?? '', (key, value: unknown) => (typeof value === 'function' || key === 'fields' ? undefined : value));
    if (text.includes('"sock_common"')) return `(${socket})->skc_family`;
    return text.includes('"bpf_sock"') ? `(${socket})->family` : `(${socket})->__sk_common.skc_family`;
  }

  #quantifier(expr: Quantifier, checked: CClause, bound: ReadonlyMap<string, bigint>): string {
    const values = this.#values(expr, checked);
    const each = values.map((value) => `(${this.#expr(expr.body, checked, new Map([...bound, [expr.variable.text, value]]))})`);
    return each.length === 0 ? (expr.quantifier === 'forall' ? '1' : '0') : `(${each.join(expr.quantifier === 'forall' ? ' && ' : ' || ')})`;
  }

  #values({ over }: Quantifier, checked: CClause): readonly bigint[] {
    if (over.kind === 'enum-domain') {
      const members = this.#enums(over.enum.name.text);
      if (!members) throw new NotCompiled(`the members of enum ${over.enum.name.text} are not known`);
      return members;
    }
    const [from, to] = [checked.constantOf(over.from), checked.constantOf(over.to)];
    if (from === undefined || to === undefined) throw new NotCompiled('the bounds of a range are not known');
    if (to - from > MAX_VALUES) throw new NotCompiled(`a range of more than ${MAX_VALUES} numbers`);
    return Array.from({ length: Math.max(0, Number(to - from)) }, (_, i) => from + BigInt(i));
  }
}
