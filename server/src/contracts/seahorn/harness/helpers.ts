/** A helper of the kernel's as C. Its text may name `kgent_…` of the harness, and inputs by their functions `nd_…`. */
export interface ModelledHelper {
  readonly text: readonly string[];
  /** Inputs that are other ones with each call: function and type of C, and what a proof calls them. */
  readonly fresh?: readonly Fresh[];
  /** A value that stays the same in one event: what a proof calls it. */
  readonly steady?: Steady;
  readonly clock?: true;
}

export interface Fresh {
  readonly nd: string;
  readonly type: string;
  readonly read: string;
  /** Bytes of a value that is read in words. */
  readonly words?: true;
}

export interface Steady {
  readonly variable: string;
  readonly type: string;
  readonly read: string;
  /** Bytes, when it is longer than a word. */
  readonly bytes?: number;
}

const U64 = 'unsigned long long';
const ERRORS = { fault: -14 } as const;

/** One value in an event, whenever it is asked for. */
function steady(name: string, params: string, type = U64): ModelledHelper {
  const variable = `kgent_${name.slice('bpf_'.length)}`;
  return { steady: { variable, type: type === U64 ? 'uint64_t' : 'uint32_t', read: `${name}()` }, text: [`static inline ${type} ${name}(${params}) { return ${variable}; }`] };
}

function clock(name: string): ModelledHelper {
  return { clock: true, text: [`static inline ${U64} ${name}(void) { return kgent_clock_${name}; }`] };
}

function fresh(name: string, params: string, type: string, ret: string): ModelledHelper {
  const nd = `nd_${name.slice('bpf_'.length)}`;
  return { fresh: [{ nd, type: ret, read: name }], text: [`static inline ${type} ${name}(${params}) { return (${type})${nd}(); }`] };
}

/** Copies what it cannot follow: text of some length, or nothing. */
function text(name: string): ModelledHelper {
  const nd = `nd_${name.slice('bpf_'.length)}`;
  return {
    fresh: [{ nd, type: 'int64_t', read: name }, { nd: `${nd}_text`, type: 'uint64_t', read: `text of ${name}`, words: true }],
    text: [
      `static inline long ${name}(void *to, unsigned size, const void *from) {`,
      '  (void)from;',
      `  const int64_t length = ${nd}();`,
      `  assume(length == ${ERRORS.fault} || (length >= 1 && length <= (int64_t)size));`,
      `  kgent_fill(to, size, ${nd}_text);`,
      '  return length;',
      '}',
    ],
  };
}

/** Reads of memory that is none of the modelled objects. */
function probe(name: string): ModelledHelper {
  const nd = `nd_${name.slice('bpf_'.length)}`;
  return {
    fresh: [{ nd: `${nd}_succeeds`, type: 'bool', read: `${name} succeeds` }, { nd: `${nd}_bytes`, type: 'uint64_t', read: '', words: true }],
    text: [
      `static inline long ${name}(void *to, unsigned size, const void *from) {`,
      `  if (!from || !${nd}_succeeds()) { __builtin_memset(to, 0, size); return ${ERRORS.fault}; }`,
      `  kgent_fill(to, size, ${nd}_bytes);`,
      '  return 0;',
      '}',
    ],
  };
}

const OUTPUT = 'static inline long';

