/**
 * Kernel functions that many programs trace and newer kernels lack. Old and new names were looked up in the function
 * lists of Debian's 6.1, 6.12 and 7.2 kernels; when each changed is from the kernel's history.
 */
export interface Rename {
  readonly old: string;
  /** Newer names, the newest first. */
  readonly to: readonly string[];
  /** A tracepoint that says the same: `block:block_io_start`. */
  readonly tracepoint?: string;
  /** What happened, as a clause. */
  readonly note: string;
}

const allocation = 'allocation functions were wrapped for profiling in Linux 6.10 and carry `_noprof`';

export const renames: readonly Rename[] = [
  { old: 'blk_account_io_start', to: ['__blk_account_io_start'], tracepoint: 'block:block_io_start', note: 'it became a small inline function in Linux 5.16' },
  { old: '__blk_account_io_start', to: ['blk_account_io_start'], tracepoint: 'block:block_io_start', note: 'newer kernels have it inlined in its callers' },
  { old: 'blk_account_io_done', to: ['__blk_account_io_done'], tracepoint: 'block:block_io_done', note: 'it became a small inline function in Linux 5.16' },
  { old: '__blk_account_io_done', to: ['blk_account_io_done'], tracepoint: 'block:block_io_done', note: 'newer kernels have it inlined in its callers' },
  { old: 'tcp_drop', to: ['tcp_drop_reason', 'sk_skb_reason_drop', 'kfree_skb_reason'], tracepoint: 'skb:kfree_skb', note: 'dropped packets are told with a reason since Linux 5.18' },
  { old: 'kfree_skb', to: ['sk_skb_reason_drop', 'kfree_skb_reason'], tracepoint: 'skb:kfree_skb', note: 'it became an inline wrapper with a reason in Linux 5.17' },
  { old: 'kfree_skb_reason', to: ['sk_skb_reason_drop'], tracepoint: 'skb:kfree_skb', note: 'it became an inline wrapper in Linux 6.11' },
  { old: '_do_fork', to: ['kernel_clone'], tracepoint: 'sched:sched_process_fork', note: 'it was renamed in Linux 5.10' },
  { old: 'do_fork', to: ['kernel_clone'], tracepoint: 'sched:sched_process_fork', note: 'it was renamed `_do_fork` and then `kernel_clone` (Linux 5.10)' },
  { old: 'generic_make_request', to: ['submit_bio_noacct'], tracepoint: 'block:block_bio_queue', note: 'it was renamed in Linux 5.9' },
  { old: '__do_page_cache_readahead', to: ['page_cache_ra_unbounded', 'do_page_cache_ra'], note: 'readahead was rewritten in Linux 5.10' },
  { old: 'do_page_cache_readahead', to: ['page_cache_ra_unbounded', 'do_page_cache_ra'], note: 'readahead was rewritten in Linux 5.10' },
  { old: 'account_page_dirtied', to: ['folio_account_dirtied', '__folio_mark_dirty'], tracepoint: 'writeback:writeback_dirty_folio', note: 'pages became folios in Linux 5.16' },
  { old: '__set_page_dirty', to: ['__folio_mark_dirty'], note: 'pages became folios in Linux 5.16' },
  { old: 'load_balance', to: ['sched_balance_rq'], note: 'the scheduler\'s balancing functions were renamed in Linux 6.10' },
  { old: 'rebalance_domains', to: ['sched_balance_domains'], note: 'the scheduler\'s balancing functions were renamed in Linux 6.10' },
  { old: 'scheduler_tick', to: ['sched_tick'], note: 'it was renamed in Linux 6.10' },
  { old: '__kmalloc', to: ['__kmalloc_noprof'], tracepoint: 'kmem:kmalloc', note: allocation },
  { old: 'kmem_cache_alloc', to: ['kmem_cache_alloc_noprof'], tracepoint: 'kmem:kmem_cache_alloc', note: allocation },
  { old: '__alloc_pages', to: ['__alloc_frozen_pages_noprof', '__alloc_pages_noprof'], tracepoint: 'kmem:mm_page_alloc', note: allocation },
  { old: '__alloc_pages_nodemask', to: ['__alloc_frozen_pages_noprof', '__alloc_pages_noprof', '__alloc_pages'], tracepoint: 'kmem:mm_page_alloc', note: 'it was renamed `__alloc_pages` in Linux 5.13' },
  { old: 'vmalloc', to: ['vmalloc_noprof'], note: allocation },
  { old: 'tcp_sendpage', to: ['tcp_sendmsg'], note: 'it was replaced by splicing through `tcp_sendmsg` in Linux 6.5' },
  { old: 'do_page_fault', to: ['exc_page_fault', 'handle_mm_fault'], tracepoint: 'exceptions:page_fault_user', note: 'it was renamed in Linux 5.8' },
  { old: 'page_cache_async_readahead', to: ['page_cache_async_ra'], note: 'it became an inline wrapper in Linux 5.10' },
  { old: 'ttwu_do_wakeup', to: [], tracepoint: 'sched:sched_wakeup', note: 'it became part of `ttwu_do_activate` in Linux 6.3' },
  { old: 'swap_readpage', to: ['swap_read_folio'], note: 'pages became folios in Linux 6.9' },
  { old: 'zap_page_range', to: ['zap_page_range_single'], note: 'it was removed in Linux 6.2' },
  { old: 'try_charge', to: ['try_charge_memcg'], note: 'it became an inline wrapper in Linux 5.15' },
  { old: 'mem_cgroup_charge', to: ['__mem_cgroup_charge'], note: 'it became an inline wrapper in Linux 5.16' },
];
