/** A macro of libbpf's headers. */
export interface Macro {
  readonly name: string;
  /** How it is written: `BPF_CORE_READ(src, a, b, …)`. */
  readonly form: string;
  readonly header: 'bpf_helpers.h' | 'bpf_tracing.h' | 'bpf_core_read.h' | 'bpf_endian.h';
  readonly summary: string;
}

type Line = readonly [form: string, summary: string];

const of = (header: Macro['header'], lines: readonly Line[]): Macro[] => lines.map(([form, summary]) => ({ name: /^\w+/.exec(form)?.[0] ?? form, form, header, summary }));

const HELPERS = of('bpf_helpers.h', [
  ['SEC(name)', 'Puts a program, map or variable into a section of the object; libbpf takes from its name what type of program it is and where to attach it.'],
  ['__uint(name, value)', 'Sets a number in a map\'s definition. It becomes the length of an array type, which libbpf reads from BTF.'],
  ['__type(name, type)', 'Sets a type in a map\'s definition: of its keys or its values.'],
  ['__array(name, type)', 'Says what a map of maps or of programs holds.'],
  ['__ulong(name, value)', 'Sets a number of 64 bits in a map\'s definition.'],
  ['bpf_printk(fmt, args…)', 'Prints to the kernel\'s trace_pipe, for debugging. With more than three values it needs Linux 5.16.'],
  ['BPF_SEQ_PRINTF(seq, fmt, args…)', 'Prints into an iterator\'s output: makes the array of values that `bpf_seq_printf` takes.'],
  ['BPF_SNPRINTF(out, size, fmt, args…)', 'Writes values as text: makes the array of values that `bpf_snprintf` takes.'],
  ['__always_inline', 'Copies the function into each of its callers, so the verifier sees it with what they know.'],
  ['__noinline', 'Keeps a function by itself: the verifier checks a static one anew at each call, a global one once and for any arguments.'],
  ['__weak', 'Lets another object have the definition that counts; an extern marked so may be missing.'],
  ['__hidden', 'Makes a function that is not static be verified like a static one, with what its callers know.'],
  ['__ksym', 'An extern that is a symbol of the kernel: a variable, or a kfunc. libbpf finds its address.'],
  ['__kconfig', 'An extern that libbpf sets from the kernel\'s configuration: `CONFIG_HZ`, `LINUX_KERNEL_VERSION`.'],
  ['__kptr', 'A pointer to a kernel\'s object that a map\'s value owns; it is exchanged with `bpf_kptr_xchg`.'],
  ['__kptr_untrusted', 'A pointer to a kernel\'s object in a map\'s value that nobody owns: the object may be gone.'],
  ['__percpu_kptr', 'A pointer to memory for each CPU that a map\'s value owns.'],
  ['__arg_ctx', 'A parameter of a global function that is the program\'s context.'],
  ['__arg_nonnull', 'A pointer parameter of a global function that is never NULL.'],
  ['__arg_trusted', 'A pointer parameter of a global function that the kernel vouches for.'],
  ['__arg_nullable', 'A trusted parameter of a global function that may be NULL.'],
  ['__arg_arena', 'A parameter of a global function that points into an arena.'],
  ['offsetof(type, member)', 'The distance of a member from the start of its struct, in bytes.'],
  ['container_of(ptr, type, member)', 'From a pointer to a member to the struct that it is in.'],
  ['barrier()', 'Keeps the compiler from moving memory accesses across this place.'],
  ['barrier_var(var)', 'Makes the compiler forget what it knows of a variable, so it keeps a check that the verifier needs.'],
  ['bpf_for(i, start, end)', 'A loop from `start` to `end - 1` that the verifier can prove to end; needs Linux 6.4.'],
  ['bpf_repeat(n)', 'Repeats `n` times; needs Linux 6.4.'],
  ['bpf_for_each(type, cur, args…)', 'Goes through what an iterator of the kernel gives: tasks, numbers, cgroups; needs Linux 6.4.'],
  ['bpf_ksym_exists(sym)', 'Whether the kernel has a symbol or kfunc that was declared `__ksym __weak`.'],
  ['bpf_tail_call_static(ctx, map, slot)', 'A tail call with a constant slot, which the kernel makes a direct jump.'],
  ['KERNEL_VERSION(a, b, c)', 'A kernel\'s version as a number that can be compared with `LINUX_KERNEL_VERSION`.'],
]);

