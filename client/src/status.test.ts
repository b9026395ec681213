import { expect, it } from 'vitest';
import { statusOf } from './status.ts';

it('shows the target and its kernel', () => {
  expect(statusOf('running', { name: 'vm', kind: 'ssh', state: 'connected', summary: 'Linux 6.12', release: '6.12.0' })).toMatchObject({ text: '$(server) vm · 6.12.0', command: 'kgent.connect', warn: false });
});

it('turns while tools do something that takes a while, and says what', () => {
  const status = statusOf('running', { name: 'vm', kind: 'ssh', state: 'connected', summary: 'Linux 6.12', release: '6.12.0' }, 'load check of a.bpf.c');
  expect(status.text).toBe('$(sync~spin) vm · 6.12.0');
  expect(status.tooltip).toMatch(/^Now: load check of a\.bpf\.c\nPrograms are checked/);
});

it('says what is wrong and what to do', () => {
  const status = statusOf('running', { name: 'vm', kind: 'ssh', state: 'unusable', summary: 'bpftrace is not installed: apt-get install bpftrace' });
  expect(status).toMatchObject({ text: '$(warning) vm', warn: true });
  expect(status.tooltip).toContain('apt-get install bpftrace');
});

it('sends an untrusted user to the trust editor and a failed server to its restart', () => {
  expect(statusOf('untrusted', undefined).command).toBe('workbench.trust.manage');
  expect(statusOf('failed', undefined).command).toBe('kgent.restartServer');
});

it('does not turn a host name into an icon or an escape', () => {
  expect(statusOf('running', { name: '$(bug)\x1b', kind: 'ssh', state: 'connecting', summary: '' }).text).toBe('$(sync~spin) $ (bug)\\x1b');
});
