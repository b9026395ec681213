// inventory.mjs: reads the kernel of the Debian 13 virtual machine, with modules that programs trace loaded, into
// knowledge/kernels. `npx tsx scripts/inventory.mjs` runs it, because it calls the server's own code.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { silentLog } from '../server/src/base/log.ts';
import { encodeRecord } from '../server/src/kernel/record.ts';
import { BUNDLED_KERNEL } from '../server/src/target/bundled-kernel.ts';
import { fetchRecord } from '../server/src/target/inventory.ts';
import { askNobody } from '../server/src/target/target.ts';
import { Targets } from '../server/src/target/targets.ts';
import { say, seconds } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';
import { boot, buildImage, stop } from './vm/vm.mjs';

/** File systems, virtual machines, firewalls, tunnels, block and network devices of clouds. */
const MODULES = [
  ...['xfs', 'btrfs', 'overlay', 'fuse', 'nfs', 'nfsv4', 'nfsd', 'cifs', 'ceph', 'squashfs', 'erofs', 'autofs4'],
  ...['kvm', 'kvm-amd', 'vfio', 'vhost_net', 'vhost_vsock', 'binfmt_misc'],
  ...['nf_conntrack', 'nf_tables', 'nft_ct', 'ip_tables', 'xt_conntrack', 'bridge', 'br_netfilter', 'openvswitch', 'vxlan', 'wireguard', 'veth', 'tun'],
  ...['ipvlan', 'macvlan', 'bonding', 'ipip', 'gre', 'tls', 'tcp_bbr', 'sch_fq', 'sch_fq_codel', 'cls_bpf', 'act_bpf'],
  ...['dm-mod', 'dm-crypt', 'md-mod', 'raid1', 'raid456', 'bcache', 'zram', 'loop', 'nbd', 'rbd', 'sd_mod', 'iscsi_tcp', 'nvme', 'nvme_tcp'],
  ...['virtio_blk', 'virtio_scsi', 'ena'],
];

const started = Date.now();
const name = 'inventory';
const home = mkdtempSync(join(tmpdir(), 'kgent-inventory-'));
const targets = new Targets({ home, env: { XDG_CONFIG_HOME: home }, ask: askNobody, log: silentLog });
try {
  await buildImage('trixie');
  const vm = await boot({ suite: 'trixie', name });
  await targets.add('vm', { destination: vm.host, port: vm.port, user: 'root', identity: vm.key, knownHosts: vm.knownHosts });
  const target = targets.get('vm');
  const loaded = await target.exec({ argv: ['sh', '-c', `for m in ${MODULES.join(' ')}; do modprobe $m || exit; done`], timeoutMs: 120_000 });
  if (loaded.kind !== 'ran' || loaded.exitCode !== 0) throw new Error(`The modules could not be loaded: ${JSON.stringify(loaded)}`);
  const known = await target.facts();
  if (known.kind !== 'known') throw new Error(`Nothing is known of the machine: ${JSON.stringify(known)}`);
  const read = await fetchRecord(target, { facts: known.facts, timeoutMs: 120_000 });
  if (read.kind !== 'known') throw new Error(`The kernel could not be read: ${JSON.stringify(read)}`);
  const file = encodeRecord(read.record);
  const packed = brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: file.length, [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS } });
  mkdirSync(inRoot('knowledge/kernels'), { recursive: true });
  writeFileSync(inRoot('knowledge/kernels', BUNDLED_KERNEL), packed);
  say('inventory', `${read.record.release} with ${read.record.moduleBtf.size} modules: ${packed.length} bytes of ${file.length} in ${seconds(started)}`);
} finally {
  await targets.dispose();
  await stop(name);
  rmSync(home, { recursive: true, force: true });
}
