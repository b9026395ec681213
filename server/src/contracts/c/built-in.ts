import type { CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import { child, type Cst } from '../../language/bpftrace/syntax/cst.ts';
import type { PlacedCItem } from '../../language/bpfc/syntax/document.ts';
import type { CFunctionItem } from '../../language/bpfc/syntax/item.ts';
import type { Span } from '../../base/span.ts';
import { localsOfC } from '../language/check/c-locals.ts';
import { FieldTypes } from './fields.ts';
import type { Edit } from './edits.ts';
import type { LinesOf } from './lines.ts';
import type { Marks } from './marks.ts';
import { numberType } from './set.ts';
import type { TimeUnits } from './units.ts';

/** What is around an expression. */
interface Around {
  readonly parent: Cst | undefined;
  /** The type it is converted to, as it is written: a cast's, a declaration's. */
  readonly into?: string;
}

/** Calls and macros whose arguments are no plain expressions, or are not computed. */
const NOT_COMPUTED = /^(?:BPF_CORE_READ\w*|BPF_PROBE_READ\w*|bpf_core_\w+|__builtin_(?!mem)\w+|offsetof|container_of|bpf_probe_read\w*)$/;
/** Nothing in them is computed when the program runs, or it has to be a constant. */
const CONSTANT = /^(?:sizeof_expression|alignof_expression|array_declarator|enumerator|bitfield_clause|attribute_specifier|asm_statement|gnu_asm_expression|offsetof_expression)$/;
const ORDER = new Set(['<', '>', '<=', '>=']);
const SWAPS = /^(?:bpf_)?ntoh[sl]$|^__builtin_bswap(?:16|32)$/;
/** Fields that are often put into less than they have. */
const LENGTH = /(?:len|size|bytes|count)$/;
/** Results of 64 bits, of which all count. */
const WIDE = /^bpf_(?:ktime_get_(?:boot_|coarse_|tai_)?ns|jiffies64|get_current_cgroup_id|skb_cgroup_id)$/;

/** Built-in properties at the expressions of a function that they are about, compiled in as marks. */
export function builtIn(analysis: CAnalysis, units: TimeUnits, placed: PlacedCItem, fn: CFunctionItem, marks: Marks, lines: LinesOf): readonly Edit[] {
  const walk = new Properties(analysis, units, placed, fn, marks, lines);
  const body = placed.item.tree?.children.find(({ start, end }) => fn.body !== undefined && start <= fn.body.start && fn.body.end <= end);
  if (body) walk.visit(body, { parent: undefined });
  return walk.edits;
}

class Properties {
  readonly edits: Edit[] = [];
  readonly #placed: PlacedCItem;
  readonly #text: string;
  readonly #marks: Marks;
  readonly #lines: LinesOf;
  readonly #fields: FieldTypes;
  readonly #units: TimeUnits;
  /** Variables that were given a time. */
  readonly #times: ReadonlySet<string>;
  #count = 0;

  constructor(analysis: CAnalysis, units: TimeUnits, placed: PlacedCItem, fn: CFunctionItem, marks: Marks, lines: LinesOf) {
    this.#placed = placed;
    this.#units = units;
    this.#text = placed.item.text;
    this.#marks = marks;
    this.#lines = lines;
    this.#fields = new FieldTypes(analysis, fn, localsOfC(placed), placed);
    this.#times = new Set([...this.#text.matchAll(/(\w+)\s*=\s*bpf_(?:ktime|jiffies)\w*\(/g)].map(([, name = '']) => name));
  }

  visit(node: Cst, around: Around): void {
    if (CONSTANT.test(node.type) || (node.type === 'declaration' && /^\s*(?:static|const static)\b/.test(this.#source(node)))) return;
    if (node.type === 'call_expression' && NOT_COMPUTED.test(this.#source(child(node, 'function')))) return this.#familyOfRead(node);
    this.#at(node, around);
    const type = child(node, 'type');
    for (const inner of node.children) {
      if (node.type === 'case_statement' && inner.field === 'value') continue;
      const through = node.type === 'parenthesized_expression' || node.type === 'init_declarator' || (node.type === 'declaration' && inner.type === 'init_declarator');
      const into = (node.type === 'cast_expression' || node.type === 'declaration') && type ? this.#source(type) : node.type === 'assignment_expression' && inner.field === 'right' ? this.#fields.typeOf(child(node, 'left'), (one) => this.#source(one)) : through ? around.into : undefined;
      this.visit(inner, { parent: node, ...(into !== undefined && { into }) });
    }
  }

  #at(node: Cst, around: Around): void {
    const [left, right] = [child(node, 'left'), child(node, 'right')];
    const op = node.children.find(({ field }) => field === 'operator');
    const sign = op ? this.#source(op) : '';
    if (node.type === 'binary_expression' && left && right && op) this.#binary(node, left, op, right, sign, around);
    else if (node.type === 'assignment_expression' && left && right) this.#assignment(node, left, right, sign);
    else if (node.type === 'subscript_expression') this.#subscript(node);
    else if (node.type === 'init_declarator' || node.type === 'cast_expression') this.#narrowed(node, child(node, 'value'), around, node.type === 'cast_expression');
    else if (node.type === 'update_expression' && around.parent?.type === 'expression_statement') this.#decrement(node);
    else if (node.type === 'field_expression') this.#family(node);
    if (node.type === 'call_expression' && this.#source(child(node, 'function')) === 'bpf_printk') for (const arg of child(node, 'arguments')?.children ?? []) this.#networkOrder(arg, 'printed');
  }

  #binary(node: Cst, left: Cst, op: Cst, right: Cst, sign: string, around: Around): void {
    if (ORDER.has(sign) || sign === '-') this.#sameUnit(node, left, right);
    if ((sign === '/' || sign === '%') && !this.#isConstant(right)) this.#divisor(right);
    if (sign === '-' && !(this.#isConstant(left) || (this.#isConstant(right) && this.#isConstant(left)))) this.#difference(node, left, op, right, around);
    if (ORDER.has(sign)) for (const side of [left, right]) if (!this.#fields.isNetwork(side === left ? right : left, (one) => this.#source(one))) this.#networkOrder(side, 'compared');
    if (/^[-+*/%]$/.test(sign)) for (const side of [left, right]) this.#networkOrder(side, 'computed with');
  }

  #sameUnit(node: Cst, left: Cst, right: Cst): void {
    const [a, b] = [left, right].map((side) => this.#units.of(this.#placed, this.#source(side)));
    if (a === undefined || b === undefined) return;
    this.#wrap(node, `({ ${this.#assert('units', node, a === b ? `both are in ${a}` : `${this.#source(left)} is in ${a}, ${this.#source(right)} in ${b}`, a === b ? '1' : '0')}; `, '; })');
  }

  #assignment(node: Cst, left: Cst, right: Cst, sign: string): void {
    if ((sign === '/=' || sign === '%=') && !this.#isConstant(right)) this.#divisor(right);
    if (sign === '-=') {
      const b = this.#fresh('b');
      const holds = this.#noUnderflow(`(${this.#source(left)})`, b);
      this.#wrap(right, `({ __auto_type ${b} = (`, `) + 0; ${this.#assert('unsigned-underflow', node, `${this.#source(right)} is at most ${this.#source(left)}`, holds)}; ${b}; })`);
    }
    if (sign === '+=' || sign === '-=') this.#networkOrder(right, 'computed with');
    if (sign === '=') this.#narrowed(node, right, { parent: node, ...this.#intoOf(left) }, false);
  }

  #intoOf(left: Cst): { readonly into?: string } {
    const into = this.#fields.typeOf(left, (one) => this.#source(one));
    return into === undefined ? {} : { into };
  }

  #divisor(right: Cst): void {
    const b = this.#fresh('b');
    this.#wrap(right, `({ __auto_type ${b} = (`, `) + 0; ${this.#assert('div-by-zero', right, `${this.#source(right)} is not 0`, `${b} != 0`)}; ${b}; })`);
  }

  /** A difference that is meant to be signed may be below 0. */
  #difference(node: Cst, left: Cst, op: Cst, right: Cst, { into }: Around): void {
    if (into !== undefined && numberType(into)?.signed === true && !this.#isTime(left)) return;
    if (into !== undefined && numberType(into)?.signed === true && into !== 'int') return;
    const [a, b] = [this.#fresh('a'), this.#fresh('b')];
    const time = this.#isTime(left);
    // The kernel's own stamps were taken before.
    if (time && this.#fields.isKernels(right, (one) => this.#source(one))) return;
    const written = time && isEntry(this.#source(right)) && !this.#isTestedBehind(right) ? `${this.#written(right)}; ` : '';
    this.edits.push({ ...this.#edit(op), instead: `) + 0; __auto_type ${b} = (` });
    this.#wrap(node, `({ ${written}__auto_type ${a} = (`, `) + 0; ${this.#assert('unsigned-underflow', node, `${this.#source(right)} is at most ${this.#source(left)}`, this.#noUnderflow(a, b))}; ${a} - ${b}; })`);
  }

  /** What is in an array's slot before it is written is no time. */
  #written(right: Cst): string {
    return this.#marks.call({ kind: 'written', property: 'absent-entry', span: this.#span(right), says: `${this.#source(right)} was stored before` }, `&(${this.#source(right)})`);
  }

  /** Whether the program looks at it before it goes on with the difference. */
  #isTestedBehind(node: Cst): boolean {
    const text = this.#source(node).replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
    return new RegExp(`(?:!\\s*|\\(\\s*)${text}\\s*\\)|${text}\\s*[!=]=\\s*0\\b`).test(this.#text.slice(node.end + 1));
  }

  #isTime(node: Cst): boolean {
    const text = this.#source(node);
    return this.#times.has(text) || /^bpf_(?:ktime|jiffies)\w*\(\)$/.test(text);
  }

  /** Where the difference is unsigned, as C computes it. */
  #noUnderflow(a: string, b: string): string {
    const each = ['unsigned int', 'unsigned long', 'unsigned long long'].map((type) => `${type}: (${type})${a} >= (${type})${b}`);
    return `_Generic((${a}) - (${b}), ${each.join(', ')}, default: 1)`;
  }

  #decrement(node: Cst): void {
    const argument = child(node, 'argument');
    if (!argument || !node.children.some(({ type }) => type === '--')) return;
    const text = this.#source(argument);
    this.#wrap(node, `({ ${this.#assert('unsigned-underflow', node, `${text} is not 0`, this.#noUnderflow(`(${text})`, '1'))}; `, '; })');
  }

  #subscript(node: Cst): void {
    const [array, index] = [child(node, 'argument'), child(node, 'index')];
    if (!array || !index || this.#isConstant(index)) return;
    const text = this.#source(array);
    const i = this.#fresh('i');
    const holds = `__builtin_types_compatible_p(__typeof__(${text}), __typeof__(&(${text})[0])) || (unsigned long)${i} < sizeof(${text}) / sizeof((${text})[0])`;
    this.#wrap(index, `({ __auto_type ${i} = (`, `) + 0; ${this.#assert('out-of-bounds', node, `${this.#source(index)} is an index of ${text}`, holds)}; ${i}; })`);
  }

  /** A time or an id of 64 bits in less of them; a length in 16. */
  #narrowed(node: Cst, value: Cst | undefined, { into }: Around, cast: boolean): void {
    const written = cast ? child(node, 'type') : undefined;
    const type = written ? this.#source(written) : into;
    const number = type === undefined ? undefined : numberType(type.trim());
    if (!value || !number || child(node, 'declarator')?.type === 'pointer_declarator') return;
    const field = !cast && value.type === 'field_expression' && (number.bits < 32 || LENGTH.test(this.#source(value)));
    if (!field && !this.#isWide(value)) return;
    const e = this.#fresh('e');
    const fits = field && number.bits >= 32 ? '1' : `sizeof(${e}) <= ${number.bits / 8} || (__typeof__(${e}))(${type ?? ''})${e} == ${e}`;
    this.#wrap(value, `({ __auto_type ${e} = (`, `) + 0; ${this.#assert('lossy-cast', node, `${this.#source(value)} fits into ${type ?? ''}`, fits)}; ${e}; })`);
  }

  #isWide(value: Cst): boolean {
    if (value.type === 'parenthesized_expression') return value.children.some((inner) => this.#isWide(inner));
    if (value.type === 'call_expression') return WIDE.test(this.#source(child(value, 'function')));
    const sign = value.type === 'binary_expression' ? this.#source(value.children.find(({ field }) => field === 'operator')) : '';
    return (sign === '-' || sign === '+') && [child(value, 'left'), child(value, 'right')].some((side) => side && (this.#isWide(side) || this.#times.has(this.#source(side))));
  }

  #networkOrder(node: Cst, how: string): void {
    const source = (one: Cst): string => this.#source(one);
    const swapped = node.type === 'call_expression' && SWAPS.test(this.#source(child(node, 'function'))) ? child(node, 'arguments')?.children.some((arg) => this.#fields.networkBits(arg, source) !== undefined) : false;
    if (swapped === true) this.#wrap(node, `({ ${this.#assert('network-order', node, `${this.#source(node)} is ${how} in the host's order`, '1')}; `, '; })');
    const bits = this.#fields.networkBits(node, source);
    if (bits === undefined) return;
    const n = this.#fresh('n');
    this.#wrap(node, `({ __auto_type ${n} = (`, `) + 0; ${this.#assert('network-order', node, `${this.#source(node)}, which is in network byte order, is ${how} as it is`, `__builtin_bswap${bits}(${n}) == ${n}`)}; ${n}; })`);
  }

  #family(node: Cst): void {
    const condition = this.#fields.familyCondition(node, (one) => this.#source(one));
    if (condition === undefined) return;
    this.#wrap(node, `(*({ ${this.#assert('address-families', node, `${this.#source(node)} is read of an IPv4 socket`, condition)}; &`, '; }))');
  }

  #familyOfRead(node: Cst): void {
    const condition = this.#fields.familyOfRead(node, (one) => this.#source(one));
    if (condition === undefined) return;
    this.#wrap(node, `({ ${this.#assert('address-families', node, `${this.#source(node)} is read of an IPv4 socket`, condition)}; `, '; })');
  }

  #assert(property: string, node: Cst, says: string, holds: string): string {
    return this.#marks.call({ kind: 'assert', property, span: this.#span(node), says }, holds);
  }

  /** Numbers, names of constants, and what is computed of them. */
  #isConstant(node: Cst): boolean {
    if (node.type === 'identifier') return /^[A-Z_][A-Z\d_]*$/.test(this.#source(node));
    if (/^(?:number_literal|char_literal|sizeof_expression|type_descriptor)$/.test(node.type)) return true;
    return /^(?:binary_expression|unary_expression|parenthesized_expression|cast_expression)$/.test(node.type) && node.children.filter(({ field, type }) => field !== 'operator' && /[a-z]/.test(type)).every((inner) => this.#isConstant(inner));
  }

  #fresh(letter: string): string {
    return `kgent_${letter}${this.#count++}`;
  }

  #source(node: Span | undefined): string {
    return node ? this.#text.slice(node.start, node.end) : '';
  }

  #span({ start, end }: Span): Span {
    return { start: this.#placed.start + start, end: this.#placed.start + end };
  }

  #edit(node: Cst): Edit {
    return { span: this.#span(node), before: '', after: '', line: this.#lines.line(this.#placed.start + node.start), optional: true };
  }

  #wrap(node: Cst, before: string, after: string): void {
    this.edits.push({ ...this.#edit(node), before, after });
  }
}

/** `*p`, `p->field`: it may be an entry of a map. */
function isEntry(text: string): boolean {
  return /^\*\s*\w+$|^\w+(?:->\w+)(?:\.\w+)*$/.test(text);
}
