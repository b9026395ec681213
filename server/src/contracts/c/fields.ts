import { findField, resolve, type CField, type CType } from '../../kernel/ctype.ts';
import type { CAnalysis } from '../../language/bpfc/analysis/analyze.ts';
import { child, type Cst } from '../../language/bpftrace/syntax/cst.ts';
import type { PlacedCItem } from '../../language/bpfc/syntax/document.ts';
import type { CFunctionItem } from '../../language/bpfc/syntax/item.ts';
import type { CLocal } from '../language/check/c-locals.ts';

type Source = (node: Cst) => string;

/** Addresses that mean something for one family only, and what says which. */
const IPV4_FIELDS = new Set(['skc_daddr', 'skc_rcv_saddr']);
/** Programs that only see sockets of IPv4. */
const IPV4_ONLY = /(?:tcp|udp|inet|ip|ping|raw)_?v4_|inet4_|\bip_/;
/** Fields of contexts that are in network byte order, though their types do not say so. */
const CONTEXT_NETWORK: Readonly<Record<string, Readonly<Record<string, 16 | 32>>>> = { __sk_buff: { protocol: 16 }, bpf_sock_addr: { user_port: 16, user_ip4: 32 }, bpf_sk_lookup: { remote_port: 16, remote_ip4: 32, local_ip4: 32 } };

