import { describe, expect, it } from 'vitest';
import { stem, withoutRequest, wordsOf } from './words.ts';

const words = (text: string): string => wordsOf(text).map((w) => w.raw).join(' ');
const telling = (text: string): string => wordsOf(text).filter((w) => !w.stop).map((w) => w.stem).join(' ');

describe('words', () => {
  it.each([
    ['tracepoint:syscalls:sys_enter_openat', 'tracepoint syscalls sys enter openat'],
    ['bpf_get_current_pid_tgid()', 'bpf get current pid tgid'],
    ['skBuff isIPv4', 'sk buff is ipv4'],
    ['struct sock.__sk_common.skc_dport', 'struct sock sk common skc dport'],
    ["what's the process's name?", 'what the process name'],
    ['Größe läuft über', 'große lauft uber'],
    ['系统调用 10ms', '系统调用 10 ms'],
    ['', ''],
    ['🐝 -- !', ''],
  ])('of %j', (text, expected) => {
    expect(words(text)).toBe(expected);
  });

  it.each([
    ['which program opens files', 'program open fil'],
    ['Show me all the dropped packets, please', 'drop packet'],
  ])('that tell something in %j', (text, expected) => {
    expect(telling(text)).toBe(expected);
  });

  it.each([
    ['Write me a bpftrace program that counts reads', 'counts reads'],
    ['I need a small eBPF script which shows drops', 'shows drops'],
    ['please give me a tool for slow disks', 'slow disks'],
    ['which program opens files', 'which program opens files'],
    ['programs that run as root', 'run as root'],
    ['show bpf programs being loaded', 'show bpf programs being loaded'],
  ])('without the request: %j', (text, expected) => {
    expect(withoutRequest(text)).toBe(expected);
  });

  it.each([
    [['connect', 'connects', 'connected', 'connecting', 'connection', 'connections'], 'connect'],
    [['allocate', 'allocates', 'allocated', 'allocating', 'allocation'], 'allocat'],
    [['retry', 'retries'], 'retry'],
    [['drop', 'dropped', 'dropping', 'drops'], 'drop'],
    [['kill', 'killed', 'killing', 'kills'], 'kill'],
    [['process', 'processes'], 'process'],
    [['latency', 'latencies'], 'latency'],
    [['write', 'writes', 'writing'], 'writ'],
    [['fire', 'fires', 'fired', 'firing'], 'fir'],
    [['wake', 'wakes', 'waking'], 'wak'],
  ])('of one kind: %j', (forms, expected) => {
    expect(forms.map(stem)).toEqual(forms.map(() => expected));
  });

  it.each(['string', 'ring', 'address', 'status', 'bus', 'red', 'need', 'io', 'this'])('%s keeps its end', (word) => {
    expect(stem(word)).toBe(word);
  });

  it('are read from the beginning of a huge text only', () => {
    expect(wordsOf('open '.repeat(300_000)).length).toBeLessThanOrEqual(600);
  });
});

it('the bus of cars is no verb', () => {
  const telling = (text: string) => wordsOf(text).filter(({ stop }) => !stop).map(({ raw }) => raw);
  expect(telling('frames on the CAN bus')).toEqual(['frames', 'socketcan', 'bus']);
  expect(telling('can frames be lost')).toEqual(['socketcan', 'frames', 'lost']);
  expect(telling('can i see the bus')).toEqual(['bus']);
});
