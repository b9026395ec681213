#!/bin/sh
# mmdebstrap runs this with the new root as its argument. The kernel is only downloaded: installing
# it would make an initramfs, which the virtual machine does not need.
set -e
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
mkdir -p "$1/kernel-packages"
cd "$1/kernel-packages"

depends() { apt-cache depends "$1" | sed -n 's/^ *|\{0,1\}Depends: //p' | grep -E "$2"; }

image=$(depends linux-image-cloud-amd64 '^linux-image-[0-9]' | head -1)
# From sid's 7.x on the kernel comes in three packages.
parts=$(depends "$image" '^linux-(base|binary|modules)-[0-9]' || true)
# shellcheck disable=SC2086 # several words on purpose
apt-get -q download "$image" $parts
