import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzed, OLDEST } from '../../../test/support/analyzed.ts';
import { mutate, randomly } from '../../../test/support/mutate.ts';
import { valueFacts } from '../../../test/support/value-facts.ts';
import type { Version } from '../../base/version.ts';
import { NO_FACTS } from './facts.ts';
import { propertiesOf } from './properties.ts';
import type { BuiltIn, Site } from './site.ts';

interface Found extends Site {
  readonly text: string;
  readonly line: number;
}

function found(source: string, version?: Version): readonly Found[] {
  const { analysis, text } = analyzed(source, version);
  return propertiesOf(analysis, valueFacts).sites.map((site) => {
    const base = analysis.probes.find(({ probe }) => probe === site.probe)?.placed.start ?? 0;
    const at = base + site.node.start;
    return { ...site, text: text.slice(at, base + site.node.end), line: text.slice(0, at).split('\n').length };
  });
}

/** The texts of the sites of a property. */
const texts = (property: BuiltIn, source: string, version?: Version): string[] => found(source, version).filter((site) => site.property === property).map(({ text }) => text);

/** Sites in a probe, by the text they are about; none at all for what is right without a proof. */
function judged(property: BuiltIn, probe: string, rows: readonly (readonly [body: string, ...sites: string[]])[]): void {
  it.each(rows.map(([body, ...sites]) => ({ body, sites })))(`${property}: $body → $sites`, ({ body, sites }) => expect(texts(property, `${probe} { ${body} }`)).toEqual(sites));
}

describe('numbers', () => {
  judged('div-by-zero', 'kprobe:f', [
    ['print(arg0 / arg1)', 'arg0 / arg1'],
    ['print(arg0 % (arg1 + 1))', 'arg0 % (arg1 + 1)'],
    ['$x = arg0; $x /= arg1; print($x)', '$x /= arg1'],
    ['@n = @sum / @count; @sum = 1; @count++', '@sum / @count'],
    ['print(arg0 / 1000); print(arg0 % 7); print(nsecs / 1e6)'],
    ['print(arg0 / sizeof(struct page)); print(arg0 / (4 * 1024))', 'arg0 / sizeof(struct page)'],
    ['print(arg0 >> 3)'],
  ]);

  judged('unsigned-underflow', 'kprobe:f', [
    ['@ = hist(arg1 - arg0)', 'arg1 - arg0'],
    ['$d = (uint64)10 - arg0; if ($d > 5) { print($d) }', '(uint64)10 - arg0'],
    ['$x = (uint64)1; $x -= arg0; print($x)', '$x -= arg0'],
    ['print((int64)arg0 - (int64)arg1)'],
    ['if ((int64)(arg0 - arg1) < 0) { print(1) }'],
    ['if (arg0 - arg1 == 0) { print(1) }'],
    ['$d = arg0 - arg1; if ((int32)$d > 0) { print((int64)$d) }'],
    ['print((arg0 - arg1) & 0xff)'],
    ['print((uint32)((uint32)arg0 - (uint32)arg1))'],
    ['$p = (struct page *)arg0; print($p - 1)'],
    ['$a = (uint32)arg0; $d = $a - (uint32)arg1; print((uint64)$d)', '$a - (uint32)arg1'],
    ['$now = nsecs; print($now - curtask->start_boottime); print(nsecs - curtask->se.sum_exec_runtime)'],
  ]);

  it('of old versions are unsigned unless both sides are signed', () => {
    expect(texts('unsigned-underflow', 'kprobe:f { printf("%d", 5 - arg0); }', OLDEST)).toEqual(['5 - arg0']);
    expect(texts('unsigned-underflow', 'kprobe:f { printf("%d", 5 - arg0); }')).toEqual([]);
  });

  judged('out-of-bounds', 'tracepoint:raw_syscalls:sys_enter', [
    ['print(args.args[cpu])', 'args.args[cpu]'],
    ['$i = (uint64)0; while ($i < 7) { print(args.args[$i]); $i++ }', 'args.args[$i]'],
    ['$t = curtask; print($t.comm[pid])'],
    ['print(args.args[5])'],
    ['$sk = (struct sock *)pid; print($sk.__sk_common.skc_v6_daddr.in6_u.u6_addr8[tid])', '$sk.__sk_common.skc_v6_daddr.in6_u.u6_addr8[tid]'],
    ['$p = (uint64 *)pid; print($p[tid])'],
  ]);

  judged('lossy-cast', 'tracepoint:block:block_rq_issue', [
    ['@[(uint32)args.sector] = count()', '(uint32)args.sector'],
    ['@t[tid] = (uint32)nsecs; delete(@t, tid)', '(uint32)nsecs'],
    ['$len = (uint8)args.bytes; print($len)', '(uint8)args.bytes'],
    ['$p = (uint32)(uint64)curtask; print($p)', '(uint32)(uint64)curtask'],
    ['print((uint16)(args.sector & 0xffff))', '(uint16)(args.sector & 0xffff)'],
    ['print((uint32)args.sector); print((uint32)(args.sector >> 32))', '(uint32)(args.sector >> 32)'],
    ['print((uint8)args.sector & 0x7f)'],
    ['print((uint64)args.bytes); print((int64)args.sector); print((uint32)pid)'],
    ['print((uint32)5000000000)'],
    ['print((int32)(args.nr_sector - args.bytes)); $d = args.bytes - args.nr_sector; print((uint32)$d)'],
    ['print((uint32)args.sector - args.bytes)'],
    ['print((uint32)args.sector - (uint32)nsecs)', '(uint32)args.sector', '(uint32)nsecs'],
  ]);

  it('in registers have no upper half that counts', () => {
    expect(texts('lossy-cast', 'kretprobe:vfs_read { print((int32)retval); }')).toEqual([]);
    // The kernel says of a parameter whether all of its register counts.
    expect(texts('lossy-cast', 'kprobe:vfs_fallocate { print((uint32)arg3); print((int32)arg1); }')).toEqual(['(uint32)arg3']);
    expect(texts('lossy-cast', 'kprobe:f { $fd = (int32)arg0; print($fd); @fd[tid] = arg1; print((uint32)@fd[tid]); delete(@fd, tid) }')).toEqual([]);
    expect(texts('lossy-cast', 'tracepoint:syscalls:sys_exit_openat { print((int32)args.ret); } tracepoint:syscalls:sys_enter_close { print((int32)args.fd); }')).toEqual([]);
  });
});

