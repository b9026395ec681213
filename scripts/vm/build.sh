#!/usr/bin/env bash
# build.sh DIR SUITE: makes DIR/build-SUITE/{vmlinux,root.ext4,kver,hostkey.pub}, a small Debian that
# boots in seconds under QEMU, from Debian's packages (about 90 s). Does nothing when the image there
# was made by this very recipe. DIR also holds the key pair that its users accept.
set -euo pipefail
dir=$1 suite=$2
here=$(cd "$(dirname "$0")" && pwd)
image=$dir/build-$suite
work=$dir/build-$suite.new
root=$work/root
key=$dir/id_ed25519
packages=openssh-server,bpftrace,bpftool,kmod,iproute2,procps,netcat-openbsd,sudo,zstd

mkdir -p "$dir"
exec 9>"$dir/build-$suite.lock"
flock 9
[ -f "$key" ] || ssh-keygen -q -t ed25519 -N '' -C vm-test -f "$key"

recipe=$(cat "$here"/build.sh "$here"/guest-*.sh "$here/kernel-hook.sh" "$here/vmlinux.mjs" "$key.pub" | sha256sum | cut -c1-16)
[ "$(cat "$image/.ok" 2>/dev/null)" = "$recipe" ] && exit 0

fill_root() {
  # sid's frozen mirrors serve an expired list: accepted only when asked for; signatures are checked.
  # Of bullseye's security updates the mirrors still list packages that are gone; its last point release is whole.
  local stale=() from=()
  [ "$suite" = bullseye ] && from=('deb http://deb.debian.org/debian bullseye main')
  [ "${VM_ALLOW_STALE:-0}" = 1 ] && stale=(--aptopt='Acquire::Check-Valid-Until "false"')
  chmod +x "$here/kernel-hook.sh"
  mmdebstrap --mode=root --variant=minbase --include="$packages" ${stale[@]+"${stale[@]}"} \
    --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="$here/kernel-hook.sh" "$suite" "$root" ${from[@]+"${from[@]}"}
}

# Each suite keeps modules, kernel and configuration somewhere else.
add_kernel() {
  local unpacked=$work/kernel deb modules version
  for deb in "$root"/kernel-packages/*.deb; do dpkg -x "$deb" "$unpacked"; done
  rm -rf "$root/kernel-packages"
  modules=$(find "$unpacked" -mindepth 3 -maxdepth 4 -path '*lib/modules/*' -type d -prune | head -1)
  version=$(basename "$modules")
  echo "$version" >"$work/kver"
  # A link to /usr/lib/modules, but not in bullseye.
  mkdir -p "$root/boot" "$root/lib/modules"
  if [ -f "$modules/vmlinuz" ]; then
    mv "$modules/vmlinuz" "$work/vmlinuz"
    cp "$modules/config" "$root/boot/config-$version"
  else
    mv "$unpacked/boot/vmlinuz-$version" "$work/vmlinuz"
    cp "$unpacked/boot/config-$version" "$root/boot/"
  fi
  mv "$modules" "$root/lib/modules/"
  # The modules that every boot needs are unpacked once, here; until bookworm they are not packed.
  find "$root/lib/modules/" \( -name virtio_net.ko.xz -o -name failover.ko.xz -o -name net_failover.ko.xz \) -exec xz -d {} +
  depmod -b "$root" "$version"
  node "$here/vmlinux.mjs" "$work/vmlinuz" "$work/vmlinux"
  rm -rf "$unpacked" "$work/vmlinuz"
}

make_disk() {
  local megabytes=$(($(du -sm "$root" | cut -f1) + 300))
  mke2fs -q -t ext4 -O ^has_journal,^metadata_csum -m0 -L vmroot -d "$root" "$work/root.ext4" "${megabytes}M"
  rm -rf "$root"
}

rm -rf "$work"
mkdir -p "$work"
fill_root
add_kernel
"$here/guest-setup.sh" "$root" "$suite" "$key.pub"
cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$work/hostkey.pub"
make_disk
echo "$recipe" >"$work/.ok"
# A virtual machine that runs on the old image keeps its open file.
rm -rf "$image"
mv "$work" "$image"
