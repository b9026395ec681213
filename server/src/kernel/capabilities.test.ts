import { describe, expect, it } from 'vitest';
import { knownFacts } from '../../test/support/facts.ts';
import { capabilities, missingCapabilities, type Capability } from './capabilities.ts';
import type { Facts } from './facts.ts';
import type { Inventory } from './inventory.ts';

const tool = (text: string, version: number[]) => ({ command: 'x', text, version });
/** A machine that lacks nothing. */
const whole: Facts = {
  ...knownFacts,
  tools: { ...knownFacts.tools, perl: tool('perl 5.40', [5, 40]), bpftool: tool('bpftool v7.5.0', [7, 5, 0]), clang: tool('clang 19', [19]) },
};

function missing(change: Partial<Facts>, inventory?: Inventory): readonly Capability[] {
  return missingCapabilities({ ...whole, ...change }, inventory);
}

/** An inventory that was read and holds so many functions for fentry. */
const withFentry = (count: number, source: Inventory['source'] = 'target'): Inventory =>
  ({ source, probes: { knows: () => true, countMatches: () => count } }) as unknown as Inventory;

describe('capabilities', () => {
  it('of a machine that lacks nothing are all there, and say what there is', () => {
    expect(missing({})).toEqual([]);
    expect(capabilities(whole).find(({ name }) => name === 'bpftrace')).toMatchObject({ available: true, reason: 'bpftrace v0.23.2' });
  });

  it.each<[string, Partial<Facts>, Partial<Capability>]>([
    ['bpf', { config: { CONFIG_BPF_SYSCALL: 'n' } }, { title: 'No eBPF', reason: 'CONFIG_BPF_SYSCALL is off in this kernel' }],
    ['kprobes', { kprobes: false, config: { CONFIG_KPROBES: 'n' } }, { title: 'No kprobes', reason: 'CONFIG_KPROBES is off in this kernel' }],
    ['kprobes', { kprobes: false }, { reason: 'this kernel has no perf event source of that name' }],
    ['uprobes', { config: { CONFIG_UPROBE_EVENTS: 'n' } }, { title: 'No uprobes' }],
    ['tracefs', { tracefs: false }, { title: 'tracefs is not mounted', remedy: { text: 'Mount it.', command: 'mount -t tracefs tracefs /sys/kernel/tracing' } }],
    ['bpffs', { bpffs: false, root: 'sudo' }, { remedy: { text: 'Mount it.', command: 'sudo mount -t bpf bpf /sys/fs/bpf' } }],
    ['lockdown', { lockdown: 'confidentiality' }, { title: 'Kernel is locked down' }],
    ['bpftrace-version', { tools: { ...whole.tools, bpftrace: tool('bpftrace v0.14.0', [0, 14, 0]) } }, { title: 'bpftrace is too old', reason: '0.14.0 is not known here, 0.17 and newer are' }],
    ['perl', { tools: { ...whole.tools, perl: undefined } as unknown as Facts['tools'] }, { remedy: { text: 'Install it.', command: 'apt install perl' } }],
    ['bpftool', { tools: { ...whole.tools, bpftool: tool('bpftool v7.1.0', [7, 1, 0]) } }, { title: 'bpftool is too old', reason: '7.1.0 cannot attach BPF C, 7.2 and newer can' }],
  ])('%s that is missing: why, and what to do', (name, change, wanted) => {
    expect(missing(change)).toEqual([expect.objectContaining({ name, available: false, ...wanted })]);
  });

  it('without which nothing runs block; others do not', () => {
    const tools = { ...whole.tools, bpftrace: undefined } as unknown as Facts['tools'];
    expect(missing({ root: 'none', lockdown: 'confidentiality', kprobes: false, bpffs: false, tools }).map(({ name, blocks }) => [name, blocks])).toEqual([['root', true], ['lockdown', true], ['bpftrace', true], ['kprobes', undefined], ['bpffs', undefined]]);
  });

  it('integrity as lockdown hinders nothing that is needed', () => {
    expect(missing({ lockdown: 'integrity' })).toEqual([]);
  });

  it('BTF takes fentry with it, which is not told twice', () => {
    expect(missing({ btf: false }).map(({ name }) => name)).toEqual(['btf']);
    expect(missing({ btf: false, config: { CONFIG_DEBUG_INFO_BTF: 'n' } })[0]?.reason).toContain('CONFIG_DEBUG_INFO_BTF is off');
  });

  it('nothing is said of kinds of probes where no program can trace', () => {
    expect(missing({ kprobes: false, config: { CONFIG_BPF_EVENTS: 'n', CONFIG_UPROBE_EVENTS: 'n' } }).map(({ title }) => title)).toEqual(['No tracing with eBPF']);
  });

  it('fentry is missing where the kernel that was read has no function for it', () => {
    expect(missing({}, withFentry(0))).toMatchObject([{ name: 'fentry', remedy: { text: 'Use kprobes.' } }]);
    expect(missing({}, withFentry(1000))).toEqual([]);
    // What stands in for want of the machine's own says nothing of that machine.
    expect(missing({}, withFentry(0, 'bundled'))).toEqual([]);
  });

  it('clang is needed only where programs are compiled', () => {
    const tools = { ...whole.tools, clang: undefined } as unknown as Facts['tools'];
    expect(missing({ tools })).toEqual([]);
    expect(missingCapabilities({ ...whole, tools }, undefined, { compiles: true })).toMatchObject([{ name: 'clang' }]);
  });

  it('a user who cannot become root is told the line for sudo; a strange name never gets into a command', () => {
    expect(missing({ root: 'none', user: 'dev' })[0]).toMatchObject({ title: 'No root', remedy: { command: "echo 'dev ALL=(root) NOPASSWD: ALL' | sudo tee /etc/sudoers.d/kgent" } });
    expect(missing({ root: 'none', user: "x'; reboot; '" })[0]?.remedy?.command).toBeUndefined();
  });
});