describe('absent-entry', () => {
  const begun = 'kprobe:f { @start[tid] = nsecs } kretprobe:f';
  it.each<[body: string, ...sites: string[]]>([
    ['@ns = hist(nsecs - @start[tid])', 'nsecs - @start[tid]'],
    ['$s = @start[tid]; delete(@start, tid); @ns = hist(nsecs - $s)', 'nsecs - $s'],
    ['$s = pid ? @start[tid] : nsecs; $u = $s; print(nsecs - $u)', 'nsecs - $u'],
    ['print(nsecs - (pid ? @start[tid] : nsecs))', '@start[tid]'],
    ['if (nsecs - @start[tid] > 1000) { @slow++ }', 'nsecs - @start[tid]'],
    ['if (@start[tid] < arg0) { @old++ }', '@start[tid] < arg0'],
    ['printf("began at %d", @start[tid])', '@start[tid]'],
    ['if (@start[tid]) { @n++ } if (@start[tid] == 0) { @m++ } if (@start[tid] > 5) { @k++ }'],
    ['print(@start); printf("%d", @n); @n++'],
    ['delete(@start, tid)'],
    ['printf("%s %s", str(@start[tid]), comm)', 'str(@start[tid])'],
  ])('%s', (body, ...sites) => expect(texts('absent-entry', `${begun} { ${body} }`)).toEqual(sites));

  it('is told of pointers that are followed, once a statement', () => {
    const source = (body: string): string => `kprobe:tcp_v4_connect { @sk[tid] = arg0; @p[tid] = (struct sock *)arg0 } kretprobe:tcp_v4_connect { ${body} }`;
    expect(texts('absent-entry', source('$sk = (struct sock *)@sk[tid]; printf("%d %d", $sk->__sk_common.skc_num, $sk->__sk_common.skc_state); print($sk->sk_mark)'))).toEqual(['$sk->__sk_common', '$sk->sk_mark']);
    expect(texts('absent-entry', source('print(@p[tid]->sk_mark)'))).toEqual(['@p[tid]->sk_mark']);
    // Asking for a part of a tuple is how a program looks whether it is there.
    expect(texts('absent-entry', 'kprobe:vfs_read { @m[tid] = (nsecs, arg2); } kretprobe:vfs_read { $v = @m[tid]; if ($v.0 > 0) { print(nsecs - $v.0) } delete(@m[tid]); }')).toEqual(['$v']);
  });

  it.each([
    ['what counts from nothing', 'kprobe:f { @n++; @sum += arg0 } interval:s:1 { print(@n - @before); @before = @n; print(@sum - @n) }'],
    ['marks', 'kprobe:f { @seen[tid] = 1 } kretprobe:f { print(arg0 - @seen[tid]) }'],
    ['what BEGIN sets', 'BEGIN { @since = nsecs } interval:s:1 { print(nsecs - @since) } END { clear(@since) }'],
    ['limits of rates', 'kprobe:f { if (nsecs - @last > 1000000000) { print(1); @last = nsecs } }'],
    ['limits of rates, through variables', 'kprobe:f { $last = @last[tid]; $gap = (nsecs - $last) / 1000; if ($gap > 1000) { print(1); } @last[tid] = nsecs }'],
    ['deadlines that are set anew', 'kprobe:f { if (nsecs > @next) { print(1); @next = nsecs + 1000 } }'],
    ['the largest so far', 'kprobe:f { $x = arg0; if ($x > @largest) { @largest = $x } }'],
  ])('says nothing of %s', (_what, source) => expect(texts('absent-entry', source)).toEqual([]));

  it('remembers of variables whether there was an entry', () => {
    const { analysis } = analyzed('kprobe:f { @a[tid] = nsecs; @b[tid] = nsecs } kretprobe:f { $x = @a[tid]; if (pid) { $x = @b[tid] } else if (uid) { $x = nsecs } $y = $x; print(nsecs - $y) }');
    expect(propertiesOf(analysis, NO_FACTS).memories.map(({ name, condition }) => [name, condition.kind])).toEqual([['$x present', 'present'], ['$x present', 'present'], ['$x present', 'true'], ['$y present', 'remembered']]);
  });
});

