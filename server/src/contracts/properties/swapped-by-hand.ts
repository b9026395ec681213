/** Protocols as Ethernet numbers them. */
const ETHERTYPES: ReadonlySet<bigint> = new Set([0x0800n, 0x0806n, 0x8100n, 0x86ddn, 0x88a8n]);
/** First octets of addresses that programs ask for: loopback, private networks, multicast, everybody. */
const FIRST_OCTETS: ReadonlySet<bigint> = new Set([127n, 10n, 192n, 172n, 224n, 255n, 169n]);

/**
 * Constants that were turned round when they were written: 0x5000 for port 80, 0x0100007f for 127.0.0.1. Zero is zero in both orders. Of numbers that may be either, the
 * benefit of the doubt goes to the one that makes the program right.
 */
export function swappedByHand(literal: bigint, bits: number, text: string): boolean {
  const swapped = swap(literal, bits);
  if (literal === swapped || literal < 0n || literal >> BigInt(bits) !== 0n) return true;
  if (bits === 16 && /proto/.test(text)) return ETHERTYPES.has(swapped);
  if (bits === 16) return swapped < literal && swapped < 1024n;
  if (bits === 32) return FIRST_OCTETS.has(literal & 0xffn) || !FIRST_OCTETS.has(literal >> 24n);
  return true;
}

function swap(value: bigint, bits: number): bigint {
  let left = BigInt.asUintN(bits, value);
  let result = 0n;
  for (let i = 0; i < bits; i += 8, left >>= 8n) result = (result << 8n) | (left & 0xffn);
  return result;
}
