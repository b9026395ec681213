import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { must } from '../lib/process.mjs';
import { packInitramfs } from './initramfs.mjs';

/** Emulated, with 700 modules, it takes some 5 minutes on a busy machine. */
const LIMIT_SECONDS = 1800;
/** Room for the tar that the guest writes. */
const DISK_BYTES = 1 << 30;

/**
 * Boots a full kernel with nothing but its modules, has it load those named, and unpacks what it tells of itself (see
 * guest-init.sh) into `DIR/told`.
 * @param {string} dir As fetch.sh made it.
 * @param {readonly string[]} paths Modules by path, each behind what it needs.
 */
export async function askKernel(dir, paths) {
  const file = (/** @type {string} */ name) => join(dir, name);
  writeFileSync(file('initramfs'), packInitramfs([
    { path: 'init', bytes: readFileSync(inRoot('scripts/kernel-data/guest-init.sh')), mode: 0o755 },
    { path: 'bin/busybox', bytes: readFileSync(file('busybox')), mode: 0o755 },
    { path: 'modules', bytes: Buffer.from(paths.map((path) => `/${path}\n`).join('')) },
    ...['proc', 'sys', 'dev', 'tmp'].map((path) => ({ path })),
    ...paths.map((path) => ({ path, bytes: readFileSync(join(dir, 'modules', path)) })),
  ]));
  writeFileSync(file('disk'), '');
  truncateSync(file('disk'), DISK_BYTES);
  await must('qemu-system-x86_64', qemuArguments(file), { limitSeconds: LIMIT_SECONDS });
  if (!readFileSync(file('console.log'), 'latin1').includes('KERNEL-TOLD')) throw new Error(`The kernel did not tell what it has: see ${file('console.log')}`);
  rmSync(file('told'), { recursive: true, force: true });
  mkdirSync(file('told'));
  await must('tar', ['-xf', file('disk'), '-C', file('told')]);
  for (const name of ['disk', 'initramfs']) rmSync(file(name));
  return file('told');
}

/** The kernel's own code may touch no device that is not there: no USB, no graphics, one disk, no network. @returns {string[]} */
function qemuArguments(/** @type {(name: string) => string} */ file) {
  return [
    ...['-M', 'pc,usb=off', '-nodefaults', '-display', 'none', '-smp', '2', '-m', '4096'],
    ...['-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', 'max,la57=off'],
    ...['-kernel', file('vmlinux'), '-initrd', file('initramfs')],
    ...['-append', 'console=ttyS0 loglevel=4 mitigations=off nokaslr no_timer_check tsc=reliable random.trust_cpu=on panic=-1 rdinit=/init nowatchdog'],
    ...['-drive', `if=none,id=d0,file=${file('disk')},format=raw,cache=unsafe`, '-device', 'virtio-blk-pci,drive=d0'],
    ...['-serial', `file:${file('console.log')}`, '-monitor', 'none', '-no-reboot'],
  ];
}
