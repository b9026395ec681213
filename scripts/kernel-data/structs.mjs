import { KIND } from '../../server/src/kernel/btf/btf.ts';
import { declareName, printCType, resolve } from '../../server/src/kernel/ctype.ts';

/** Deepest nesting of structs without a name; the kernel's own has some five. */
const MAX_DEPTH = 8;

/** Contexts of programs and headers of packets, which no function gets by pointer. */
const NO_PARAMETERS = ['bpf_perf_event_data', 'bpf_sk_lookup', 'bpf_sock', 'bpf_sock_addr', 'bpf_sock_ops', 'bpf_sockopt', 'bpf_sysctl', 'bpf_tcp_sock', 'sk_msg_md', 'sk_reuseport_md', 'vlan_hdr'];

/**
 * The structs that functions get by pointer, some others, and those within them, each with its members as C declares them. Members of
 * what has no name stand among those around it, or behind a dot: `u32 key.saddr`.
 * @typedef {{type: string, members: readonly string[]}} Struct `struct sock`, `union bpf_attr`, `refcount_t`.
 * @param {ReadonlyMap<string, import('../../server/src/kernel/btf/kernel-types.ts').BtfKernelTypes>} types Of two structs of one name that of the first counts.
 * @returns {Struct[]}
 */
export function structsOf(types) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { types: own } of types.values()) {
    for (let id = own.btf.firstId; id < own.btf.endId; id++) {
      if (own.btf.kind(id) !== KIND.func) continue;
      for (const param of own.prototypeOf(id)?.params ?? []) {
        const type = resolve(param.type());
        if (type.kind === 'pointer') addStruct(found, type.to());
      }
    }
  }
  for (const name of NO_PARAMETERS) {
    const type = [...types.values()].map((own) => own.struct(name)).find((own) => own !== undefined);
    if (type) addStruct(found, type);
  }
  return [...found].map(([type, members]) => ({ type, members })).sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** @typedef {import('../../server/src/kernel/ctype.ts').CType} CType */

function addStruct(/** @type {Map<string, string[]>} */ found, /** @type {CType} */ type) {
  const body = resolve(type);
  if (body.kind !== 'struct' && body.kind !== 'union') return;
  const name = printCType(type);
  if (name.includes('(anonymous)') || found.has(name)) return;
  /** @type {string[]} */
  const members = [];
  found.set(name, members);
  addMembers(found, members, body, '', 0);
}

/**
 * @param {Map<string, string[]>} found @param {string[]} members @param {import('../../server/src/kernel/ctype.ts').CStruct} body
 * @param {string} before What stands before a member's name. @param {number} depth
 */
function addMembers(found, members, body, before, depth) {
  for (const { name, type: typeOf, bits } of body.fields()) {
    const type = typeOf();
    const inner = type.kind === 'array' ? resolve(type.of()) : resolve(type);
    const nameless = (type.kind === 'struct' || type.kind === 'union') && type.name === '';
    if (nameless && depth < MAX_DEPTH) addMembers(found, members, type, name === '' ? before : `${before}${name}.`, depth + 1);
    else if (inner.kind === 'struct' || inner.kind === 'union') addStruct(found, type.kind === 'array' ? type.of() : type);
    if (name !== '') members.push(`${declareName(type, `${before}${name}`)}${bits === undefined ? '' : ` : ${bits}`}`);
  }
}
