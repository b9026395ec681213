#!/bin/dash
# The virtual machine's only init: mounts, network, sshd. Under emulation starting a program costs
# 50 to 150 ms, so everything that one program can do at once is done at once.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t devtmpfs dev /dev
mount -a & modprobe -a virtio_pci virtio_net
ip -batch /etc/vm-net
wait
cp -dR /etc/vm-dev/. /dev/
read -r name </etc/hostname
echo "$name" >/proc/sys/kernel/hostname
mkdir -p /run/sshd /run/lock
chmod 1777 /tmp /dev/shm
ulimit -l unlimited
ulimit -n 65536
/usr/sbin/sshd -e 2>/run/sshd.log
echo VM-READY >/dev/console
while :; do sleep 3600 & wait $!; done
