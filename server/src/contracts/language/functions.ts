import type { Keyword, Language } from './ast.ts';

/** A function that only contracts have. */
export interface ContractFunction {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly takes: 'value' | 'integer' | 'pointer' | 'socket' | 'entry' }[];
  /** Bits of the integer it gives; `same` as wide as its argument; `value` what its argument is. */
  readonly gives: 16 | 32 | 'same' | 'value' | 'bool';
  /** How it is written, for the editor. */
  readonly form: string;
  readonly summary: string;
  /** Kinds of clauses that may use it; absent: all. */
  readonly only?: readonly Keyword[];
  readonly language?: Language;
}

const order = (name: string, bits: 16 | 32, from: string, to: string): ContractFunction => ({ name, gives: bits, params: [{ name: 'x', takes: 'integer' }], form: `${name}(x)`, summary: `A ${bits}-bit number in ${to} byte order from one in ${from} byte order.` });

const ORDERS = [order('ntohs', 16, 'network', 'the host\'s'), order('ntohl', 32, 'network', 'the host\'s'), order('htons', 16, 'the host\'s', 'network'), order('htonl', 32, 'the host\'s', 'network')];

export const contractFunctions: readonly ContractFunction[] = [
  { name: 'old', gives: 'value', params: [{ name: 'x', takes: 'value' }], only: ['ensures', 'invariant'], form: 'old(x)', summary: 'What x was when the probe or function was entered; in an invariant, before the event.' },
  ...ORDERS,
  // libbpf's names for the same.
  ...ORDERS.map((f): ContractFunction => ({ ...f, name: `bpf_${f.name}`, form: `bpf_${f.form}`, language: 'c' })),
  { name: 'bswap', gives: 'same', params: [{ name: 'x', takes: 'integer' }], form: 'bswap(x)', summary: 'x with its bytes in the opposite order.' },
  { name: 'present', gives: 'bool', params: [{ name: 'entry', takes: 'entry' }], form: 'present(@map[key])', summary: 'The map has an entry under this key. One whose value is 0 is absent for a predicate, but present here.' },
  { name: 'family', gives: 16, params: [{ name: 'sk', takes: 'socket' }], form: 'family(sk)', summary: 'The address family of a socket: AF_INET, AF_INET6, ….' },
  { name: 'readable', gives: 'bool', params: [{ name: 'p', takes: 'pointer' }, { name: 'n', takes: 'integer' }], form: 'readable(p, n)', summary: 'n bytes can be read from p on.' },
  { name: 'writable', gives: 'bool', params: [{ name: 'p', takes: 'pointer' }, { name: 'n', takes: 'integer' }], form: 'writable(p, n)', summary: 'n bytes can be written from p on.' },
  { name: 'held', gives: 'bool', params: [{ name: 'lock', takes: 'value' }], form: 'held(lock)', summary: 'The lock is held, or the reference owned.' },
];

const byName = new Map(contractFunctions.map((f) => [f.name, f]));

export function contractFunction(name: string, language: Language): ContractFunction | undefined {
  const found = byName.get(name);
  return found?.language === undefined || found.language === language ? found : undefined;
}

/** Numbers that the kernel's headers define and BTF does not know; from the Linux headers. */
export const CONSTANTS: Readonly<Record<string, bigint>> = {
  NULL: 0n,
  AF_UNSPEC: 0n, AF_UNIX: 1n, AF_INET: 2n, AF_INET6: 10n, AF_NETLINK: 16n, AF_PACKET: 17n, AF_VSOCK: 40n, AF_XDP: 44n,
  ETH_P_IP: 0x0800n, ETH_P_ARP: 0x0806n, ETH_P_8021Q: 0x8100n, ETH_P_IPV6: 0x86ddn,
  TASK_RUNNING: 0n, TASK_INTERRUPTIBLE: 1n, TASK_UNINTERRUPTIBLE: 2n,
  EPERM: 1n, ENOENT: 2n, EINTR: 4n, EIO: 5n, E2BIG: 7n, EBADF: 9n, EAGAIN: 11n, ENOMEM: 12n, EACCES: 13n, EFAULT: 14n, EBUSY: 16n, EEXIST: 17n, ENODEV: 19n, EINVAL: 22n, ENOSPC: 28n, ENOSYS: 38n, EOPNOTSUPP: 95n, EADDRINUSE: 98n, ETIMEDOUT: 110n, ECONNREFUSED: 111n, EINPROGRESS: 115n,
};
