#!/usr/bin/env node
// vmlinux.mjs VMLINUZ OUT: unpacks a compressed kernel. Under emulation the guest would need many
// seconds to unpack itself; QEMU starts the ELF file directly.
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [from = '', to = ''] = process.argv.slice(2);
const image = readFileSync(from);

// Header fields of the x86 boot protocol (Documentation/arch/x86/boot.rst): setup_sects,
// payload_offset (from the end of the setup), payload_length. The last 4 bytes are the unpacked size.
const setup = ((image[0x1f1] || 4) + 1) * 512;
const start = setup + image.readUInt32LE(0x248);
const payload = image.subarray(start, start + image.readUInt32LE(0x24c) - 4);

const unpackers = new Map([
  ['fd377a58', 'xz'],
  ['28b52ffd', 'zstd'],
  ['02214c18', 'lz4'],
]);
const magic = payload.subarray(0, 4).toString('hex');
const unpacker = unpackers.get(magic);
if (magic.startsWith('1f8b')) {
  writeFileSync(to, gunzipSync(payload));
} else if (unpacker) {
  const { status } = spawnSync(unpacker, ['-qdc'], { input: payload, stdio: ['pipe', openSync(to, 'w'), 'inherit'] });
  process.exitCode = status ?? 1;
} else {
  console.error(`The kernel is packed in a way we do not know (${magic}).`);
  process.exitCode = 1;
}
