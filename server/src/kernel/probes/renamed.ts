/**
 * Kernel functions that programs found on the net still trace, and what does their work in later or earlier kernels.
 * Looked up in the traceable functions of 6.1, 6.12 and 7.2.
 */
export const RENAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ['do_fork', ['kernel_clone']],
  ['_do_fork', ['kernel_clone']],
  ['do_sys_open', ['do_sys_openat2']],
  ['do_page_fault', ['handle_mm_fault']],
  ['do_execve', ['do_execveat_common.isra.0']],
  ['__alloc_pages_nodemask', ['__alloc_pages_noprof', '__alloc_pages']],
  ['add_to_page_cache_lru', ['filemap_add_folio']],
  ['mark_page_accessed', ['folio_mark_accessed']],
  ['account_page_dirtied', ['__folio_mark_dirty']],
  ['__set_page_dirty', ['__folio_mark_dirty']],
  ['test_clear_page_writeback', ['__folio_end_writeback']],
  ['swap_readpage', ['swap_read_folio']],
  ['swap_writepage', ['swap_writeout', '__swap_writepage']],
  ['blk_start_request', ['blk_mq_start_request']],
  ['blk_account_io_start', ['__blk_account_io_start', 'blk_mq_start_request']],
  ['blk_account_io_done', ['__blk_account_io_done', 'blk_mq_end_request']],
  ['blk_account_io_completion', ['blk_update_request']],
  ['generic_make_request', ['submit_bio_noacct']],
  ['kfree_skb', ['sk_skb_reason_drop', 'kfree_skb_reason']],
  ['kfree_skb_reason', ['sk_skb_reason_drop', 'kfree_skb']],
  ['skb_copy_datagram_iovec', ['skb_copy_datagram_iter']],
  ['ttwu_do_wakeup', ['ttwu_do_activate']],
  ['__vma_adjust', ['vma_expand']],
]);
