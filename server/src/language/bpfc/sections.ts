/** What a BPF C program attaches to: the names in its `SEC("…")`s, without licence, version and maps. */
export function sections(text: string): string[] {
  const code = text.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ');
  const names = [...code.matchAll(/\bSEC\(\s*"([^"]+)"\s*\)/g)].map((match) => match[1] ?? '');
  return [...new Set(names)].filter((name) => !/^(?:license|version|\.maps|maps|\.\w.*)$/.test(name));
}

/** Sections libbpf attaches by itself; the others need an interface, a cgroup or another target named by the user. */
export function attachesByItself(section: string): boolean {
  return /^(?:\?)?(?:tp|tracepoint|raw_tp|raw_tracepoint|tp_btf|kprobe|kretprobe|ksyscall|kretsyscall|kprobe\.multi|kretprobe\.multi|fentry|fexit|fmod_ret|lsm|iter)(?:\.[sw])?(?:\/|$)/.test(section);
}
