#!/usr/bin/env bash
# newer-debian.sh SUITE DEST PACKAGE...: programs of a newer Debian suite (trixie, sid) that run on
# this one, without installing anything on the system. The packages and all their libraries, libc
# too, are unpacked under DEST/root; DEST/bin/NAME starts each program through the loader in there.
#
#   scripts/newer-debian.sh sid ~/.cache/kgent/sid bpftrace && ~/.cache/kgent/sid/bin/bpftrace --version
set -euo pipefail
suite=$1
mkdir -p "$2"
dest=$(cd "$2" && pwd)
shift 2
apt=$dest/apt
done_mark=$dest/.ok-$(echo "$*" | tr ' /' '--')

# Another test run may be doing the same.
exec 9>"$dest/.lock"
flock 9
[ -e "$done_mark" ] && exit 0

# The mirror that this machine's apt uses, in either format of its list.
mirror() {
  { sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources
    awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }' /etc/apt/sources.list
  } 2>/dev/null | head -1
}

# An apt of our own, with an empty list of installed packages: so it resolves libc and all else.
configure_apt() {
  local from
  from=$(mirror) || true
  [ -n "$from" ] || { echo 'apt has no mirror configured' >&2; exit 1; }
  mkdir -p "$apt"/etc/{sources.list.d,apt.conf.d,preferences.d} "$apt"/{lists,cache/archives}/partial "$apt/dpkg" "$dest"/{root,bin}
  touch "$apt/dpkg/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $suite main" >"$apt/etc/sources.list"
  # A mirror that was frozen serves an expired list; its signature is checked all the same.
  cat >"$apt/apt.conf" <<CONF
Dir "$apt"; Dir::State "$apt"; Dir::State::lists "$apt/lists"; Dir::State::status "$apt/dpkg/status";
Dir::Cache "$apt/cache"; Dir::Etc "$apt/etc"; Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "sources.list.d";
APT::Sandbox::User "root"; APT::Install-Recommends "false"; Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
CONF
}

unpack() {
  export APT_CONFIG=$apt/apt.conf
  apt-get -qq update
  apt-get -qq -y --download-only -o Debug::NoLocking=1 install "$@" >/dev/null
  local deb
  for deb in "$apt"/cache/archives/*.deb; do
    # Some archives hold device nodes or links that tar cannot make here; programs need neither.
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dest/root" --keep-directory-symlink 2>/dev/null || true
  done
  local folder
  for folder in bin sbin lib lib64; do
    [ -e "$dest/root/$folder" ] || ln -s "usr/$folder" "$dest/root/$folder"
  done
}

# One wrapper a program: a newer libc works only with its own loader.
wrap() {
  local loader libraries file name
  loader=$(find -L "$dest"/root/usr/lib* -name 'ld-linux*.so.*' | head -1)
  libraries=$(dirname "$(find "$dest/root/usr/lib" -name 'libc.so.6' | head -1)")
  while read -r file; do
    head -c4 "$dest/root/$file" | grep -q ELF || continue
    name=$(basename "$file")
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libraries" "$dest/root/$file" >"$dest/bin/$name"
    chmod +x "$dest/bin/$name"
  done < <(dpkg-deb -c "$apt"/cache/archives/"$1"_*.deb | awk '{ print $6 }' | sed -n -E 's,^\./(usr/s?bin/[^/]+)$,\1,p')
}

configure_apt
unpack "$@"
for package in "$@"; do wrap "$package"; done
rm -rf "$apt/cache/archives"/*.deb
touch "$done_mark"