const TRACING = of('bpf_tracing.h', [
  ['BPF_PROG(name, args…)', 'Declares a program of fentry, fexit, fmod_ret, tp_btf, lsm or struct_ops: takes its typed arguments out of the context, which is there as `ctx`.'],
  ['BPF_PROG2(name, args…)', 'As `BPF_PROG`, also for structs that are passed by value; between each type and its name stands a comma.'],
  ['BPF_KPROBE(name, args…)', 'Declares a kprobe or uprobe: takes the function\'s first arguments out of the registers, which are there as `ctx`.'],
  ['BPF_KRETPROBE(name, ret)', 'Declares a kretprobe or uretprobe; its one argument is what the function returned.'],
  ['BPF_UPROBE(name, args…)', 'Declares a uprobe; the same as `BPF_KPROBE`.'],
  ['BPF_URETPROBE(name, ret)', 'Declares a uretprobe; the same as `BPF_KRETPROBE`.'],
  ['BPF_KSYSCALL(name, args…)', 'Declares a probe of a system call: takes the system call\'s own arguments, however the architecture passes them.'],
  ['BPF_KPROBE_SYSCALL(name, args…)', 'The older name of `BPF_KSYSCALL`.'],
  ['BPF_USDT(name, args…)', 'Declares a program at a USDT marker, with the marker\'s arguments; it is in usdt.bpf.h.'],
  ['PT_REGS_PARM1(ctx)', 'The first argument of a function, out of the registers of a kprobe; 2 to 8 are the others.'],
  ['PT_REGS_RC(ctx)', 'What a function returned, out of the registers of a kretprobe.'],
  ['PT_REGS_RET(ctx)', 'Where the function returns to, where the architecture keeps that in a register; on x86 the stack\'s place.'],
  ['PT_REGS_FP(ctx)', 'The frame pointer.'],
  ['PT_REGS_SP(ctx)', 'The stack pointer.'],
  ['PT_REGS_IP(ctx)', 'The instruction pointer: where the probe was hit.'],
  ['PT_REGS_SYSCALL_REGS(ctx)', 'The registers of a system call, from the context of a probe of the kernel\'s function for it.'],
  ['PT_REGS_PARM1_SYSCALL(regs)', 'The first argument of a system call, out of its registers; 2 to 6 are the others.'],
  ['PT_REGS_PARM1_CORE(ctx)', 'As `PT_REGS_PARM1`, for registers that must be read with CO-RE and not directly.'],
  ['PT_REGS_PARM1_CORE_SYSCALL(regs)', 'As `PT_REGS_PARM1_SYSCALL`, for registers that must be read with CO-RE and not directly.'],
  ['PT_REGS_RC_CORE(ctx)', 'As `PT_REGS_RC`, for registers that must be read with CO-RE.'],
  ['PT_REGS_SP_CORE(ctx)', 'As `PT_REGS_SP`, for registers that must be read with CO-RE.'],
  ['PT_REGS_IP_CORE(ctx)', 'As `PT_REGS_IP`, for registers that must be read with CO-RE.'],
  ['PT_REGS_FP_CORE(ctx)', 'As `PT_REGS_FP`, for registers that must be read with CO-RE.'],
  ['PT_REGS_RET_CORE(ctx)', 'As `PT_REGS_RET`, for registers that must be read with CO-RE.'],
  ['BPF_KPROBE_READ_RET_IP(ip, ctx)', 'Reads into `ip` where the probed function returns to, at its entry.'],
  ['BPF_KRETPROBE_READ_RET_IP(ip, ctx)', 'Reads into `ip` where the probed function returns to, at its end.'],
]);

