import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inRoot, cache } from '../lib/paths.mjs';
import { end, isAlive, must, run } from '../lib/process.mjs';

/**
 * A running virtual machine: an SSH host on a loopback port.
 * @typedef {{name: string, pid: number, host: string, port: number, key: string, knownHosts: string, kernel: string, accel: 'kvm' | 'tcg'}} Vm
 */

export const vmDir = () => process.env['VM_DIR'] || join(cache, 'vm');
const imageDir = (/** @type {string} */ suite) => join(vmDir(), `build-${suite}`);
const runDir = (/** @type {string} */ name) => join(vmDir(), 'run', name);
const text = (/** @type {string} */ file) => readFileSync(file, 'utf8').trim();

/** Makes the image, when there is none of the present recipe. */
export function buildImage(suite = 'trixie') {
  return must(inRoot('scripts/vm/build.sh'), [vmDir(), suite], { limitSeconds: 900 });
}

/**
 * Boots the image of a suite. The image is only read (`snapshot=on`), so any number of machines may
 * run on it; `name` tells them apart.
 * @param {{suite?: string, name?: string}} [options]
 * @returns {Promise<Vm>}
 */
export async function boot({ suite = 'trixie', name = suite } = {}) {
  const dir = runDir(name);
  if (pidOf(name) !== undefined) return describe(suite, name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  if (hasKvm() && (await start(suite, name, 'kvm'))) return describe(suite, name);
  // Another process may take the free port between our looking and QEMU's binding.
  for (let attempt = 0; attempt < 3; attempt++) if (await start(suite, name, 'tcg')) return describe(suite, name);
  throw new Error(`The virtual machine did not come up. Its console:\n${existsSync(join(dir, 'console.log')) ? text(join(dir, 'console.log')) : '(nothing)'}`);
}

/** Ends a machine by its recorded pid. True when it ran. */
export async function stop(/** @type {string} */ name) {
  const pid = pidOf(name);
  if (pid !== undefined) await end(pid);
  rmSync(runDir(name), { recursive: true, force: true });
  return pid !== undefined;
}

export const names = () => (existsSync(join(vmDir(), 'run')) ? readdirSync(join(vmDir(), 'run')) : []);

/** A test run names its machine after its own pid; this ends those whose run was killed. */
export async function stopOrphans() {
  for (const name of names()) {
    const owner = /^test-(\d+)$/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) await stop(name);
  }
}

/** The pid of a machine that runs; a recycled pid is not mistaken for it. */
function pidOf(/** @type {string} */ name) {
  const file = join(runDir(name), 'pid');
  try {
    const pid = Number(text(file));
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {Vm} */
function describe(/** @type {string} */ suite, /** @type {string} */ name) {
  const file = (/** @type {string} */ part) => join(runDir(name), part);
  return {
    name,
    pid: Number(text(file('pid'))),
    host: '127.0.0.1',
    port: Number(text(file('port'))),
    key: join(vmDir(), 'id_ed25519'),
    knownHosts: file('known_hosts'),
    kernel: text(join(imageDir(suite), 'kver')),
    accel: existsSync(file('accel')) && text(file('accel')) === 'kvm' ? 'kvm' : 'tcg',
  };
}

/** `/dev/kvm` alone is not enough: without svm or vmx it may be a software KVM that boots no stock kernel. */
function hasKvm() {
  try {
    accessSync('/dev/kvm', constants.W_OK);
    return /\b(svm|vmx)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

/** True when SSH answers. Otherwise nothing of it is left running. */
async function start(/** @type {string} */ suite, /** @type {string} */ name, /** @type {'kvm' | 'tcg'} */ accel) {
  const dir = runDir(name);
  const port = await freePort();
  for (const file of ['pid', 'console.log']) rmSync(join(dir, file), { force: true });
  const { status } = spawnSync('qemu-system-x86_64', qemuArguments(imageDir(suite), dir, port, accel), { stdio: ['ignore', 2, 2], timeout: 60_000 });
  if (status !== 0) return false;
  writeFileSync(join(dir, 'port'), String(port));
  writeFileSync(join(dir, 'accel'), accel);
  const [type, key] = text(join(imageDir(suite), 'hostkey.pub')).split(' ');
  writeFileSync(join(dir, 'known_hosts'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  if (await answers(describe(suite, name), accel === 'kvm' ? 30 : 180)) return true;
  const pid = pidOf(name);
  if (pid !== undefined) await end(pid);
  return false;
}

/** @returns {string[]} */
function qemuArguments(/** @type {string} */ image, /** @type {string} */ dir, /** @type {number} */ port, /** @type {'kvm' | 'tcg'} */ accel) {
  const kernel = 'root=/dev/nvme0n1 rootfstype=ext4 rw init=/vm-init console=ttyS0 quiet loglevel=4 mitigations=off nokaslr no_timer_check tsc=reliable random.trust_cpu=on panic=-1';
  return [
    ...['-M', 'pc,usb=off', '-nodefaults', '-display', 'none', '-smp', '2', '-m', '1024'],
    ...(accel === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max,la57=off']),
    ...['-kernel', join(image, 'vmlinux'), '-append', kernel],
    ...['-drive', `if=none,id=d0,file=${join(image, 'root.ext4')},format=raw,snapshot=on,cache=unsafe`, '-device', 'nvme,drive=d0,serial=vmroot'],
    // restrict: the guest reaches nothing outside; only its SSH port is forwarded.
    ...['-netdev', `user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`, '-device', 'virtio-net-pci,netdev=n0,romfile='],
    ...['-serial', `file:${join(dir, 'console.log')}`, '-monitor', 'none', '-no-reboot', '-pidfile', join(dir, 'pid'), '-daemonize'],
  ];
}

/** Waits until the guest says that it is ready and SSH lets us in. */
async function answers(/** @type {Vm} */ vm, /** @type {number} */ limitSeconds) {
  const end = Date.now() + limitSeconds * 1000;
  const console = join(runDir(vm.name), 'console.log');
  while (Date.now() < end && isAlive(vm.pid)) {
    if (text(console).includes('VM-READY') && (await run('ssh', [...sshArguments(vm), 'true'], { output: 'keep', limitSeconds: 30 })).code === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** @returns {string[]} */
export function sshArguments(/** @type {Vm} */ vm, user = 'root') {
  const options = ['BatchMode=yes', 'ConnectTimeout=20', `UserKnownHostsFile=${vm.knownHosts}`];
  return ['-F', 'none', '-p', String(vm.port), '-i', vm.key, ...options.flatMap((option) => ['-o', option]), `${user}@${vm.host}`];
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
