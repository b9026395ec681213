export const AF_INET = 2n;
export const AF_INET6 = 10n;

/** Fields of sockets that hold an address of one family, with the way from their owner to the family. */
export const SOCKET_FIELDS: Readonly<Record<string, { readonly path: readonly string[]; readonly other: bigint }>> = {
  skc_daddr: { path: ['skc_family'], other: AF_INET6 },
  skc_rcv_saddr: { path: ['skc_family'], other: AF_INET6 },
  skc_v6_daddr: { path: ['skc_family'], other: AF_INET },
  skc_v6_rcv_saddr: { path: ['skc_family'], other: AF_INET },
  inet_saddr: { path: ['sk', '__sk_common', 'skc_family'], other: AF_INET6 },
};

const ONE_FAMILY = /v4|v6|inet6|^(?:__)?(?:ip|icmp|igmp|udp|raw|ping|arp)_|^inet_bind/;
const ANY_FAMILY = /^(?:__)?(?:tcp|inet|sk|sock|sctp|mptcp|security|netif|dev|napi|skb|kfree_skb|consume_skb)(?:_|$)/;

/** Whether sockets of both families pass through some of these functions of the kernel: of functions whose names say nothing of it, nothing is known. */
export function functionsSeeBoth(names: readonly string[]): boolean {
  const some = (test: (name: string) => boolean): boolean => names.some(test);
  return some((name) => ANY_FAMILY.test(name) && !ONE_FAMILY.test(name)) || (some((name) => name.includes('v4')) && some((name) => name.includes('v6')));
}
