import { parseVersion } from '../base/version.ts';
import { buildIds } from './elf/notes.ts';
import { KERNEL_FLAGS, KGENT_BIN } from './facts-script.ts';
import type { Facts, KernelLimits, Tool, ToolVersion } from './facts.ts';

/** Lines of `key=value`; a key may come more than once. */
export class Printed {
  readonly #values = new Map<string, string[]>();

  constructor(output: string) {
    for (const line of output.split('\n')) {
      const at = line.indexOf('=');
      if (at <= 0) continue;
      const values = this.#values.get(line.slice(0, at)) ?? [];
      this.#values.set(line.slice(0, at), values);
      values.push(line.slice(at + 1).trim());
    }
  }

  /** The last value; empty when there is none. */
  get(key: string): string {
    return this.all(key).at(-1) ?? '';
  }

  all(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  number(key: string): number | undefined {
    return /^-?\d+$/.test(this.get(key)) ? Number(this.get(key)) : undefined;
  }

  /** Bytes printed as hexadecimal words. */
  bytes(key: string): Uint8Array {
    return Buffer.from(this.get(key).replaceAll(' ', ''), 'hex');
  }
}

export function decodeKernelId(printed: Printed, release: string, arch: string): { readonly buildId: string; readonly kernelId: string } {
  const [, sum] = /^sum (\d+ \d+)/.exec(printed.get('notes')) ?? [];
  if (sum !== undefined) return { buildId: '', kernelId: `${release}-${sum.replace(' ', '-')}` };
  const buildId = buildIds(printed.bytes('notes'), isLittleEndian(arch))[0] ?? '';
  return { buildId, kernelId: buildId };
}

/** `none [integrity] confidentiality`: what is in force stands in brackets. */
export function decodeLockdown(text: string, config: Facts['config']): Facts['lockdown'] {
  const [, mode] = /\[(none|integrity|confidentiality)\]/.exec(text) ?? [];
  return (mode as Facts['lockdown'] | undefined) ?? (config.CONFIG_SECURITY_LOCKDOWN_LSM === 'n' ? 'none' : 'unknown');
}

export function decodeConfig(printed: Printed): Facts['config'] {
  const flags = KERNEL_FLAGS.map((flag) => `CONFIG_${flag}` as const);
  if (flags.every((flag) => printed.get(flag) === '')) return {};
  return Object.fromEntries(flags.map((flag) => [flag, printed.get(flag) || 'n']));
}

export function decodeLimits(printed: Printed): KernelLimits {
  const limits = { unprivilegedBpfDisabled: printed.number('unprivileged-bpf-disabled'), perfEventParanoid: printed.number('perf-event-paranoid'), kptrRestrict: printed.number('kptr-restrict') };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

export function decodeModules(printed: Printed, arch: string): Facts['modules'] {
  const names = [...printed.get('noted').matchAll(/(\S+?)\/notes\/\S+/g)].map(([, name = '']) => name);
  const ids = buildIds(printed.bytes('module-notes'), isLittleEndian(arch));
  // One that was unloaded while they were read shifts all the others.
  const idOf = new Map(names.length === ids.length ? names.map((name, i) => [name, ids[i]]) : []);
  return Object.fromEntries(
    printed.all('module').map((line) => {
      const [name = '', size = ''] = line.split(' ');
      return [name, idOf.get(name) ?? size];
    }),
  );
}

type Tools = Facts['tools'];

/** Each tool's file with its stamp, followed by what it printed of itself when it was asked. */
export function decodeTools(output: string, before: Tools): Tools {
  const asked = new Map([...output.matchAll(/^stamp=((\S+) (.+))\n((?:version=.*\n)*)/gm)].map(([, stamp = '', , path = '', lines = '']) => [path, { stamp, lines: lines.split('\n').map((line) => line.slice('version='.length)) }]));
  const tools: Partial<Record<Tool, ToolVersion>> = {};
  for (const [, name, found = '', path = ''] of output.matchAll(/^tool\.(bpftrace|clang|bpftool|perl)=(\S+) (.+)$/gm)) {
    // Not on anybody's PATH, and root's home is another one.
    const command = path.includes(`/${KGENT_BIN}/`) ? path : found;
    const { stamp, lines } = asked.get(path) ?? { stamp: undefined, lines: [] };
    const known = Object.values(before).find((tool) => stamp !== undefined && tool.stamp === stamp);
    const text = lines.find((line) => /\d/.test(line));
    tools[name as Tool] = text === undefined && known ? { ...known, command } : { command, text: text ?? '', version: parseVersion(text ?? '') ?? [], ...(stamp === undefined ? {} : { stamp }) };
    if (name === 'bpftool') Object.assign(tools, decodeLibbpf(lines, known && before.libbpf));
  }
  return tools.libbpf ? tools : { ...tools, ...sharedLibbpf(output) };
}

/** `using libbpf v1.5`: bpftool carries its own. */
function decodeLibbpf(lines: readonly string[], known: ToolVersion | undefined): Tools {
  const text = lines.find((line) => line.includes('using libbpf'));
  const version = text === undefined ? undefined : parseVersion(text);
  if (text !== undefined && version) return { libbpf: { command: 'bpftool', text, version } };
  return known ? { libbpf: known } : {};
}

/** The library that is installed: `/usr/lib/x86_64-linux-gnu/libbpf.so.1.5.0`. */
function sharedLibbpf(output: string): Tools {
  const [, link = '', file = ''] = /^libbpf=(\S+) (\S*)$/m.exec(output) ?? [];
  if (link === '') return {};
  const command = (file || link).replace(/^.*\//, '');
  return { libbpf: { command, text: command, version: parseVersion(command.replace(/^\D*/, '')) ?? [] } };
}

/** Whether the machine writes the low byte first. */
function isLittleEndian(arch: string): boolean {
  return !/^(?:s390|ppc$|ppc64$|mips$|mips64$|sparc|parisc)/.test(arch);
}
