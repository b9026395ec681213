#!/usr/bin/env bash
# fetch.sh SUITE DIR: Debian's full kernel (not the one for clouds), unpacked under DIR/SUITE: its modules in `modules`,
# the ELF file in `vmlinux`, a static busybox, the release in `release`. Nothing of it is installed. 20 s, 500 MB.
set -euo pipefail
suite=$1 dir=$2/$1
here=$(cd "$(dirname "$0")" && pwd)
apt=$dir/apt

mkdir -p "$dir"
exec 9>"$dir/.lock"
flock 9

# An apt of our own with an empty list of installed packages. sid's frozen mirrors serve an expired list; its signature
# is checked all the same.
configure_apt() {
  mkdir -p "$apt"/etc/{sources.list.d,apt.conf.d,preferences.d} "$apt"/{lists,cache/archives}/partial "$apt/dpkg"
  touch "$apt/dpkg/status"
  local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  echo "deb $signed http://deb.debian.org/debian $suite main" >"$apt/etc/sources.list"
  [ "$suite" = sid ] || echo "deb $signed http://deb.debian.org/debian-security $suite-security main" >>"$apt/etc/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir "$apt"; Dir::State "$apt"; Dir::State::lists "$apt/lists"; Dir::State::status "$apt/dpkg/status";
Dir::Cache "$apt/cache"; Dir::Etc "$apt/etc"; Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "sources.list.d";
APT::Sandbox::User "root"; APT::Architecture "amd64"; Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
CONF
  export APT_CONFIG=$apt/apt.conf
  apt-get -qq update
}

depends() { apt-cache depends "$1" | sed -n 's/^ *|\{0,1\}Depends: //p' | { grep -E "$2" || true; }; }

unpack() {
  local image parts deb
  image=$(depends linux-image-amd64 '^linux-image-[0-9]' | head -1)
  # From sid's 7.x on the kernel comes in three packages.
  parts=$(depends "$image" '^linux-(base|binary|modules)-[0-9]')
  [ "$(cat "$dir/.ok" 2>/dev/null)" = "$image" ] && exit 0
  rm -rf "$dir/root" "$dir/debs"
  mkdir -p "$dir/debs"
  # shellcheck disable=SC2086 # several words on purpose
  (cd "$dir/debs" && apt-get -q download busybox-static "$image" $parts)
  for deb in "$dir"/debs/*.deb; do dpkg -x "$deb" "$dir/root"; done
  rm -rf "$dir/debs"
  place
  echo "$image" >"$dir/.ok"
}

place() {
  local modules version
  modules=$(find "$dir/root" -mindepth 3 -maxdepth 4 -path '*lib/modules/*' -type d -prune | head -1)
  version=$(basename "$modules")
  find "$modules" -name '*.ko.xz' -exec xz -d {} +
  rm -rf "$dir/modules"
  mv "$modules" "$dir/modules"
  node "$here/../vm/vmlinux.mjs" "$(find "$dir/root" "$dir/modules" -name 'vmlinuz*' | head -1)" "$dir/vmlinux"
  mv "$(find "$dir/root" -path "*bin/busybox" -type f | head -1)" "$dir/busybox"
  rm -rf "$dir/root"
  echo "$version" >"$dir/release"
}

configure_apt
unpack
