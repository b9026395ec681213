import { expect, it } from 'vitest';
import { analyzed } from '../../../../test/support/analyzed.ts';
import { bpftraceContracts } from '../check/bpftrace.ts';
import { offersFor, type ConditionsOf } from './offers.ts';

const SAYS: ConditionsOf = () => ({ pre: ['sk != NULL', 'family(sk) == AF_INET || family(sk) == AF_INET6', 'held(sk->lock)'], post: ['retval <= 0'] });

function offered(source: string, conditions: ConditionsOf = SAYS): readonly string[] {
  const { analysis } = analyzed(source);
  const [probe] = analysis.probes;
  return probe ? offersFor(analysis, probe, conditions).map(({ clause }) => clause) : [];
}

/** A clause as it is inserted when nothing is changed in it. */
const filled = (snippet: string): string => snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replaceAll('\\$', '$');

it.each(['kprobe:tcp_connect { @n[tid] = 1; }', 'fentry:tcp_connect { @n[tid] = 1; }', 'kretprobe:tcp_connect { @n[tid] = 1; }'])('what is offered for %s is right as it is', (source) => {
  for (const clause of offered(source).filter((one) => !one.includes('@map'))) {
    const { analysis } = analyzed(`//@ ${filled(clause)}\n${source}\n`);
    expect(bpftraceContracts(analysis).flatMap(({ problems }) => problems.map(({ message }) => `${clause}: ${message}`))).toEqual([]);
  }
});

it('names are those of the program, and what it cannot say is left out', () => {
  expect(offered('fentry:tcp_connect { @n[tid] = 1; }')).toEqual(expect.arrayContaining(['requires args.sk != NULL', 'requires family(args.sk) == AF_INET || family(args.sk) == AF_INET6', 'invariant @n[${1:k}] : ${2:@n[k] > 0}']));
  expect(offered('kprobe:tcp_connect { }').join('\n')).not.toContain('held');
  expect(offered('kprobe:tcp_connect { }')).toContain('requires ((struct sock *)arg0) != NULL');
  expect(offered('kretprobe:tcp_connect { }')).toContain('requires retval <= 0');
  expect(offered('kprobe:tcp_connect { }', () => undefined)).toHaveLength(2);
});
