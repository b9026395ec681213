/**
 * Which kfuncs Linux 6.12 lets each type of program call: read out of the booted kernel of Debian 13, whose calls of
 * register_btf_kfunc_id_set() name a type for each set. `all`: any type of program. Types that share a list in that kernel are
 * one here (`HOOKS`). Later kernels may let more types call them.
 */
export const KFUNCS_6_12: readonly (readonly [hooks: string, names: string])[] = [
  ['all', 'bpf_arena_alloc_pages bpf_arena_free_pages bpf_cast_to_kern_ctx bpf_copy_from_user_str bpf_dynptr_adjust bpf_dynptr_clone bpf_dynptr_is_null bpf_dynptr_is_rdonly bpf_dynptr_size bpf_dynptr_slice bpf_dynptr_slice_rdwr bpf_iter_bits_destroy bpf_iter_bits_new bpf_iter_bits_next bpf_iter_css_destroy bpf_iter_css_new bpf_iter_css_next bpf_iter_css_task_destroy bpf_iter_css_task_new bpf_iter_css_task_next bpf_iter_num_destroy bpf_iter_num_new bpf_iter_num_next bpf_iter_task_destroy bpf_iter_task_new bpf_iter_task_next bpf_iter_task_vma_destroy bpf_iter_task_vma_new bpf_iter_task_vma_next bpf_map_sum_elem_count bpf_preempt_disable bpf_preempt_enable bpf_rcu_read_lock bpf_rcu_read_unlock bpf_rdonly_cast bpf_wq_init bpf_wq_set_callback_impl bpf_wq_start'],
  ['struct_ops', 'bbr_cwnd_event bbr_init bbr_main bbr_min_tso_segs bbr_set_state bbr_sndbuf_expand bbr_ssthresh bbr_undo_cwnd cubictcp_acked cubictcp_cong_avoid cubictcp_cwnd_event cubictcp_init cubictcp_recalc_ssthresh cubictcp_state dctcp_cwnd_event dctcp_cwnd_undo dctcp_init dctcp_ssthresh dctcp_state dctcp_update_alpha tcp_cong_avoid_ai tcp_reno_cong_avoid tcp_reno_ssthresh tcp_reno_undo_cwnd tcp_slow_start'],
  ['sched_cls xdp cgroup tracing struct_ops syscall', 'bpf_cgroup_acquire bpf_cgroup_ancestor bpf_cgroup_from_id bpf_cgroup_release bpf_list_pop_back bpf_list_pop_front bpf_list_push_back_impl bpf_list_push_front_impl bpf_obj_drop_impl bpf_obj_new_impl bpf_percpu_obj_drop_impl bpf_percpu_obj_new_impl bpf_rbtree_add_impl bpf_rbtree_first bpf_rbtree_remove bpf_refcount_acquire_impl bpf_task_acquire bpf_task_from_pid bpf_task_get_cgroup1 bpf_task_release bpf_task_under_cgroup bpf_throw crash_kexec'],
  ['tracing struct_ops syscall', 'bpf_cpumask_acquire bpf_cpumask_and bpf_cpumask_any_and_distribute bpf_cpumask_any_distribute bpf_cpumask_clear bpf_cpumask_clear_cpu bpf_cpumask_copy bpf_cpumask_create bpf_cpumask_empty bpf_cpumask_equal bpf_cpumask_first bpf_cpumask_first_and bpf_cpumask_first_zero bpf_cpumask_full bpf_cpumask_intersects bpf_cpumask_or bpf_cpumask_release bpf_cpumask_set_cpu bpf_cpumask_setall bpf_cpumask_subset bpf_cpumask_test_and_clear_cpu bpf_cpumask_test_and_set_cpu bpf_cpumask_test_cpu bpf_cpumask_weight bpf_cpumask_xor'],
  ['sched_cls xdp', 'bpf_ct_change_status bpf_ct_change_timeout bpf_ct_insert_entry bpf_ct_release bpf_ct_set_nat_info bpf_ct_set_status bpf_ct_set_timeout bpf_skb_ct_alloc bpf_skb_ct_lookup bpf_xdp_ct_alloc bpf_xdp_ct_lookup'],
  ['xdp', 'bpf_dynptr_from_xdp bpf_xdp_flow_lookup bpf_xdp_get_xfrm_state bpf_xdp_metadata_rx_hash bpf_xdp_metadata_rx_timestamp bpf_xdp_metadata_rx_vlan_tag bpf_xdp_xfrm_state_release'],
  ['tracing', 'bpf_key_put bpf_lookup_system_key bpf_lookup_user_key bpf_sock_destroy bpf_verify_pkcs7_signature cgroup_rstat_flush cgroup_rstat_updated'],
  ['lsm', 'bpf_get_dentry_xattr bpf_get_file_xattr bpf_get_fsverity_digest bpf_get_task_exe_file bpf_path_d_path bpf_put_file'],
  ['sched_cls', 'bpf_sk_assign_tcp_reqsk bpf_skb_get_fou_encap bpf_skb_get_xfrm_info bpf_skb_set_fou_encap bpf_skb_set_xfrm_info'],
  ['syscall', 'bpf_crypto_ctx_acquire bpf_crypto_ctx_create bpf_crypto_ctx_release'],
  ['sched_cls sched_act xdp', 'bpf_crypto_decrypt bpf_crypto_encrypt'],
  ['kprobe', 'bpf_session_cookie bpf_session_is_return'],
  ['socket_filter sched_cls sched_act cgroup lwt sk_skb tracing netfilter', 'bpf_dynptr_from_skb'],
  ['cgroup_sock_addr', 'bpf_sock_addr_set_sun_path'],
];

/** Types whose programs look into one list, by bpf_prog_type_to_kfunc_hook() of that kernel. */
export const HOOKS: Readonly<Record<string, readonly string[]>> = {
  tracing: ['tracing', 'tracepoint', 'perf_event', 'lsm'],
  cgroup: ['cgroup_skb', 'cgroup_sock', 'cgroup_device', 'cgroup_sock_addr', 'cgroup_sockopt', 'cgroup_sysctl'],
  lwt: ['lwt_in', 'lwt_out', 'lwt_xmit', 'lwt_seg6local'],
};
