import { describe, expect, it } from 'vitest';
import { BpftraceOutput } from './bpftrace-output.ts';
import { Collector } from './collector.ts';
import type { RunEvent } from './events.ts';
import { ObjectOutput } from './object.ts';

/** Feeds a text in pieces of every size: the events must not depend on where it is cut. */
function events(make: (emit: (event: RunEvent) => void) => { push(text: string): void; end(): void }, text: string): RunEvent[] {
  const all = [1, 3, 7, text.length].map((size) => {
    const seen: RunEvent[] = [];
    const output = make((event) => seen.push(event));
    for (let at = 0; at < text.length; at += size) output.push(text.slice(at, at + size));
    output.end();
    return seen;
  });
  for (const other of all) expect(other).toEqual(all[0]);
  return all[0] ?? [];
}

describe('bpftrace -f json', () => {
  const read = (text: string): RunEvent[] => events((emit) => new BpftraceOutput(emit), text);

  it('0.17: probes, pieces of lines, values, maps', () => {
    const text = '{"type": "attached_probes", "data": {"probes": 3}}\n{"type": "printf", "data": "partial "}\n{"type": "printf", "data": "line\\nnext"}\n{"type": "value", "data": [1,"a"]}\n{"type": "time", "data": "12\\n"}\n\n{"type": "map", "data": {"@": {"sh": 3}}}\n{"type": "hist", "data": {"@h": [{"min": 0, "max": 0, "count": 2}]}}\n';
    expect(read(text)).toEqual([
      { event: 'attached', probes: 3 },
      { event: 'line', text: 'partial line' },
      { event: 'line', text: 'next[1,"a"]' },
      { event: 'line', text: '12' },
      { event: 'map', name: '@', value: { sh: 3 } },
      { event: 'map', name: '@h', value: [{ min: 0, max: 0, count: 2 }] },
    ]);
  });
  it('says that the probes are attached when bpftrace waits for events, or with its first output', () => {
    const told = (act: (output: BpftraceOutput) => void): RunEvent[] => {
      const seen: RunEvent[] = [];
      act(new BpftraceOutput((event) => seen.push(event)));
      return seen;
    };
    const probes = '{"type": "attached_probes", "data": {"probes": 2}}\n';
    expect(told((o) => o.push(probes))).toEqual([]);
    for (const act of [
      (o: BpftraceOutput): void => (o.push(probes), o.attached(), o.attached()),
      (o: BpftraceOutput): void => (o.attached(), o.push(probes)),
    ])
      expect(told(act)).toEqual([{ event: 'attached', probes: 2 }]);
  });
  it('what is no JSON is shown as it came', () => {
    expect(read('{"type": "printf", "data": "\u0001broken\n')).toEqual([{ event: 'line', text: '{"type": "printf", "data": "\u0001broken' }]);
  });
  it('lost events are told', () => {
    expect(read('{"type": "lost_events", "data": {"events": 12}}\n')).toEqual([{ event: 'warning', text: expect.stringContaining('12 events were lost') as string }]);
  });
});

describe('bpftool', () => {
  it('maps by their formatted keys, per-CPU numbers added up, compiler maps left out', () => {
    const text = 'KGENT attached 2\n  bash-12 [001] d..3 1.2: bpf_trace_printk: hi\nKGENT map counts\n[{"key":["0x01"],"value":["0x02"],"formatted":{"key":1,"value":2}}]\n\nKGENT map t.rodata\n[{"x":1}]\n\nKGENT map per\n[{"formatted":{"key":0,"values":[{"cpu":0,"value":2},{"cpu":1,"value":3}]}}]\n\nKGENT map odd\nnonsense\n';
    expect(events((emit) => new ObjectOutput(emit), text)).toEqual([
      { event: 'attached', probes: 2 },
      { event: 'line', text: 'bash-12 [001] d..3 1.2: bpf_trace_printk: hi' },
      { event: 'map', name: 'counts', value: { '1': 2 } },
      { event: 'map', name: 'per', value: { '0': 5 } },
      { event: 'map', name: 'odd', value: 'nonsense' },
    ]);
  });
});

describe('collector', () => {
  it('bounds lines and tells how many were dropped', () => {
    const seen: RunEvent[] = [];
    const collector = new Collector(2, (event) => seen.push(event));
    for (const text of ['a', 'b', 'c', 'd']) collector.take({ event: 'line', text });
    collector.take({ event: 'map', name: '@', value: 1 });
    collector.take({ event: 'map', name: '@', value: 2 });
    expect(seen.filter((e) => e.event === 'line')).toHaveLength(2);
    expect(seen.filter((e) => e.event === 'warning')).toHaveLength(1);
    expect(collector.ended('finished')).toEqual({ event: 'ended', outcome: 'finished', maps: { '@': 2 }, lines: 4, dropped: 2 });
  });
});
