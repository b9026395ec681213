#!/usr/bin/env node
// vmlinux.mjs VMLINUZ OUT: unpacks a compressed kernel. Under emulation the guest would need many
// seconds to unpack itself; QEMU starts the ELF file directly.
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
const image = readFileSync(from);

// Header fields of the x86 boot protocol (Documentation/arch/x86/boot.rst): setup_sects,
// payload_offset (from the end of the setup), payload_length. The last 4 bytes are the unpacked size.
const setup = ((image[0x1f1] || 4) + 1) * 512;
const start = setup + image.readUInt32LE(0x248);
const payload = image.subarray(start, start + image.readUInt32LE(0x24c) - 4);

const unpackers = { fd377a58: ['xz', '-dc'], '28b52ffd': ['zstd', '-qdc'], '02214c18': ['lz4', '-qdc'] };
const magic = payload.subarray(0, 4).toString('hex');
if (magic.startsWith('1f8b')) {
  writeFileSync(to, gunzipSync(payload));
} else if (magic in unpackers) {
  const [program, flag] = unpackers[/** @type {keyof typeof unpackers} */ (magic)];
  const { status } = spawnSync(program, [flag], { input: payload, stdio: ['pipe', openSync(to, 'w'), 'inherit'] });
  process.exitCode = status ?? 1;
} else {
  console.error(`The kernel is packed in a way we do not know (${magic}).`);
  process.exitCode = 1;
}