describe('network-order', () => {
  judged('network-order', 'kprobe:tcp_connect', [
    ['$sk = (struct sock *)arg0; printf("%d", $sk->__sk_common.skc_dport)', '$sk->__sk_common.skc_dport'],
    ['$sk = (struct sock *)arg0; $d = $sk->__sk_common.skc_dport; if ($d == 443) { @n++ }', '$d'],
    ['$sk = (struct sock *)arg0; $d = (uint64)$sk->__sk_common.skc_dport; if (1024 > $d) { @n++ }', '$d'],
    ['$sk = (struct sock *)arg0; @[$sk->__sk_common.skc_dport] = count()', '$sk->__sk_common.skc_dport'],
    ['$sk = (struct sock *)arg0; @p = hist($sk->__sk_common.skc_dport); print($sk->__sk_common.skc_dport)', '$sk->__sk_common.skc_dport', '$sk->__sk_common.skc_dport'],
    ['$sk = (struct sock *)arg0; if ($sk->__sk_common.skc_dport == $sk->__sk_common.skc_num) { @n++ }', '$sk->__sk_common.skc_dport'],
    ['$sk = (struct sock *)arg0; $d = $sk->__sk_common.skc_dport; $d = bswap($d); printf("%d", bswap($d))', 'bswap($d)'],
    ['$sk = (struct sock *)arg0; print((comm, $sk->__sk_common.skc_dport + 1))', '$sk->__sk_common.skc_dport'],
    ['$sk = (struct sock *)arg0; if ($sk->__sk_common.skc_daddr == 0x7f000001) { @n++ }', '$sk->__sk_common.skc_daddr'],
    ['$sk = (struct sock *)arg0; $d = (uint64)$sk->__sk_common.skc_dport; printf("%d", bswap($d))', 'bswap($d)'],
    ['$sk = (struct sock *)arg0; $a = bswap($sk->__sk_common.skc_daddr); printf("%s", ntop($a))', '$a'],
    ['$sk = (struct sock *)arg0; printf("%d", bswap($sk->__sk_common.skc_dport)); if ($sk->__sk_common.skc_dport != 0) { @n++ }'],
    ['$sk = (struct sock *)arg0; $a = $sk->__sk_common.skc_daddr; if (($a & 0xff) == 10 && $a != 0x0100007f) { printf("%s", ntop($a)) }'],
    ['$sk = (struct sock *)arg0; if ($sk->__sk_common.skc_dport == 0x5000 || $sk->__sk_common.skc_dport == bswap((uint16)443)) { @n++ }'],
    ['$sk = (struct sock *)arg0; if ($sk->__sk_common.skc_daddr == $sk->__sk_common.skc_rcv_saddr) { printf("%d", $sk->__sk_common.skc_num) }'],
    ['$sk = (struct sock *)arg0; $d = $sk->__sk_common.skc_dport; printf("%d", ($d >> 8) | (($d & 0xff) << 8))'],
  ]);

  it('flows through maps', () => {
    const source = (print: string): string => `kprobe:tcp_connect { $sk = (struct sock *)arg0; @dport[tid] = $sk->__sk_common.skc_dport } kretprobe:tcp_connect /@dport[tid]/ { ${print}; delete(@dport, tid) }`;
    expect(texts('network-order', source('printf("%d", @dport[tid])'))).toEqual(['@dport[tid]']);
    expect(texts('network-order', source('printf("%d", bswap(@dport[tid]))'))).toEqual([]);
  });

  it('in keys is right as long as nobody sees them and all are the same', () => {
    const use = (key: string): string => `kprobe:tcp_connect { $sk = (struct sock *)arg0; @start[$sk->__sk_common.skc_dport] = nsecs } kprobe:tcp_finish_connect { $sk = (struct sock *)arg0; print(nsecs - @start[${key}]); delete(@start, ${key}) }`;
    expect(texts('network-order', use('$sk->__sk_common.skc_dport'))).toEqual([]);
    expect(texts('network-order', use('bswap($sk->__sk_common.skc_dport)'))).toEqual(['$sk->__sk_common.skc_dport']);
  });

  it('is right in a loop over the map that turns keys round', () => {
    expect(texts('network-order', 'kprobe:tcp_connect { $sk = (struct sock *)arg0; @[$sk->__sk_common.skc_dport] = count() } END { for ($kv : @) { printf("%d", bswap($kv.0)) } clear(@) }')).toEqual([]);
  });
});

