#!/bin/busybox sh
# The init of the machine that only tells what its kernel has: loads the modules named in /modules, in that order, and
# writes everything to the disk as one tar.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mkdir /out
while read -r module; do
  insmod "$module" >/dev/null 2>>/out/failed </dev/null || echo "$module" >>/out/failed-names
done </modules
touch /out/failed /out/failed-names
cp /sys/kernel/tracing/available_filter_functions /out/functions
cut -f 2 /sys/kernel/debug/kprobes/blacklist >/out/blacklist
cut -d ' ' -f 1 /proc/modules >/out/loaded
cd /sys/kernel/tracing/events
grep -H -e field: -e 'print fmt' */*/format >/out/formats
cp -r /sys/kernel/btf /out/btf
cd /out
tar cf /dev/vda .
sync
echo KERNEL-TOLD >/dev/console
poweroff -f