const CORE = of('bpf_core_read.h', [
  ['BPF_CORE_READ(src, a, b, …)', 'Reads `src->a->b->…`, each pointer safely and each offset as the running kernel has it. A bad address reads as 0.'],
  ['BPF_CORE_READ_INTO(dst, src, a, b, …)', 'The same into a variable; it returns 0 or a negative error.'],
  ['BPF_CORE_READ_STR_INTO(dst, src, a, b, …)', 'The same for a string at the end of the chain; it returns the length or a negative error.'],
  ['BPF_CORE_READ_USER(src, a, b, …)', 'The same for a kernel\'s struct that lies in the memory of the process: a system call\'s argument.'],
  ['BPF_CORE_READ_USER_INTO(dst, src, a, b, …)', 'The same into a variable; it returns 0 or a negative error.'],
  ['BPF_CORE_READ_USER_STR_INTO(dst, src, a, b, …)', 'The same for a string at the end of the chain.'],
  ['BPF_PROBE_READ(src, a, b, …)', 'Reads a chain of pointers without CO-RE: with the offsets the program was compiled with.'],
  ['BPF_PROBE_READ_INTO(dst, src, a, b, …)', 'The same into a variable; it returns 0 or a negative error.'],
  ['BPF_PROBE_READ_STR_INTO(dst, src, a, b, …)', 'The same for a string at the end of the chain.'],
  ['BPF_PROBE_READ_USER(src, a, b, …)', 'Reads a chain of pointers of the process without CO-RE: for its own structs.'],
  ['BPF_PROBE_READ_USER_INTO(dst, src, a, b, …)', 'The same into a variable; it returns 0 or a negative error.'],
  ['BPF_PROBE_READ_USER_STR_INTO(dst, src, a, b, …)', 'The same for a string at the end of the chain.'],
  ['BPF_CORE_READ_BITFIELD(src, field)', 'Reads a bit field of a struct that can be read directly, wherever the running kernel has it.'],
  ['BPF_CORE_READ_BITFIELD_PROBED(src, field)', 'The same for a struct that must be read safely.'],
  ['BPF_CORE_WRITE_BITFIELD(src, field, value)', 'Writes a bit field, wherever the running kernel has it.'],
  ['bpf_core_read(dst, size, src)', 'Copies `size` bytes from a field\'s address, which is moved to where the running kernel has the field.'],
  ['bpf_core_read_str(dst, size, src)', 'The same for a string.'],
  ['bpf_core_read_user(dst, size, src)', 'The same from the memory of the process.'],
  ['bpf_core_read_user_str(dst, size, src)', 'The same for a string of the process.'],
  ['bpf_core_field_exists(field)', 'Whether the running kernel\'s struct has a field; the other branch is removed before the verifier sees it.'],
  ['bpf_core_field_size(field)', 'How many bytes a field has in the running kernel.'],
  ['bpf_core_field_offset(field)', 'Where a field is in the running kernel\'s struct.'],
  ['bpf_core_type_exists(type)', 'Whether the running kernel has a type.'],
  ['bpf_core_type_matches(type)', 'Whether the running kernel\'s type has the members that the program\'s has.'],
  ['bpf_core_type_size(type)', 'How many bytes a type has in the running kernel.'],
  ['bpf_core_type_id_kernel(type)', 'The number of a type in the running kernel\'s BTF.'],
  ['bpf_core_type_id_local(type)', 'The number of a type in the program\'s own BTF.'],
  ['bpf_core_enum_value(enum_type, value)', 'What an enumerator is in the running kernel.'],
  ['bpf_core_enum_value_exists(enum_type, value)', 'Whether the running kernel\'s enum has an enumerator.'],
  ['bpf_core_cast(ptr, type)', 'Makes a pointer one to a kernel\'s type, so its fields can be read directly; needs Linux 6.4.'],
]);

const ENDIAN = of('bpf_endian.h', [
  ['bpf_htons(x)', '16 bits from the machine\'s order of bytes to that of the network.'],
  ['bpf_ntohs(x)', '16 bits from the network\'s order of bytes to that of the machine.'],
  ['bpf_htonl(x)', '32 bits from the machine\'s order of bytes to that of the network.'],
  ['bpf_ntohl(x)', '32 bits from the network\'s order of bytes to that of the machine.'],
  ['bpf_cpu_to_be64(x)', '64 bits from the machine\'s order of bytes to that of the network.'],
  ['bpf_be64_to_cpu(x)', '64 bits from the network\'s order of bytes to that of the machine.'],
]);

export const MACROS: readonly Macro[] = [...HELPERS, ...TRACING, ...CORE, ...ENDIAN];

const byName = new Map(MACROS.map((macro) => [macro.name, macro]));

/** By its name; one that is there for each argument (`PT_REGS_PARM3`) is told as the first. */
export function macroNamed(name: string): Macro | undefined {
  return byName.get(name) ?? byName.get(name.replace(/^PT_REGS_PARM[2-8]/, 'PT_REGS_PARM1'));
}