describe('address-families', () => {
  judged('address-families', 'kprobe:tcp_connect', [
    ['$sk = (struct sock *)arg0; printf("%s", ntop($sk->__sk_common.skc_daddr))', '$sk->__sk_common.skc_daddr'],
    ['$a = ((struct sock *)arg0)->__sk_common.skc_rcv_saddr; @[ntop($a)] = count()', '$a'],
    ['$sk = (struct sock *)arg0; @peer = ntop($sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8)', '$sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8'],
    ['$i = (struct inet_sock *)arg0; print(ntop($i->inet_saddr))', '$i->inet_saddr'],
    ['$sk = (struct sock *)arg0; if ($sk->__sk_common.skc_daddr == 0x0100007f) { @n++ }'],
    ['$sk = (struct sock *)arg0; printf("%d", $sk->__sk_common.skc_num)'],
  ]);
  judged('address-families', 'kprobe:__netif_receive_skb_core', [
    ['$skb = *(struct sk_buff **)arg0; $ip = (struct iphdr *)($skb->head + $skb->network_header); @[ntop($ip->saddr)] = count()', '$ip->saddr'],
    ['$skb = *(struct sk_buff **)arg0; $ip = (struct iphdr *)($skb->head + $skb->network_header); if ($skb->protocol == 8) { @[ntop($ip->saddr)] = count() }'],
    ['$skb = *(struct sk_buff **)arg0; $ip = (struct iphdr *)($skb->head + $skb->network_header); @[$ip->ttl] = count()'],
  ]);
  judged('address-families', 'kprobe:tcp_v4_connect', [['$sk = (struct sock *)arg0; printf("%s", ntop($sk->__sk_common.skc_daddr))']]);
  judged('address-families', 'kprobe:udp_sendmsg', [['$sk = (struct sock *)arg0; printf("%s", ntop($sk->__sk_common.skc_daddr))']]);
  judged('address-families', 'kprobe:tcp_v4_connect, kprobe:tcp_v6_connect', [['$sk = (struct sock *)arg0; printf("%s", ntop($sk->__sk_common.skc_daddr))', '$sk->__sk_common.skc_daddr']]);
  judged('address-families', 'tracepoint:tcp:tcp_retransmit_skb', [
    ['printf("%s", ntop(args.daddr))', 'args.daddr'],
    ['printf("%s", ntop(args.daddr_v6))'],
    ['$sk = (struct sock *)args.skaddr; if (args.family == 2) { printf("%s", ntop($sk->__sk_common.skc_daddr)) }'],
  ]);

  it('was asked when the socket was kept', () => {
    const source = (test: string): string => `kprobe:tcp_connect { $sk = (struct sock *)arg0; ${test} { @sk[tid] = $sk } } kretprobe:tcp_connect /@sk[tid]/ { print(ntop(@sk[tid]->__sk_common.skc_daddr)) }`;
    expect(texts('address-families', source('if ($sk->__sk_common.skc_family == 2)'))).toEqual([]);
    expect(texts('address-families', source('if ($sk->sk_mark == 2)'))).toEqual(['@sk[tid]->__sk_common.skc_daddr']);
  });

  it('is remembered by variables', () => {
    const { analysis } = analyzed('kprobe:tcp_connect { $sk = (struct sock *)arg0; $a = ntop($sk->__sk_common.skc_daddr); if ($sk->__sk_common.skc_family == 10) { $a = ntop($sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8) } printf("%s", $a) }');
    expect(propertiesOf(analysis, NO_FACTS).memories.map(({ condition }) => condition.kind === 'field-not' && condition.value)).toEqual([10n, 2n]);
  });
});