describe('bpftrace is installed by', () => {
  const bare: Facts = { ...whole, root: 'sudo', tools: { ...whole.tools, bpftrace: undefined } as unknown as Facts['tools'] };
  const command = (distributionId: string, distributionLike: string[] = []): string | undefined => missingCapabilities({ ...bare, distributionId, distributionLike })[0]?.remedy?.command;

  it.each([
    ['sudo apt install bpftrace', 'debian', []],
    ['sudo apt install bpftrace', 'linuxmint', ['ubuntu', 'debian']],
    ['sudo dnf install bpftrace', 'fedora', []],
    ['sudo dnf install bpftrace', 'almalinux', ['rhel', 'centos', 'fedora']],
    ['sudo dnf install bpftrace', 'rocky', ['rhel', 'centos', 'fedora']],
    ['sudo dnf install bpftrace', 'amzn', ['fedora']],
    ['sudo pacman -S bpftrace', 'manjaro', ['arch']],
    ['sudo apk add bpftrace', 'alpine', []],
    ['sudo zypper install bpftrace', 'opensuse-leap', ['suse', 'opensuse']],
  ])('%s on %s', (wanted, id, like) => {
    expect(command(id, like)).toBe(wanted);
  });

  it('nothing that is known where there is no package manager; then a copy is what remains', () => {
    expect(command('flatcar', ['coreos'])).toBeUndefined();
    expect(missingCapabilities({ ...bare, distributionId: 'flatcar' })[0]?.remedy?.text).toContain('copy a static one');
  });

  it("Ubuntu's bpftool comes with the tools of the running kernel, Arch's in a package of another name", () => {
    const tools = { ...whole.tools, bpftool: undefined } as unknown as Facts['tools'];
    const of = (distributionId: string): string | undefined => missing({ tools, distributionId })[0]?.remedy?.command;
    expect(of('ubuntu')).toBe('apt install bpftool linux-tools-$(uname -r)');
    expect(of('arch')).toBe('pacman -S bpf');
  });
});
