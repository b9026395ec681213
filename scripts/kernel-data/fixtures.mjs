import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { declareField } from './tables.mjs';

/**
 * Functions of graphics and of single network and storage cards are left out: nobody describes them, and they are
 * half of all.
 */
const WITHOUT_FUNCTIONS = /^(amdgpu|i915|xe|radeon|nouveau|habanalabs|kvmgt|virtio_gpu|hfi1|qla2xxx|pm80xx|irdma|rdmavt|mlx\w*|mlxsw\w*|bnx\w*|bnxt\w*|qede?|iwl\w*|mt7\w*|wil6210|i40e|ice|iavf|ixgbe\w*|igb\w*|igc|fm10k|e100|tg3|mpt3sas|megaraid\w*|hpsa|smartpqi|lpfc|snd_\w+_\w+|bcachefs|ntfs3|jfs|reiserfs|ubifs|jffs2|orangefs|drbd|dm_vdo|thunderbolt|fjes|hns\w*|cxgb\w*|nilfs2|batman_adv|firewire\w*|surface\w*|tipc|ksmbd|kafs|iscsi_target_mod|rpcrdma|rds\w*|ib_\w+|rdma_\w+|snd_soc\w*|snd_sof\w*|ufshcd\w*|libnvdimm|hfs|hfsplus|zstd_compress|udf|ecryptfs|affs|befs|ocfs2\w*|coda|dccp\w*|appletalk|nfc\w*|mac802154|ieee802154\w*|arcnet|can\w*|greybus|comedi\w*)$/;

/** Modules whose structs people look into. */
const WITH_STRUCTS = /^(xfs|btrfs|ext4|jbd2|nfs|nfsv4|nfsd|lockd|sunrpc|cifs|overlay|fuse|ceph|libceph|f2fs|kvm|kvm_\w+|nf_\w+|nfnetlink\w*|x_tables|ip_vs|ip_set|bridge|openvswitch|tls|vxlan|wireguard|bonding|tun|veth|vhost\w*|virtio_\w+|dm_\w+|md_mod|raid\d+|nvme\w*|scsi_mod|sd_mod|libata|loop|nbd|zram|usbcore)$/;

export const hasStructs = (/** @type {string} */ module) => module === 'vmlinux' || WITH_STRUCTS.test(module);

/**
 * Three files a kernel: `functions.br` has a line `=MODULE` before the prototypes of each module's functions, sorted by
 * name; `tracepoints.br` a line `CATEGORY:EVENT MODULE`, then a line for each field: its size in bytes, and what
 * declares it. Kfuncs stand once more under `=kfuncs MODULE`: programs call them, and not all can be traced.
 * `structs.br` has a line `=TYPE` before the members of each.
 * @param {string} dir
 * @param {readonly import('./tables.mjs').Function_[]} functions
 * @param {readonly import('./tables.mjs').Function_[]} kfuncs
 * @param {readonly import('./tables.mjs').Tracepoint[]} tracepoints
 * @param {readonly import('./structs.mjs').Struct[]} structs
 */
export function writeFixtures(dir, functions, kfuncs, tracepoints, structs) {
  const lines = [...sections(functions.filter(({ module }) => !WITHOUT_FUNCTIONS.test(module)), '='), ...sections(kfuncs, '=kfuncs ')];
  write(join(dir, 'functions.br'), lines);
  const events = tracepoints.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  write(join(dir, 'tracepoints.br'), events.flatMap(({ id, module, fields }) => [`${id.slice('tracepoint:'.length)} ${module}`, ...fields.map((field) => `${field.size} ${declareField(field)}`)]));
  write(join(dir, 'structs.br'), structs.flatMap(({ type, members }) => [`=${type}`, ...members]));
}

/** Prototypes alone, for modules that are no part of the kernel. */
export function writeFunctions(/** @type {string} */ file, /** @type {readonly import('./tables.mjs').Function_[]} */ functions) {
  write(file, sections(functions, '='));
}

/** @param {readonly import('./tables.mjs').Function_[]} functions @param {string} head */
function sections(functions, head) {
  /** @type {Map<string, import('./tables.mjs').Function_[]>} */
  const modules = new Map(functions.map(({ module }) => [module, []]));
  for (const f of functions) modules.get(f.module)?.push(f);
  const byName = (/** @type {{name: string}} */ a, /** @type {{name: string}} */ b) => (a.name < b.name ? -1 : 1);
  return [...modules].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([module, own]) => [`${head}${module}`, ...own.sort(byName).map(({ proto }) => proto)]);
}

function write(/** @type {string} */ file, /** @type {readonly string[]} */ lines) {
  const text = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length, [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  writeFileSync(file, brotliCompressSync(text, { params }));
}