const ASKS_FAMILY = /\b(?:if|switch|while)\s*\([^;{]*famil|famil\w*\s*[!=]=|AF_INET/i;

interface Found {
  readonly field: CField;
  readonly struct: string;
  /** Of all fields of that struct. */
  readonly fields: readonly string[];
}

/** What fields of kernel types are, by the declared types of variables and parameters. */
export class FieldTypes {
  readonly #analysis: CAnalysis;
  readonly #fn: CFunctionItem;
  readonly #locals: readonly CLocal[];
  readonly #placed: PlacedCItem;
  readonly #variables = new Map<string, 16 | 32 | undefined>();

  constructor(analysis: CAnalysis, fn: CFunctionItem, locals: readonly CLocal[], placed: PlacedCItem) {
    this.#analysis = analysis;
    this.#fn = fn;
    this.#locals = locals;
    this.#placed = placed;
  }

  /** The type of a variable, as it is written; undefined for what is no variable of plain type. */
  typeOf(node: Cst | undefined, source: Source): string | undefined {
    if (node?.type !== 'identifier') return undefined;
    const name = source(node);
    return this.#locals.findLast((local) => local.name === name && local.span.start <= this.#placed.start + node.end)?.type ?? this.#fn.params.find((param) => param.name === name)?.type;
  }

  isNetwork(node: Cst, source: Source): boolean {
    return this.networkBits(node, source) !== undefined || /^(?:bpf_|__builtin_)?(?:hton[sl]|bswap\d+)\(/.test(source(node)) || /^bpf_hton[sl]/.test(source(node));
  }

  /** Bits of a field in network byte order, also through a variable that is given nothing else; undefined for anything else. */
  networkBits(node: Cst, source: Source): 16 | 32 | undefined {
    if (node.type === 'identifier') return this.#networkVariable(source(node), source);
    const field = this.#field(node, source) ?? this.#fieldOfRead(node, source);
    if (!field) return undefined;
    const type = field.field.type();
    if (type.kind === 'typedef') return type.name === '__be16' ? 16 : type.name === '__be32' ? 32 : undefined;
    return CONTEXT_NETWORK[field.struct]?.[field.field.name];
  }

  #networkVariable(name: string, source: Source): 16 | 32 | undefined {
    if (!this.#variables.has(name)) {
      // While it is looked for it is none: `x = x + 1`.
      this.#variables.set(name, undefined);
      const [first, ...others] = this.#valuesOf(name, source).map((value) => this.networkBits(value, source));
      this.#variables.set(name, others.every((bits) => bits === first) ? first : undefined);
    }
    return this.#variables.get(name);
  }

  /** All that is assigned to a variable of the function. */
  #valuesOf(name: string, source: Source): Cst[] {
    const inside = (node: Cst): Cst[] => {
      const target = node.type === 'init_declarator' ? child(node, 'declarator') : node.type === 'assignment_expression' ? child(node, 'left') : undefined;
      const value = child(node, node.type === 'init_declarator' ? 'value' : 'right');
      const own = target?.type === 'identifier' && source(target) === name && value ? [value] : [];
      return [...own, ...node.children.flatMap(inside)];
    };
    return this.#placed.item.tree ? inside(this.#placed.item.tree) : [];
  }

  /** The field that `BPF_CORE_READ(p, a.b, c)` reads, as `p->a.b->c`. */
  #fieldOfRead(node: Cst, source: Source): Found | undefined {
    const args = node.type === 'call_expression' && source(child(node, 'function') ?? node) === 'BPF_CORE_READ' ? (child(node, 'arguments')?.children ?? []).filter(({ type }) => /[a-z]/.test(type) && type !== 'comment') : [];
    const [object, ...path] = args;
    let at = object && path.length > 0 ? this.#structOf(object, source) : undefined;
    let found: Found | undefined;
    for (const name of path.flatMap((part) => source(part).split('.'))) {
      if (at?.kind !== 'struct' && at?.kind !== 'union') return undefined;
      const field = findField(at, name.trim());
      if (!field) return undefined;
      found = { field, struct: at.name, fields: at.fields().map((one) => one.name) };
      const type = resolve(field.type());
      at = type.kind === 'pointer' ? resolve(type.to()) : type;
    }
    return found;
  }

  /** A field of one of the kernel's structs. */
  isKernels(node: Cst, source: Source): boolean {
    const found = this.#field(node, source);
    return found !== undefined && found.struct !== '' && !this.#analysis.declared.has(found.struct);
  }

  /** The condition under which a field that only IPv4 sockets have means something; undefined for other fields. */
  familyCondition(node: Cst, source: Source): string | undefined {
    const found = this.#field(node, source);
    const object = child(node, 'argument');
    if (!found || !object || IPV4_ONLY.test(this.#fn.section?.name ?? '')) return undefined;
    if (IPV4_FIELDS.has(found.field.name)) return `(${source(object)})${source(node).slice(object.end - node.start, object.end - node.start + 2).startsWith('->') ? '->' : '.'}skc_family != 10`;
    if (!/^[sd]addr$/.test(found.field.name) || !found.fields.includes(`${found.field.name}_v6`) || !found.fields.includes('family')) return undefined;
    return `(${source(object)})->family != 10`;
  }

  /** The same for `BPF_CORE_READ(sk, __sk_common.skc_daddr)`. A program that asks for the family later on minds it. */
  familyOfRead(node: Cst, source: Source): string | undefined {
    const found = this.#fieldOfRead(node, source);
    if (!found || !IPV4_FIELDS.has(found.field.name) || IPV4_ONLY.test(this.#fn.section?.name ?? '') || ASKS_FAMILY.test(this.#placed.item.text.slice(node.end))) return undefined;
    return `${source(node).replace(/\b(?:skc_daddr|skc_rcv_saddr)(?=\s*\)$)/, 'skc_family')} != 10`;
  }

  #field(node: Cst, source: Source): Found | undefined {
    if (node.type !== 'field_expression') return undefined;
    const [object, name] = [child(node, 'argument'), child(node, 'field')];
    const struct = object && this.#structOf(object, source);
    if (!struct || !name || (struct.kind !== 'struct' && struct.kind !== 'union')) return undefined;
    const field = findField(struct, source(name));
    return field && { field, struct: struct.name, fields: struct.fields().map((one) => one.name) };
  }

  /** The struct that an expression is, or points to. */
  #structOf(node: Cst, source: Source): CType | undefined {
    if (node.type === 'parenthesized_expression') return node.children.map((inner) => this.#structOf(inner, source)).find(Boolean);
    if (node.type === 'identifier') {
      const name = /^(?:const\s+)?struct\s+(\w+)\s*\*?$/.exec(this.typeOf(node, source) ?? '')?.[1];
      return name === undefined ? undefined : this.#analysis.inventory.types.struct(name);
    }
    const type = this.#field(node, source)?.field.type();
    const at = type && resolve(type);
    return at?.kind === 'pointer' ? resolve(at.to()) : at;
  }
}
