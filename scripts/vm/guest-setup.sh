#!/usr/bin/env bash
# guest-setup.sh ROOT SUITE PUBLIC_KEY: makes a bare Debian tree into our test host. Users: root, dev
# (sudo without a password) and nosudo, all with the same key; sshd listens, no password works.
set -euo pipefail
root=$1 suite=$2 key=$3
here=$(cd "$(dirname "$0")" && pwd)

allow_key() { # user home
  install -d -m700 "$2/.ssh"
  install -m600 "$key" "$2/.ssh/authorized_keys"
  chroot "$root" chown -R "$1:$1" "${2#"$root"}/.ssh"
}

add_users() {
  allow_key root "$root/root"
  local user
  for user in dev nosudo; do
    chroot "$root" useradd -m -s /bin/bash "$user"
    chroot "$root" usermod -p '*' "$user"
    allow_key "$user" "$root/home/$user"
  done
  echo 'dev ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/dev"
  chmod 440 "$root/etc/sudoers.d/dev"
}

configure_sshd() {
  rm -f "$root"/etc/ssh/ssh_host_*
  ssh-keygen -q -t ed25519 -N '' -f "$root/etc/ssh/ssh_host_ed25519_key"
  cat >"$root/etc/ssh/sshd_config" <<'CONF'
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM no
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication no
KexAlgorithms curve25519-sha256
PrintMotd no
MaxSessions 64
MaxStartups 64
AcceptEnv LANG
Subsystem sftp internal-sftp
CONF
  # OpenSSH 9.8 and later ban a source after failed logins, and tests fail to log in on purpose.
  if grep -qai persourcepenalties "$root/usr/sbin/sshd"; then echo 'PerSourcePenalties no' >>"$root/etc/ssh/sshd_config"; fi
}

configure_boot() {
  echo "vm-$suite" >"$root/etc/hostname"
  printf '127.0.0.1 localhost vm-%s\n::1 localhost\n' "$suite" >"$root/etc/hosts"
  sed 's/$/ defaults,X-mount.mkdir 0 0/' >"$root/etc/fstab" <<'FSTAB'
sys /sys sysfs
devpts /dev/pts devpts
shm /dev/shm tmpfs
run /run tmpfs
tmp /tmp tmpfs
nodev /sys/kernel/tracing tracefs
nodev /sys/kernel/debug debugfs
bpf /sys/fs/bpf bpf
cgroup2 /sys/fs/cgroup cgroup2
FSTAB
  cat >"$root/etc/vm-net" <<'NET'
link set lo up
addr add 10.0.2.15/24 dev eth0
link set eth0 up
route add default via 10.0.2.2
NET
  mkdir -p "$root/etc/vm-dev"
  ln -sfn /proc/self/fd "$root/etc/vm-dev/fd"
  ln -sfn /proc/self/fd/0 "$root/etc/vm-dev/stdin"
  ln -sfn /proc/self/fd/1 "$root/etc/vm-dev/stdout"
  ln -sfn /proc/self/fd/2 "$root/etc/vm-dev/stderr"
  install -m755 "$here/guest-init.sh" "$root/vm-init"
}

slim() {
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/usr/share/{man,doc,locale}
  find "$root/etc/apt" -type f \( -name '*.list' -o -name '*.sources' -o -name '*.conf' \) -delete
}

add_users
configure_sshd
configure_boot
slim
