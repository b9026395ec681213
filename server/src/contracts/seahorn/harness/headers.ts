/** Headers that stand in front of libbpf's when a program is read for SeaHorn: what they declare is modelled, and is plain C. */
export const STAND_IN_HEADERS: Readonly<Record<string, string>> = {
  'bpf/bpf_helpers.h': `#pragma once
#define SEC(name)
#define __uint(name, val) int (*name)[val]
#define __type(name, val) __typeof__(val) *name
#define __array(name, val) __typeof__(val) *name[]
#undef __always_inline
#define __always_inline inline
#undef __noinline
#define __noinline
#undef __weak
#define __weak
#define __hidden
#define __arg_ctx
#define __arg_nonnull
#define __ksym KGENT_UNSUPPORTED_ksym
#define __kconfig KGENT_UNSUPPORTED_kconfig
#define __kptr
#define __kptr_untrusted
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef container_of
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#endif
#define barrier() ((void)0)
#define barrier_var(var) ((void)(var))
#define __bpf_unreachable() __builtin_unreachable()
#define bpf_printk(...) (kgent_each(__VA_ARGS__), 0)
#define kgent_each(format, ...) ((void)(0, ##__VA_ARGS__))
#define bpf_trace_printk(format, size, ...) ((void)(0, ##__VA_ARGS__), 0)
`,
  'bpf/bpf_endian.h': `#pragma once
#define bpf_ntohs(x) __builtin_bswap16(x)
#define bpf_htons(x) __builtin_bswap16(x)
#define bpf_ntohl(x) __builtin_bswap32(x)
#define bpf_htonl(x) __builtin_bswap32(x)
#define bpf_cpu_to_be64(x) __builtin_bswap64(x)
#define bpf_be64_to_cpu(x) __builtin_bswap64(x)
#define __bpf_ntohs(x) __builtin_bswap16(x)
#define __bpf_htons(x) __builtin_bswap16(x)
#define __bpf_ntohl(x) __builtin_bswap32(x)
#define __bpf_htonl(x) __builtin_bswap32(x)
#define __bpf_constant_ntohs(x) ((__u16)((((__u16)(x)) >> 8) | (((__u16)(x)) << 8)))
#define __bpf_constant_htons(x) __bpf_constant_ntohs(x)
#define bpf_cpu_to_le16(x) (x)
#define bpf_cpu_to_le32(x) (x)
#define bpf_le16_to_cpu(x) (x)
#define bpf_le32_to_cpu(x) (x)
`,
  'bpf/bpf_tracing.h': `#pragma once
#define BPF_PROG(name, ...) name(void *ctx, ##__VA_ARGS__)
#define BPF_PROG2(name, ...) KGENT_UNSUPPORTED_prog2
#define BPF_KPROBE(name, ...) name(struct pt_regs *ctx, ##__VA_ARGS__)
#define BPF_KRETPROBE(name, ...) name(struct pt_regs *ctx, ##__VA_ARGS__)
#define BPF_UPROBE(name, ...) name(struct pt_regs *ctx, ##__VA_ARGS__)
#define BPF_URETPROBE(name, ...) name(struct pt_regs *ctx, ##__VA_ARGS__)
#define BPF_KSYSCALL(name, ...) name(struct pt_regs *ctx, ##__VA_ARGS__)
#define PT_REGS_PARM1(x) ((x)->di)
#define PT_REGS_PARM2(x) ((x)->si)
#define PT_REGS_PARM3(x) ((x)->dx)
#define PT_REGS_PARM4(x) ((x)->cx)
#define PT_REGS_PARM5(x) ((x)->r8)
#define PT_REGS_RC(x) ((x)->ax)
#define PT_REGS_IP(x) ((x)->ip)
#define PT_REGS_SP(x) ((x)->sp)
#define PT_REGS_PARM1_CORE(x) ((x)->di)
#define PT_REGS_PARM2_CORE(x) ((x)->si)
#define PT_REGS_PARM3_CORE(x) ((x)->dx)
#define PT_REGS_PARM4_CORE(x) ((x)->cx)
#define PT_REGS_PARM5_CORE(x) ((x)->r8)
#define PT_REGS_RC_CORE(x) ((x)->ax)
`,
  'bpf/bpf_core_read.h': `#pragma once
#define kgent_r1(s, a) KGENT_AT(s)->a
#define kgent_r2(s, a, b) KGENT_AT(kgent_r1(s, a))->b
#define kgent_r3(s, a, b, c) KGENT_AT(kgent_r2(s, a, b))->c
#define kgent_r4(s, a, b, c, d) KGENT_AT(kgent_r3(s, a, b, c))->d
#define kgent_r5(s, a, b, c, d, e) KGENT_AT(kgent_r4(s, a, b, c, d))->e
#define kgent_r6(s, a, b, c, d, e, f) KGENT_AT(kgent_r5(s, a, b, c, d, e))->f
#define kgent_count(_1, _2, _3, _4, _5, _6, n, ...) n
#define BPF_CORE_READ(src, ...) kgent_count(__VA_ARGS__, kgent_r6, kgent_r5, kgent_r4, kgent_r3, kgent_r2, kgent_r1, )(src, __VA_ARGS__)
#define BPF_CORE_READ_USER KGENT_UNSUPPORTED_core_read_user
#define BPF_PROBE_READ(src, ...) BPF_CORE_READ(src, __VA_ARGS__)
#define BPF_CORE_READ_INTO(dst, src, ...) ({ __builtin_memcpy(dst, &BPF_CORE_READ(src, __VA_ARGS__), sizeof(*(dst))); 0; })
#define BPF_PROBE_READ_INTO(dst, src, ...) BPF_CORE_READ_INTO(dst, src, __VA_ARGS__)
#define bpf_core_read(dst, size, src) kgent_read_object(dst, size, src)
#define bpf_core_field_exists(...) 1
#define bpf_core_type_exists(...) 1
#define bpf_core_enum_value_exists(...) 1
`,
};
