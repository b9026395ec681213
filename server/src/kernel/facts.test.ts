import { describe, expect, it } from 'vitest';
import { decodeFacts, factsArguments } from './facts.ts';

/** Notes as `od` prints them: one of Xen's kind, then the build id c0ffee00. */
const NOTES = '04 00 00 00 02 00 00 00 06 00 00 00 58 65 6e 00 31 2e 00 00 04 00 00 00 04 00 00 00 03 00 00 00 47 4e 55 00 c0 ff ee 00';
const PRINTED = `release=6.12.0
arch=x86_64
system=Linux
distribution=Linux Mint 22
id=linuxmint
like=ubuntu debian
user=dev
uid=1000
sudo=yes
btf=yes
debugfs=yes
lockdown=none [integrity] confidentiality
unprivileged-bpf-disabled=2
perf-event-paranoid=-1
notes=${NOTES}
CONFIG_BPF_SYSCALL=y
CONFIG_NET_CLS_BPF=m
CONFIG_HZ=250
module=xfs 2412544
module=dkms 4096
tool.bpftrace=bpftrace /opt/my tools/bpftrace
tool.bpftool=bpftool /usr/sbin/bpftool
libbpf=/usr/lib/libbpf.so.1 /usr/lib/libbpf.so.1.4.0
stamp=10.20 /opt/my tools/bpftrace
version=bpftrace v0.23.2
stamp=30.40 /usr/sbin/bpftool
version=bpftool v7.5.0
version=using libbpf v1.5
`;
const facts = decodeFacts(PRINTED);

describe('facts', () => {
  it('of the kernel', () => {
    expect(facts).toMatchObject({ buildId: 'c0ffee00', kernelId: 'c0ffee00', lockdown: 'integrity', limits: { unprivilegedBpfDisabled: 2, perfEventParanoid: -1 }, debugfs: true, tracefs: false, root: 'sudo' });
    expect(facts?.config).toMatchObject({ CONFIG_BPF_SYSCALL: 'y', CONFIG_NET_CLS_BPF: 'm', CONFIG_HZ: '250', CONFIG_BPF_LSM: 'n' });
  });
  it.each([
    ['uid=0', 'is-root'],
    ['sudo=yes', 'sudo'],
    ['sudo=password', 'sudo-password'],
    ['doas=yes', 'doas'],
    ['', 'none'],
  ])('the way to root: %s', (line, root) => expect(decodeFacts(`release=6.1\nsystem=Linux\nuid=1000\n${line}\n`)?.root).toBe(root));
  it('of the distribution and the tools', () => {
    expect(facts).toMatchObject({ distribution: 'Linux Mint 22', distributionId: 'linuxmint', distributionLike: ['ubuntu', 'debian'] });
    expect(facts?.tools).toEqual({
      bpftrace: { command: 'bpftrace', text: 'bpftrace v0.23.2', version: [0, 23, 2], stamp: '10.20 /opt/my tools/bpftrace' },
      bpftool: { command: 'bpftool', text: 'bpftool v7.5.0', version: [7, 5, 0], stamp: '30.40 /usr/sbin/bpftool' },
      libbpf: { command: 'bpftool', text: 'using libbpf v1.5', version: [1, 5] },
    });
  });
  it('the shared libbpf where there is no bpftool', () => {
    expect(decodeFacts(PRINTED.replace(/^tool\.bpftool.*\n/m, ''))?.tools.libbpf).toEqual({ command: 'libbpf.so.1.4.0', text: 'libbpf.so.1.4.0', version: [1, 4, 0] });
  });
  it('modules by their build id, by their size when that cannot be told', () => {
    const ids = 'module-notes=04 00 00 00 02 00 00 00 03 00 00 00 47 4e 55 00 aa bb 00 00';
    expect(decodeFacts(`${PRINTED}noted=xfs/notes/.note.gnu.build-id\n${ids}\n`)?.modules).toEqual({ xfs: 'aabb', dkms: '4096' });
    expect(decodeFacts(`${PRINTED}noted=gone/notes/.note.gnu.build-id xfs/notes/.note.gnu.build-id\n${ids}\n`)?.modules).toEqual({ xfs: '2412544', dkms: '4096' });
  });
  it('what is as it was need not be told again', () => {
    const [stamps = '', kernel] = factsArguments(facts);
    expect([stamps, kernel]).toEqual(['10.20 /opt/my tools/bpftrace;30.40 /usr/sbin/bpftool;', 'c0 ff ee 00']);
    const short = PRINTED.replace(/^(?:version|CONFIG_).*\n/gm, '');
    expect(decodeFacts(short, facts)).toEqual(facts);
    const upgraded = decodeFacts(short.replace('stamp=10.20', 'stamp=11.21'), facts);
    expect([upgraded?.tools.bpftrace?.text, upgraded?.tools.bpftool?.text]).toEqual(['', 'bpftool v7.5.0']);
  });
  it('another kernel has another configuration', () => {
    expect(decodeFacts(PRINTED.replace('c0 ff ee 00', 'c0 ff ee 01').replace(/^CONFIG_.*\n/gm, ''), facts)?.config).toEqual({});
  });
  it('the sum of the types stands for a build id', () => {
    expect(decodeFacts(PRINTED.replace(NOTES, 'sum 123 456'))).toMatchObject({ buildId: '', kernelId: '6.12.0-123-456' });
    expect(decodeFacts(PRINTED.replace(NOTES, ''))).toMatchObject({ buildId: '', kernelId: '' });
  });
  it('lockdown where it was not built in, and where nothing is told', () => {
    const silent = PRINTED.replace(/^lockdown.*\n/m, '');
    expect([decodeFacts(silent)?.lockdown, decodeFacts(silent.replace(/^CONFIG_.*\n/gm, ''))?.lockdown]).toEqual(['none', 'unknown']);
  });
  it('no Linux', () => expect(decodeFacts('release=23.1\nsystem=Darwin\n')).toBeUndefined());
});