describe('units', () => {
  const spanned = 'kprobe:f { @start[tid] = nsecs } kretprobe:f /@start[tid]/';
  it.each<[body: string, ...sites: string[]]>([
    ['printf("%d ms", (nsecs - @start[tid]) / 1000)', '(nsecs - @start[tid]) / 1000'],
    ['$us = (nsecs - @start[tid]) / 1000000; printf("%d us", $us)', '(nsecs - @start[tid]) / 1000000'],
    ['@latency_ms = hist(nsecs - @start[tid])', 'nsecs - @start[tid]'],
    ['$d = nsecs - @start[tid]; printf("lat_us=%d pid=%d", $d, pid)', '$d'],
    ['$ms = (nsecs - @start[tid]) / 1000000; if ($ms > 10ms) { @slow++ }', '$ms > 10ms'],
    ['@t[tid] = nsecs - @start[tid]; @t[pid] = (nsecs - @start[tid]) / 1000; print(@t)', '(nsecs - @start[tid]) / 1000'],
    ['if (nsecs - @start[tid] > jiffies) { @n++ }', 'nsecs - @start[tid] > jiffies'],
    ['$d = nsecs - @start[tid]; printf("%d.%03d ms, %d us (%d s), %dns", $d / 1000000, $d % 1000000, $d / 1000, $d / 1000000000, $d)'],
    ['@us = hist((nsecs - @start[tid]) / 1e3); $delta_ms = (nsecs - @start[tid]) >> 0; @s = sum($delta_ms)', '(nsecs - @start[tid]) >> 0'],
    ['@usecs = sum(nsecs - @start[tid]); print(@usecs, 10, 1000)'],
    ['if (nsecs - @start[tid] > 10ms && nsecs - @start[tid] != 0) { printf("%d ops/s, %d bytes/ms", nsecs - @start[tid], nsecs) }'],
    ['@ms = avg((nsecs - @start[tid]) * 2 / 2000000)'],
    ['$limit_ms = 10; if (nsecs - @start[tid] > $limit_ms) { @slow++ }', 'nsecs - @start[tid] > $limit_ms'],
    ['$limit_ms = 10; $ms = 1000000; if (nsecs - @start[tid] > $limit_ms * 1000000 || nsecs - @start[tid] > 20 * $ms) { @slow++ }'],
    ['$us = (nsecs - @start[tid]) / 1000; printf("%s", strftime("%S", $us))', '$us'],
    ['printf("%s", strftime("%S", @start[tid]))'],
  ])('of time: %s', (body, ...sites) => expect(texts('units', `${spanned} { ${body} }`)).toEqual(sites));

  judged('units', 'tracepoint:block:block_rq_issue', [
    ['@bytes = sum(args.nr_sector)', 'args.nr_sector'],
    ['printf("%d KB", args.bytes)', 'args.bytes'],
    ['$end = args.sector + args.bytes; print($end)', 'args.sector + args.bytes'],
    ['@kb = sum(args.nr_sector / 2); @total_bytes = sum(args.nr_sector * 512); printf("%d KB, %d MB", args.bytes / 1024, args.bytes >> 20)'],
    ['if (args.bytes == (args.nr_sector << 9)) { @sectors = sum(args.nr_sector) }'],
    ['@pages = sum(args.bytes / 4096); @io = avg(args.bytes / 10)'],
  ]);

  it('of constants are told by their names', () => {
    const source = (span: string): string => `#define SLOW_US 500\n#define NSEC_PER_USEC 1000\nkprobe:f { @s[tid] = nsecs } kretprobe:f /@s[tid]/ { if (${span} > SLOW_US) { @n++ } }`;
    expect(texts('units', source('(nsecs - @s[tid])'))).toEqual(['(nsecs - @s[tid]) > SLOW_US']);
    expect(texts('units', source('(nsecs - @s[tid]) / NSEC_PER_USEC'))).toEqual([]);
  });

  it('that a field is named after are taken over', () => {
    expect(texts('units', 'kprobe:tcp_ack { $srtt_us = ((struct tcp_sock *)arg0)->srtt_us; @rtt_us = hist($srtt_us >> 3) }')).toEqual([]);
    expect(texts('units', 'kprobe:tcp_ack { $srtt_us = ((struct tcp_sock *)arg0)->srtt_us; @rtt_us = hist($srtt_us) }')).toEqual(['$srtt_us']);
  });
});

