import { describe, expect, it } from 'vitest';
import { cardOf, valueText } from './card.ts';
import { specSchema } from './schema.ts';

const base = { id: 'kprobe:tcp_connect', kind: 'attach-point', proto: 'int tcp_connect(struct sock *sk)', summary: 'Sends the SYN', meaning: 'Is reached once a connection' };
const card = (keys: object = {}): ReturnType<typeof cardOf> => cardOf(specSchema.parse({ ...base, ...keys }));

describe('a card', () => {
  it('says what it is in whole sentences', () => expect(card()).toEqual({ meaning: 'Sends the SYN. Is reached once a connection.', details: [] }));
  it('says when, with what, and what to watch for', () => {
    expect(
      card({
        context: 'softirq',
        heat: 'hot',
        args: [{ name: 'len', meaning: 'what is sent', unit: 'bytes', range: '0..65535' }],
        returns: { meaning: '0 or a negative errno' },
        caveats: ['May be inlined'],
        prefer: 'tracepoint:sock:inet_sock_set_state: stable',
        alternatives: ['kprobe:tcp_v4_connect'],
        since: '4.1',
        needs: ['module tcp'],
      }).details,
    ).toEqual([
      'Runs in a software interrupt: `pid` and `comm` are of whoever was interrupted. Hot: up to 1,000,000 times a second on a busy server.',
      '- `len`: what is sent (in bytes; 0..65535)\n- returns 0 or a negative errno',
      '- May be inlined.',
      'Better: tracepoint:sock:inet_sock_set_state: stable.',
      'See also `kprobe:tcp_v4_connect`.',
      'Since Linux 4.1. Needs module tcp.',
    ]);
  });
  it('of a field tells its byte order', () => {
    expect(card({ id: 'struct sock_common.skc_dport', kind: 'field', args: [{ name: 'skc_dport', meaning: 'remote port', byteOrder: 'network' }] }).details).toEqual(['In network byte order.']);
  });
  it('of bpftrace tells its own versions', () => expect(card({ id: 'count()', kind: 'bpftrace', since: '0.19' }).details).toEqual(['Since bpftrace 0.19.']));
  it('is short, and ends with a sentence', () => {
    const { meaning } = card({ meaning: 'It is so. '.repeat(300) });
    expect(meaning.length).toBeLessThanOrEqual(600);
    expect(meaning).toMatch(/It is so\.$/);
  });
  it('shows some of many arguments', () => {
    const args = Array.from({ length: 20 }, (_, n) => ({ name: `a${n}`, meaning: 'a number' }));
    expect(card({ args }).details[0]?.split('\n').slice(-2)).toEqual(['- `a11`: a number', '- and 8 more']);
  });
});

describe('a value', () => {
  it.each([
    [{ meaning: 'time it took', unit: 'ns' }, 'time it took (in ns)'],
    [{ meaning: 'time in ns.', unit: 'ns' }, 'time in ns'],
    [{ meaning: 'the port', byteOrder: 'network' as const }, 'the port (in network byte order)'],
    [{ meaning: 'the port', byteOrder: 'host' as const }, 'the port (in host byte order)'],
    [{ meaning: 'the port, in host order', byteOrder: 'host' as const }, 'the port, in host order'],
    [{ meaning: 'the next one', nullable: true }, 'the next one (may be NULL)'],
    [{ meaning: 'the next one, or NULL', nullable: true }, 'the next one, or NULL'],
    [{ meaning: 'family', values: { AF_INET: 'IPv4', AF_INET6: 'IPv6' } }, 'family; values: `AF_INET` IPv4, `AF_INET6` IPv6'],
    [{ meaning: 'how', flags: true, values: { 1: 'fast' } }, 'how; bits: `1` fast'],
  ])('%j', (value, text) => expect(valueText(value)).toBe(text));
});
