/**
 * Categories of tracepoints that the bundled kernel does not have: of drivers and file systems that are modules, of
 * other configurations, and of newer kernels. From the sources of Linux 5.10 to 7.2 (`TRACE_SYSTEM`).
 */
export const OTHER_CATEGORIES: ReadonlySet<string> = new Set(
  `9p afs amdgpu amdgpu_dm asoc ath10k ath11k ath12k ath6kl brcmfmac brcmsmac cachefiles capability cfg80211 clk cma cros_ec dlm
  dma_map dma_unmap drm dwc3 dpaa dpaa2-eth f2fs fsi ftrace fw gadget gfs2 gpio gpu_mem gpu_scheduler habanalabs hda hda_controller
  hda_intel hfi1 host1x host1x_channel hugetlbfs hwmon i2c i2c_slave i40e i915 ib_mad ib_umad ice idxd intel_ifs intel_ish io_mmu
  irq_work iwlwifi iwlwifi_data iwlwifi_io iwlwifi_msg kcsan kyber libata libertas mac80211 mac802154 mac80211_msg mei memcg mdio mlx4
  mlxsw mmc mt76 nilfs2 nvmet ocfs2 optee osnoise pci pci_hp pcie preemptirq pwm qla qrtr qcom_glink raid rdma_core readahead regmap
  regulator rpcrdma rpmh rt2x00 rtla rv rxrpc sched_ext scmi skbuff smbus smc sof sof_intel soundwire spi spmi svcrdma target tegra_apb_dma
  test thunderbolt timestamp tipc udma ufs v4l2 vb2 vc4 virtio_gpu vkms watchdog wwan xe xhci-hcd zonefs zswap`.split(/\s+/),
);
