import type { Facts } from '../../src/kernel/facts.ts';

/** Facts of a Debian 13 machine, as a root user gets them. */
export const knownFacts: Facts = {
  release: '6.12.117+deb13-cloud-amd64',
  arch: 'x86_64',
  distribution: 'Debian GNU/Linux 13 (trixie)',
  distributionId: 'debian',
  distributionLike: [],
  buildId: 'c0ffee',
  kernelId: 'c0ffee',
  lockdown: 'none',
  config: {},
  limits: {},
  modules: {},
  user: 'root',
  root: 'is-root',
  btf: true,
  kprobes: true,
  tracefs: true,
  bpffs: true,
  debugfs: true,
  tools: { bpftrace: { command: 'bpftrace', text: 'bpftrace v0.23.2', version: [0, 23, 2] } },
};
