import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must } from './process.mjs';

/**
 * What is needed from outside npm. `present` is a program or a file, `package` Debian's name.
 * @typedef {{package: string, present: string, purpose: string}} Need
 */

/** The lists by purpose. @satisfies {Record<string, Need[]>} */
export const needs = {
  product: [
    { package: 'bpftrace', present: 'bpftrace', purpose: 'to check and run bpftrace programs on this machine' },
    { package: 'bpftool', present: 'bpftool', purpose: 'to load BPF C programs on this machine' },
    { package: 'clang', present: 'clang', purpose: 'to compile BPF C programs' },
    { package: 'libbpf-dev', present: '/usr/include/bpf/bpf_helpers.h', purpose: 'to compile BPF C programs (bpf_helpers.h)' },
  ],
  editor: [
    { package: 'ripgrep', present: 'rg', purpose: 'to search in the editor' },
    { package: 'python3', present: 'python3', purpose: 'to compile native modules' },
    { package: 'make', present: 'make', purpose: 'to compile native modules' },
    { package: 'g++', present: 'g++', purpose: 'to compile native modules' },
  ],
  tests: [
    { package: 'chromium', present: 'chromium', purpose: 'to drive the editor' },
    { package: 'openssh-client', present: 'ssh', purpose: 'to reach the virtual machine' },
    { package: 'openssh-server', present: 'sshd', purpose: 'to test against SSH servers of every temper' },
    { package: 'qemu-system-x86', present: 'qemu-system-x86_64', purpose: 'to run the virtual machine' },
    { package: 'mmdebstrap', present: 'mmdebstrap', purpose: 'to fill the virtual machine' },
    { package: 'e2fsprogs', present: 'mke2fs', purpose: "to make the virtual machine's disk" },
    { package: 'kmod', present: 'depmod', purpose: "to index the virtual machine's kernel modules" },
    { package: 'zstd', present: 'zstd', purpose: "to unpack the virtual machine's kernel" },
    { package: 'lz4', present: 'lz4', purpose: "to unpack the virtual machine's kernel" },
    { package: 'xz-utils', present: 'xz', purpose: "to unpack the virtual machine's kernel" },
    { package: 'iproute2', present: 'ip', purpose: 'to make network devices in tests' },
    { package: 'procps', present: 'pgrep', purpose: 'to look for left-over processes in tests' },
    { package: 'openssl', present: 'openssl', purpose: 'to make the connections that examples watch' },
    { package: 'fish', present: 'fish', purpose: 'to test it as a login shell' },
    { package: 'clang-14', present: 'clang-14', purpose: 'to make the grammar as WebAssembly' },
    { package: 'lld-14', present: 'wasm-ld-14', purpose: 'to make the grammar as WebAssembly' },
    { package: 'wasi-libc', present: '/usr/include/wasm32-wasi', purpose: 'to make the grammar as WebAssembly' },
    { package: 'busybox', present: 'busybox', purpose: 'to test it as a login shell' },
    { package: 'tcsh', present: 'tcsh', purpose: 'to test it as a login shell' },
    { package: 'sudo', present: 'sudo', purpose: 'to test becoming root' },
    { package: 'opendoas', present: 'doas', purpose: 'to test becoming root' },
  ],
};

/** Folders with programs that a non-root PATH often lacks. */
const SYSTEM = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where a program lies, or undefined. */
export function which(/** @type {string} */ name) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const isPresent = (/** @type {Need} */ need) => (need.present.startsWith('/') ? existsSync(need.present) : which(need.present) !== undefined);

export const isRoot = () => process.getuid?.() === 0;

/** True where we may install Debian's packages ourselves. */
export const canInstall = () => isRoot() && existsSync('/etc/debian_version') && which('apt-get') !== undefined;

/** Installs packages; refreshes the lists of packages only when the installation fails without that. */
export async function install(/** @type {string[]} */ packages) {
  const args = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'install', ...packages];
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, limitSeconds: 900 };
  try {
    await must('apt-get', args, options);
  } catch {
    await must('apt-get', ['-qq', 'update'], options);
    await must('apt-get', args, options);
  }
}

/** True when a file system of this type is mounted at `path`. */
export function isMounted(/** @type {string} */ type, /** @type {string} */ path) {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[1] === path && line.split(' ')[2] === type);
}