/** What is known of helpers, by their names. */
export const HELPER_MODELS: ReadonlyMap<string, ModelledHelper> = new Map(Object.entries({
  bpf_get_current_pid_tgid: steady('bpf_get_current_pid_tgid', 'void'),
  bpf_get_current_uid_gid: steady('bpf_get_current_uid_gid', 'void'),
  bpf_get_current_cgroup_id: steady('bpf_get_current_cgroup_id', 'void'),
  bpf_skb_cgroup_id: steady('bpf_skb_cgroup_id', 'const void *skb'),
  bpf_get_socket_cookie: steady('bpf_get_socket_cookie', 'const void *of'),
  bpf_get_attach_cookie: steady('bpf_get_attach_cookie', 'const void *of'),
  bpf_get_func_ip: steady('bpf_get_func_ip', 'const void *of'),
  bpf_get_socket_uid: steady('bpf_get_socket_uid', 'const void *of', 'unsigned'),
  bpf_get_hash_recalc: steady('bpf_get_hash_recalc', 'const void *of', 'unsigned'),
  bpf_get_cgroup_classid: steady('bpf_get_cgroup_classid', 'const void *of', 'unsigned'),
  bpf_get_smp_processor_id: steady('bpf_get_smp_processor_id', 'void', 'unsigned'),
  bpf_get_numa_node_id: steady('bpf_get_numa_node_id', 'void', 'unsigned'),
  bpf_ktime_get_ns: clock('bpf_ktime_get_ns'),
  bpf_ktime_get_boot_ns: clock('bpf_ktime_get_boot_ns'),
  bpf_ktime_get_coarse_ns: clock('bpf_ktime_get_coarse_ns'),
  bpf_ktime_get_tai_ns: clock('bpf_ktime_get_tai_ns'),
  bpf_jiffies64: clock('bpf_jiffies64'),
  bpf_get_prandom_u32: fresh('bpf_get_prandom_u32', 'void', 'unsigned', 'uint32_t'),
  bpf_get_stackid: fresh('bpf_get_stackid', `const void *ctx, const void *map, ${U64} flags`, 'long', 'uint64_t'),
  bpf_redirect: fresh('bpf_redirect', `unsigned index, ${U64} flags`, 'long', 'uint64_t'),
  bpf_perf_event_output: fresh('bpf_perf_event_output', `const void *ctx, const void *map, ${U64} flags, const void *data, ${U64} size`, 'long', 'uint64_t'),
  bpf_ringbuf_output: fresh('bpf_ringbuf_output', `const void *map, const void *data, ${U64} size, ${U64} flags`, 'long', 'uint64_t'),
  bpf_ringbuf_query: fresh('bpf_ringbuf_query', `const void *map, ${U64} flags`, U64, 'uint64_t'),
  bpf_send_signal: fresh('bpf_send_signal', 'unsigned signal', 'long', 'uint64_t'),
  bpf_probe_read_user: probe('bpf_probe_read_user'),
  bpf_probe_read_kernel: probe('bpf_probe_read_kernel'),
  bpf_probe_read: probe('bpf_probe_read'),
  bpf_probe_read_str: text('bpf_probe_read_str'),
  bpf_probe_read_user_str: text('bpf_probe_read_user_str'),
  bpf_probe_read_kernel_str: text('bpf_probe_read_kernel_str'),
  bpf_get_current_comm: {
    steady: { variable: 'kgent_comm', type: 'uint64_t', read: 'comm', bytes: 16 },
    text: ['static inline long bpf_get_current_comm(void *to, unsigned size) { __builtin_memset(to, 0, size); __builtin_memcpy(to, kgent_comm, size < 16 ? size : 16); return 0; }'],
  },
  bpf_ringbuf_reserve: {
    fresh: [{ nd: 'nd_ringbuf_reserve_succeeds', type: 'bool', read: 'bpf_ringbuf_reserve succeeds' }, { nd: 'nd_record', type: 'uint64_t', read: 'memory that was not set', words: true }],
    text: [
      'static uint64_t kgent_record[64];',
      `static inline void *bpf_ringbuf_reserve(const void *map, ${U64} size, ${U64} flags) {`,
      '  (void)map, (void)flags;',
      '  if (size > sizeof(kgent_record)) { kgent_beyond(); return 0; }',
      '  if (!nd_ringbuf_reserve_succeeds()) return 0;',
      '  kgent_fill(kgent_record, (unsigned)size, nd_record);',
      '  return kgent_record;',
      '}',
    ],
  },
  bpf_ringbuf_submit: { text: [`static inline void bpf_ringbuf_submit(const void *data, ${U64} flags) { (void)data, (void)flags; }`] },
  bpf_ringbuf_discard: { text: [`static inline void bpf_ringbuf_discard(const void *data, ${U64} flags) { (void)data, (void)flags; }`] },
  bpf_spin_lock: { text: [`${OUTPUT} bpf_spin_lock(const void *lock) { (void)lock; return 0; }`] },
  bpf_spin_unlock: { text: [`${OUTPUT} bpf_spin_unlock(const void *lock) { (void)lock; return 0; }`] },
  kgent_read_object: {
    text: [
      'static inline long kgent_read_object(void *to, unsigned size, const void *from) {',
      '  __builtin_memcpy(to, from, size);',
      `  return (const char *)from >= kgent_zeros && (const char *)from < kgent_zeros + sizeof(kgent_zeros) ? ${ERRORS.fault} : 0;`,
      '}',
    ],
  },
} satisfies Record<string, ModelledHelper>));

/** Fills memory with inputs, word by word. */
export const FILL = '#define kgent_fill(to, size, next) do { char *const kgent_to = (char *)(to); const unsigned kgent_size = (size); unsigned kgent_n = 0; UNROLL for (; kgent_n + 8 <= kgent_size; kgent_n += 8) { const uint64_t kgent_word = next(); __builtin_memcpy(kgent_to + kgent_n, &kgent_word, 8); } if (kgent_n < kgent_size) { const uint64_t kgent_word = next(); __builtin_memcpy(kgent_to + kgent_n, &kgent_word, kgent_size - kgent_n); } } while (0)';

/** Operations on memory that others may write to meanwhile: here there are no others. */
export const ATOMICS: readonly string[] = [
  ...(['add', 'sub', 'or', 'and', 'xor'] as const).map((name) => {
    const sign = { add: '+', sub: '-', or: '|', and: '&', xor: '^' }[name];
    return `#define __sync_fetch_and_${name}(p, v) ({ __auto_type kgent_at = (p); __auto_type kgent_was = *kgent_at; *kgent_at = kgent_was ${sign} (v); kgent_was; })`;
  }),
  '#define __sync_lock_test_and_set(p, v) ({ __auto_type kgent_at = (p); __auto_type kgent_was = *kgent_at; *kgent_at = (v); kgent_was; })',
  '#define __sync_val_compare_and_swap(p, o, v) ({ __auto_type kgent_at = (p); __auto_type kgent_was = *kgent_at; if (kgent_was == (o)) *kgent_at = (v); kgent_was; })',
  '#define __sync_bool_compare_and_swap(p, o, v) ({ __auto_type kgent_at = (p); const bool kgent_is = *kgent_at == (o); if (kgent_is) *kgent_at = (v); kgent_is; })',
];
