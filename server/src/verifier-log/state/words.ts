import { constantOf, property, unsignedRange, type Value } from './value.ts';

/** What a pointer's type is called. */
const POINTERS: Readonly<Record<string, string>> = {
  ctx: "the program's context",
  fp: 'an address on the stack',
  map_ptr: 'a map',
  map_value: 'a map value',
  map_key: 'a map key',
  pkt: 'a packet pointer',
  pkt_meta: 'a pointer to packet metadata',
  pkt_end: "the packet's end",
  sock: 'a socket',
  sock_common: 'a socket',
  tcp_sock: 'a TCP socket',
  xdp_sock: 'an XDP socket',
  mem: 'memory',
  ringbuf_mem: 'a ring buffer record',
  alloc_mem: 'a ring buffer record',
  buf: 'a buffer',
  func: 'a function',
  dynptr_ptr: 'a dynptr',
  flow_keys: 'flow keys',
  arena: 'an address in an arena',
};

/** A register's state as a person would say it. */
export function inWords(value: Value | undefined): string {
  if (!value) return 'nothing known';
  if (value.type === 'scalar') return scalarWords(value);
  const base = value.type.replace(/_or_null/, '');
  const orNull = base === value.type ? '' : ', or NULL';
  const struct = /^(?:trusted_|rcu_|percpu_|user_|untrusted_|non_own_ref_)*ptr_(.+)$/.exec(base.replace(/^rdonly_/, ''));
  if (struct?.[1]) return `a pointer to struct ${struct[1].replace(/^or_null_/, '')}${orNull}`;
  const map = value.properties.get('map');
  const name = POINTERS[base.replace(/^(?:rdonly_|untrusted_|trusted_)/, '')] ?? base.replaceAll('_', ' ');
  const offset = property(value, 'off');
  const where = offset !== undefined && offset !== 0 ? ` ${offset > 0 ? '+' : '-'} ${Math.abs(offset)}` : '';
  if (base === 'pkt') return `${name}${where}, ${property(value, 'r') ?? 0} bytes of the packet proved to be there`;
  const size = property(value, 'vs');
  return `${name}${map ? ` of ${map}` : ''}${size === undefined ? '' : ` (${size} bytes)`}${where}${orNull}`;
}

function scalarWords(value: Value): string {
  const constant = constantOf(value);
  if (constant !== undefined) return `the number ${constant}`;
  const { min, max } = unsignedRange(value);
  const smin = property(value, 'smin');
  const smax = property(value, 'smax');
  if (smin !== undefined && smin < 0 && smax !== undefined && smax < 2 ** 62) return `a number from ${smin} to ${smax}`;
  if (max !== undefined) return `a number from ${min ?? 0n} to ${max}`;
  return 'a number of which nothing is known';
}
