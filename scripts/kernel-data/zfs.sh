#!/usr/bin/env bash
# zfs.sh DIR: builds Debian 13's ZFS (contrib, not in the kernel's packages) for its kernel in a tree of its own, and leaves
# spl.ko and zfs.ko in DIR/zfs/built, with their types in spl.btf and zfs.btf. Half an hour on a busy machine; `zfs.mjs` writes the
# prototypes from it.
set -euo pipefail
dir=$1/zfs
root=$dir/root
release=$(cat "$1/trixie/release")

if ! [ -d "$root/usr/src" ]; then
  mkdir -p "$dir"
  mmdebstrap --mode=root --variant=apt --components='main contrib' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --include="linux-headers-$release,gcc,make,pahole,libc6-dev,libelf-dev,autoconf,automake,libtool,file,gawk" \
    --customize-hook='chroot "$1" sh -c "cd /tmp && apt-get download zfs-dkms && dpkg -x zfs-dkms*.deb /"' trixie "$root"
fi
headers=/usr/src/linux-headers-$release
chroot "$root" sh -euc "
  cd /usr/src/zfs-[0-9]*
  [ -f configure ] || ./autogen.sh
  [ -f Makefile ] || ./configure --with-config=kernel --with-linux=${headers%-amd64}-common --with-linux-obj=$headers KERNEL_CC=gcc-14
  make -j\$(nproc)
  for module in spl zfs; do pahole --btf_encode_detached=/tmp/\$module.btf module/\$module.ko; done
" >&2
mkdir -p "$dir/built"
cp "$root"/usr/src/zfs-[0-9]*/module/{spl,zfs}.ko "$root"/tmp/{spl,zfs}.btf "$dir/built"