const root = join(import.meta.dirname, '../../../../test-fixtures/contracts');
const pairs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('case.json')).flatMap((file) => {
  const folder = join(root, file, '..');
  const { property, line } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { property: BuiltIn | 'contract'; line: number };
  return existsSync(join(folder, 'wrong.bt')) ? [{ name: file.slice(0, -'/case.json'.length), property, line, source: (version: string) => readFileSync(join(folder, `${version}.bt`), 'utf8') }] : [];
});

it('says something sensible of broken programs', () => {
  const random = randomly(7);
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((name) => `kprobe:${name} { $${name} = nsecs; @x_${name}[arg0 - @${name}] = hist(ntop(${name}->${name})); printf("%d ${name}", ${name} / $${name}) }`);
  const sources = [...names, ...pairs.map(({ source }) => mutate(source('wrong'), random))];
  for (const source of sources) for (const { text, says } of found(source)) expect([text, says], source).not.toContain('');
});

describe('the pairs of the benchmark', () => {
  it('have a site where the wrong version is wrong', () => {
    const asked = pairs.filter(({ property }) => property !== 'contract');
    const missed = asked.filter(({ property, line, source }) => !found(source('wrong')).some((site) => site.property === property && site.line === line));
    expect(missed.map(({ name }) => name)).toEqual([]);
    expect(asked.length).toBeGreaterThan(40);
  });

  it('have none in the right version that nothing can prove', () => {
    expect(pairs.flatMap(({ name, source }) => found(source('right')).filter(({ condition }) => condition.kind === 'never' || condition.kind === 'same-swapped').map(({ says }) => `${name}: ${says}`))).toEqual([]);
  });
});
