/** Folders of modules that people trace, and single ones among many of a folder. */
const CHOSEN = [
  // What file systems and netfilter ask for by algorithm and not by module.
  /^kernel\/lib\/ts_/,
  /^kernel\/crypto\/(crc32|pcbc|fcrypt|cmac|ccm|gcm|ctr|lz4|zstd|deflate|xxhash|blake2b|sha|authenc|ansi_cprng)/,
  /^kernel\/(fs|net|block|arch\/x86\/kvm|virt)\//,
  /^kernel\/drivers\/(block|md|nvme|virtio|vhost|vfio|vdpa|target|nvdimm|dax|ufs|hv|powercap|thunderbolt)\//,
  /^kernel\/drivers\/net\/(bonding|ipvlan|team|wireguard|vxlan|ppp|slip|vmxnet3|hyperv|xen-|[^/]+\.ko$)/,
  /^kernel\/drivers\/net\/ethernet\/(intel|mellanox|amazon|google|realtek\/r8169|broadcom\/(bnxt|tg3|bnx2))/,
  /^kernel\/drivers\/scsi\/(scsi_|s[drgt]_|s[gt]\.ko|ses|libiscsi|iscsi_tcp|virtio_scsi|libsas|libfc|device_handler|vmw_pvscsi|hv_storvsc|mpt3sas|megaraid\/megaraid_sas|hpsa|smartpqi)/,
  /^kernel\/drivers\/(ata\/(lib|ahci|ata_)|mmc\/core|infiniband\/(core|sw)|char\/(ipmi|tpm)|cdrom|input\/evdev|mei|misc\/mei\/mei)/,
  /^kernel\/drivers\/usb\/(core|host|usbip|mon|class|typec\/typec\.ko|storage\/(usb-storage|uas)\.ko)/,
  /^kernel\/drivers\/hid\/(hid|uhid|hid-generic|hid-multitouch|usbhid\/usbhid)\.ko/,
  /^kernel\/drivers\/gpu\/drm\/(drm|ttm|scheduler|virtio|display)/,
  /^kernel\/(sound\/(core|hda)|drivers\/bluetooth\/(btusb|hci_uart)|drivers\/cpufreq\/acpi|sound\/usb\/snd-usb-audio)/,
];

/** Character tables; modules that only test, break or benchmark the kernel. */
const LEFT_OUT = /\/nls\/|\/(test|tst)[_-]|kunit|[_-]test\.ko|scsi_debug|pktgen|error-inject/;

/** Whether a module is loaded when a kernel is read: it has tracepoints, or functions that people trace. */
export function isChosen(/** @type {import('./modules.mjs').Module} */ { path, events }) {
  return !LEFT_OUT.test(path) && (events.length > 0 || CHOSEN.some((pattern) => pattern.test(path)));
}
