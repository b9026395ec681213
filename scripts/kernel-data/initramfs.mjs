/**
 * A cpio archive in the form the kernel unpacks at boot ("newc": Documentation/driver-api/early-userspace/buffer-format.rst).
 * Folders come before what is in them.
 * @param {readonly {path: string, bytes?: Uint8Array, mode?: number}[]} entries Without bytes: a folder.
 */
export function packInitramfs(entries) {
  const folders = new Set(entries.flatMap(({ path }) => path.split('/').slice(0, -1).map((_, index, parts) => parts.slice(0, index + 1).join('/'))));
  const all = [...[...folders].map((path) => ({ path })), ...entries, { path: 'TRAILER!!!', bytes: new Uint8Array(), mode: 0 }];
  return Buffer.concat(all.flatMap((entry, index) => pack(entry, index + 1)));
}

/** @returns {Uint8Array[]} */
function pack(/** @type {{path: string, bytes?: Uint8Array, mode?: number}} */ { path, bytes, mode }, /** @type {number} */ inode) {
  const kind = bytes ? (mode === 0 ? 0 : 0o100000 | (mode ?? 0o644)) : 0o040755;
  const size = bytes?.length ?? 0;
  const fields = [inode, kind, 0, 0, 1, 0, size, 0, 0, 0, 0, path.length + 1, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${path}\0`, 'latin1');
  return [header, padding(header.length), ...(bytes ? [bytes, padding(size)] : [])];
}

const padding = (/** @type {number} */ length) => Buffer.alloc((4 - (length % 4)) % 4);
