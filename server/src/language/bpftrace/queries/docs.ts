import { atLeast, type Version } from '../../../base/version.ts';

/** A page that explains something, and what to call it. */
export interface DocLink {
  readonly title: string;
  readonly url: string;
}

/** System calls whose tracepoint has another name than their manual page. */
const PAGE_OF_SYSCALL: Readonly<Record<string, string>> = {
  newstat: 'stat', newlstat: 'lstat', newfstat: 'fstat', newfstatat: 'fstatat', newuname: 'uname', pread64: 'pread', pwrite64: 'pwrite',
  sendfile64: 'sendfile', fadvise64: 'posix_fadvise', exit_group: 'exit_group', rt_sigaction: 'sigaction', rt_sigprocmask: 'sigprocmask',
  rt_sigpending: 'sigpending', rt_sigsuspend: 'sigsuspend', rt_sigtimedwait: 'sigtimedwait', umount: 'umount2', statfs64: 'statfs', fstatfs64: 'fstatfs',
};

/** Categories of tracepoints the kernel's documentation has a page of its own for. */
const PAGE_OF_CATEGORY: Readonly<Record<string, string>> = { kmem: 'events-kmem', power: 'events-power', nmi: 'events-nmi', msr: 'events-msr' };

const TRACE_DOCS = 'https://docs.kernel.org/trace';

/** Canonical kinds of probes that the kernel's documentation explains. */
const PAGE_OF_KIND: Readonly<Record<string, DocLink>> = {
  tracepoint: { title: 'Tracepoints in the kernel\'s documentation', url: `${TRACE_DOCS}/tracepoints.html` },
  rawtracepoint: { title: 'Tracepoints in the kernel\'s documentation', url: `${TRACE_DOCS}/tracepoints.html` },
  kprobe: { title: 'Kprobes in the kernel\'s documentation', url: `${TRACE_DOCS}/kprobes.html` },
  kretprobe: { title: 'Kprobes in the kernel\'s documentation', url: `${TRACE_DOCS}/kprobes.html` },
  uprobe: { title: 'Uprobes in the kernel\'s documentation', url: `${TRACE_DOCS}/uprobetracer.html` },
  uretprobe: { title: 'Uprobes in the kernel\'s documentation', url: `${TRACE_DOCS}/uprobetracer.html` },
  iter: { title: 'BPF iterators in the kernel\'s documentation', url: 'https://docs.kernel.org/bpf/bpf_iterators.html' },
  software: { title: 'perf_event_open(2)', url: 'https://man7.org/linux/man-pages/man2/perf_event_open.2.html' },
  hardware: { title: 'perf_event_open(2)', url: 'https://man7.org/linux/man-pages/man2/perf_event_open.2.html' },
};

/** What explains an attach point: its system call's manual page, its category's, or its kind's. */
export function attachPointDocs(provider: string, parts: readonly string[]): DocLink | undefined {
  const [category = '', event = ''] = parts;
  const syscall = provider === 'tracepoint' && category === 'syscalls' ? /^sys_(?:enter|exit)_(\w+)$/.exec(event)?.[1] : undefined;
  if (syscall !== undefined) {
    const page = PAGE_OF_SYSCALL[syscall] ?? syscall;
    return { title: `${page}(2)`, url: `https://man7.org/linux/man-pages/man2/${page}.2.html` };
  }
  const page = provider === 'tracepoint' ? PAGE_OF_CATEGORY[category] : undefined;
  return page === undefined ? PAGE_OF_KIND[provider] : { title: `Tracepoints of ${category} in the kernel's documentation`, url: `${TRACE_DOCS}/${page}.html` };
}

/**
 * bpftrace's own manual of a version: pages by release from 0.24 on, one manual in its repository before.
 * `language` explains probes and syntax, `stdlib` functions and builtins.
 */
export function bpftraceDocs(version: Version, page: 'language' | 'stdlib'): DocLink {
  const release = `${version[0] ?? 0}.${version[1] ?? 0}`;
  const title = `Manual of bpftrace ${release}`;
  if (!atLeast(version, 0, 24)) return { title, url: `https://github.com/bpftrace/bpftrace/blob/v${release}.0/man/adoc/bpftrace.adoc` };
  return { title, url: `https://bpftrace.org/docs/release_${version[0] ?? 0}${String(version[1] ?? 0).padStart(2, '0')}/${page}` };
}
