import type { ConfigKey } from '../catalogue.ts';

const unstable = { type: 'word', values: ['enable', 'warn', 'error'], default: 'warn' } as const;

/** Keys of the `config = { … }` block, which exists since 0.20; older versions read only the `BPFTRACE_…` variables. */
export const configKeys: readonly ConfigKey[] = [
  { name: 'cache_user_symbols', type: 'word', values: ['PER_PID', 'PER_PROGRAM', 'NONE'], default: 'PER_PID, or PER_PROGRAM with -c or without ASLR', since: [0, 20], summary: 'Whether symbols of programs are kept in memory by process, by program, or looked up each time.' },
  { name: 'cpp_demangle', type: 'bool', default: 'true', since: [0, 20], summary: 'Show C++ names of user-space functions as they are written in the source.' },
  { name: 'lazy_symbolication', type: 'bool', default: 'false', since: [0, 21], summary: 'Look symbols of programs up when they are printed instead of when tracing starts.' },
  { name: 'license', type: 'string', values: ['GPL', 'GPL v2', 'GPL and additional rights', 'Dual BSD/GPL', 'Dual MIT/GPL', 'Dual MPL/GPL'], default: '"GPL"', since: [0, 24], summary: 'License the kernel is told when programs are loaded; it decides which helpers may be used.' },
  { name: 'log_size', type: 'integer', default: '1000000', since: [0, 20], summary: 'Bytes for the kernel verifier\'s log.' },
  { name: 'max_bpf_progs', type: 'integer', default: '1024', since: [0, 20], summary: 'How many programs bpftrace may generate: a guard against wildcards that match far more than meant.' },
  { name: 'max_cat_bytes', type: 'integer', default: '10240', since: [0, 20], summary: 'How many bytes of a file `cat()` prints.' },
  { name: 'max_map_keys', type: 'integer', default: '4096', since: [0, 20], summary: 'How many keys a map holds; further ones are lost.' },
  { name: 'max_probes', type: 'integer', default: '1024', since: [0, 20], summary: 'How many probes may be attached.' },
  { name: 'max_strlen', type: 'integer', default: '1024 (64 before 0.23)', since: [0, 20], summary: 'Longest value in bytes that `str()`, `buf()` and `path()` read, the closing NUL included.' },
  { name: 'max_type_res_iterations', type: 'integer', default: '0', since: [0, 20], ignoredSince: [0, 24], summary: 'How often types are resolved anew before bpftrace gives up; newer versions ignore it.' },
  { name: 'missing_probes', type: 'word', values: ['ignore', 'warn', 'error'], default: 'error (warn before 0.24)', since: [0, 21], summary: 'What to do about attach points that do not exist on this machine.' },
  { name: 'on_stack_limit', type: 'integer', default: '32', since: [0, 22], summary: 'Values larger than this many bytes are kept off the 512 byte stack of the program.' },
  { name: 'perf_rb_pages', type: 'integer', default: 'by the memory of the machine (64 before 0.23)', since: [0, 20], summary: 'Pages of the buffer for events: raise it when events are lost.' },
  { name: 'print_maps_on_exit', type: 'bool', default: 'true', since: [0, 22], summary: 'Print all maps that hold something when tracing ends.' },
  { name: 'show_debug_info', type: 'bool', default: 'true', since: [0, 24], summary: 'Show source file and line in stacks where debug information is found.' },
  { name: 'stack_mode', type: 'word', values: ['bpftrace', 'perf', 'raw', 'build_id'], default: 'bpftrace', since: [0, 20], summary: 'How `kstack` and `ustack` are printed when no mode is given.' },
  { name: 'str_trunc_trailer', type: 'string', default: '".."', since: [0, 20], summary: 'What is printed behind a string that was cut.' },
  { name: 'symbol_source', type: 'word', values: ['dwarf', 'symbol_table'], default: 'dwarf', since: [0, 22], ignoredSince: [0, 24], summary: 'Where the places of uprobes are looked up; newer versions ignore it.' },
  { name: 'use_blazesym', type: 'bool', default: 'true', since: [0, 23], summary: 'Use the blazesym library to find names of addresses.' },
  { name: 'unstable_map_decl', ...unstable, since: [0, 24], ignoredSince: [0, 25], summary: 'Whether map declarations (`let @a = hash(10)`) are allowed; needed in 0.24 only.' },
  { name: 'unstable_macro', ...unstable, default: 'error', since: [0, 24], ignoredSince: [0, 25], summary: 'Whether macros may be defined; needed in 0.24 only.' },
  { name: 'unstable_import', ...unstable, default: 'error', since: [0, 24], ignoredSince: [0, 26], summary: 'Whether `import` is allowed; needed before 0.26 only.' },
  { name: 'unstable_import_statement', ...unstable, default: 'error', since: [0, 26], summary: 'Whether `import` may stand inside a block.' },
  { name: 'unstable_addr', ...unstable, since: [0, 25], ignoredSince: [0, 26], summary: 'Whether the address of a variable or map may be taken with `&`; needed in 0.25 only.' },
  { name: 'unstable_tseries', ...unstable, since: [0, 24], summary: 'Whether `tseries()` may be used without a warning.' },
  { name: 'unstable_typeinfo', ...unstable, default: 'error', since: [0, 25], summary: 'Whether `typeinfo()` may be used.' },
  { name: 'unstable_dw_ustack', ...unstable, since: [0, 26], summary: 'Whether `dw_ustack` may be used without a warning.' },
];
