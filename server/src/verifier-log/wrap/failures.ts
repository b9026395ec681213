import type { LogText } from '../parse/lines.ts';
import type { RejectionClass } from '../explain/need.ts';
import type { LogRange } from './cut.ts';

/** A load that failed before or without the verifier's words. */
export interface LoadFailure {
  readonly class: RejectionClass;
  readonly program: string | undefined;
  readonly message: string;
  /** What the place in the source is called: a map, a type, a section, a symbol. */
  readonly names: readonly string[];
  /** The log's line. */
  readonly logLine: number;
  readonly text: string;
}

interface Pattern {
  readonly pattern: RegExp;
  readonly class: RejectionClass;
  /** Names to look for in the source, the most telling first. */
  readonly names?: (m: RegExpExecArray) => readonly (string | undefined)[];
  /** `text`: all that the loader printed. */
  readonly message: (m: RegExpExecArray, text: string) => string;
  /** Said of other failures too: counts only where nothing more telling is said. */
  readonly weak?: boolean;
}

const PATTERNS: readonly Pattern[] = [
  {
    // libbpf: prog 'p': relo #0: no matching targets found   |   libbpf: prog 'p': relo #1: kind <byte_off> (0), spec is [12] struct foo.bar (…)   |   failed to resolve CO-RE relocation <type_size> [7] struct foo
    pattern: /relo #\d+: (?:no matching targets found|substituting insn|target candidate.*|.*(?:mismatch|ambiguous|conflict|unsupported|unrecognized).*|failed to .*)|failed to (?:relocate|perform CO-RE relocations|resolve CO-RE relocation)(?: <\w+> \[\d+\] (.*?)(?: \(|$))?/,
    class: 'core-relocation',
    names: (m) => [(m[1] ?? '').split(/[.\s]/).at(-1)],
    message: (m) => `The kernel here does not have ${m[1] === undefined ? 'a type or field the program was built for' : `\`${m[1]}\``}. Ask with bpf_core_field_exists() before it is used, or use the name this kernel has.`,
  },
  {
    // libbpf: failed to find valid kernel BTF   |   libbpf: Error loading vmlinux BTF: -3   |   libbpf: BTF is required, but is missing or corrupted.   |   libbpf: Error loading BTF: Invalid argument(22)
    pattern: /failed to find valid kernel BTF|Error loading vmlinux BTF|BTF is required, but is missing|Error (?:loading|parsing|relocating) \.?BTF|failed to (?:load|find) BTF|kernel doesn't support BTF|BTF loading error|BTF LOAD LOG/i,
    class: 'btf',
    message: (m) => (/kernel|vmlinux/i.test(m[0]) ? 'The kernel has no type information (BTF), which this program needs. Use a kernel built with CONFIG_DEBUG_INFO_BTF, or a program without CO-RE.' : 'The type information of the object (BTF) is missing or not valid. Build with `clang -g`, and leave the section .BTF in the object.'),
  },
  {
    // libbpf: extern (kcfg) 'CONFIG_X': unresolved…   |   libbpf: extern (var ksym) 'x': not found in kernel BTF   |   libbpf: extern 'f' (func ksym): not found in kernel or module BTFs
    pattern: /extern (?:\((\w[\w ]*)\) )?'([^']*)'.*?(?:not (?:found|resolved)|failed|unsupported|unrecognized|incompatible|is missing|has no|invalid|unresolved)/i,
    class: 'map-setup',
    names: (m) => [m[2]],
    message: (m) => `The extern \`${m[2] ?? ''}\` is not known to this kernel. Declare it __weak and ask for it before it is used, or use a name the kernel has.`,
  },
  {
    // libbpf: failed to find BTF info for global/extern symbol 'x'   |   libbpf: failed to find BTF for extern 'x': -3
    pattern: /failed to find BTF (?:info )?for (?:global\/)?extern(?: symbol)? '([^']*)'/,
    class: 'map-setup',
    names: (m) => [m[1]],
    message: (m) => `The extern \`${m[1] ?? ''}\` has no type: declare it with __ksym or __kconfig.`,
  },
  {
    // libbpf: Error in bpf_create_map_xattr(m):Invalid argument(-22). Retrying without BTF.   |   libbpf: map 'm': failed to create: Invalid argument(-22)   |   libbpf: map 'm': unsupported map … |   libbpf: map 'm': should be map-in-map
    pattern: /map '([^']*)': (?:failed to (?:create|freeze|auto-pin|determine|resolve)|unsupported|should be|.*\b(?:unknown|invalid|conflict|mismatch|attr|missing|not|can't|cannot|extra|redefin)\w*\b).*|Error in bpf_create_map_xattr\((\w+)\)|map #\d+ '?([\w.]+)'?.*(?:invalid|missing)/,
    class: 'map-setup',
    names: (m) => [m[1] ?? m[2] ?? m[3]],
    message: (m) => `The map \`${m[1] ?? m[2] ?? m[3] ?? ''}\` cannot be created as it is defined${reasonIn(m.input)}. Look at its type, key and value sizes, max_entries and flags.`,
  },
  {
    // libbpf: prog 'p': missing BPF prog type, check ELF section name 'foo'   |   libbpf: elf: skipping unrecognized data section   |   libbpf: failed to guess program type from ELF section 'foo'
    pattern: /(?:missing BPF prog type, check ELF section name|failed to (?:guess|find) (?:BPF )?program type (?:based on|from) (?:ELF )?section(?: name)?) '([^']*)'|(?:unknown|unrecognized) ELF section name '([^']*)'/,
    class: 'attach-target',
    names: (m) => [m[1] ?? m[2]],
    message: (m) => `The section name \`${m[1] ?? m[2] ?? ''}\` tells no type of program. Use one of libbpf's, such as SEC("xdp") or SEC("kprobe/tcp_connect").`,
  },
  {
    // libbpf: prog 'p': failed to find kernel BTF type ID of 'nope': -3   |   libbpf: nope is not found in vmlinux BTF   |   libbpf: failed to find BTF for … |   libbpf: struct_ops init_kern: struct x is not found in kernel BTF
    pattern: /failed to find kernel BTF type ID of '([^']*)'|(\w+) is not found in (?:vmlinux|kernel) BTF|struct_ops (?:init_kern|reloc)[^:]*: (?:.*?(\w+)\.?(\w*).*)(?:not found|unsupported|invalid|mismatch|is not)|failed to (?:determine|guess|parse) .*(?:attach|kprobe|tracepoint)|failed to find (?:function|tracepoint) '?(\w+)|could not find .*attach/i,
    class: 'attach-target',
    names: (m) => [m[1], m[2], m[4], m[3], m[5]],
    message: (m) => `\`${m[1] ?? m[2] ?? m[5] ?? m[3] ?? 'What the program attaches to'}\` does not exist in this kernel, or cannot be attached to. Name a function or hook it has.`,
  },
  {
    // libbpf: elf: legacy map definitions in 'maps' section are not supported by libbpf v1.0+
    pattern: /legacy map definitions in '?(\w+)'? section are not supported/,
    class: 'map-setup',
    names: () => ['SEC("maps")'],
    message: () => 'The maps are defined in the old way (SEC("maps")), which libbpf 1.0 no longer reads. Define them in SEC(".maps") with __uint() and __type().',
  },
  {
    // libbpf: prog 'p': bad map relo against 'm' in section '.text'   |   libbpf: failed to find relocation …  |   libbpf: no .BTF found, but it's required
    pattern: /bad (?:map )?relo against '([^']*)'|(?:unexpected|invalid) relo (?:for|against)? ?'?([\w.]+)|no static linker/,
    class: 'map-setup',
    names: (m) => [m[1] ?? m[2]],
    message: (m) => `The program uses \`${m[1] ?? m[2] ?? 'a symbol'}\` in a way that cannot be loaded: it is no map and no global variable of the object.`,
  },
  {
    // failed to set rlimit   |   RLIMIT_MEMLOCK   |   bpf_prog_load: … permitted; ulimit -l
    pattern: /RLIMIT_MEMLOCK|rlimit memlock|memlock/i,
    class: 'privileges',
    message: () => 'The process may not lock enough memory for maps and programs. Raise RLIMIT_MEMLOCK (`ulimit -l unlimited`), or load as root.',
    weak: true,
  },
  {
    pattern: /Argument list too long|E2BIG|-7\)?$|program too large \(\d+ insns\)/,
    class: 'too-complex',
    message: () => 'The program has more instructions than this kernel takes (4096 without privileges, one million with). Make it smaller, or split it with tail calls.',
    weak: true,
  },
  {
    // libbpf: prog 'p': BPF program load failed: Operation not permitted   |   Error: can't load: Operation not permitted
    // libbpf: permission error while running as root; try raising 'ulimit -l'?   (it says so of each EPERM)
    pattern: /Operation not permitted|EPERM|unprivileged bpf|must be run as root/i,
    class: 'privileges',
    message: (_, text) =>
      /while running as root/.test(text)
        ? 'The kernel refuses this even to root: such programs are turned off there, by lockdown, by the limits of a container or sandbox, or because it was built without what they attach with. Use another kind of program, or another machine.'
        : 'The kernel does not let this process load BPF programs. Load as root, or with the capabilities CAP_BPF and CAP_PERFMON (CAP_NET_ADMIN for network programs).',
    weak: true,
  },
];

/** libbpf's own reason at a line's end: `: Invalid argument(-22)`. */
function reasonIn(line: string): string {
  const m = /:\s*([A-Z][\w ]+)\(?-?\d*\)?\.?(?: Retrying.*)?$/.exec(line);
  return m?.[1] ? ` (${m[1].trim().toLowerCase()})` : '';
}

/** Words libbpf says of everything, whether it went wrong or not. */
const HARMLESS = /found (?:map|type|key|value|max_entries|map_flags|target candidate|data map|pinning)|at sec_idx|created successfully|matching candidate|patched insn|Retrying without BTF|extern .*[^t] resolved to|kernel doesn't support|loading kernel BTF|non-matching candidate|: guessed|has no max_entries|\bdefaulting\b|setting size to|skipping|optional/;

/** A loader's text is long only where it holds a log; its own lines stand around that. */
const MAX_LINES = 20_000;

/** Reads failures outside of the logs. A text in which the verifier had its word needs none of the weak ones. */
export function loadFailures(text: LogText, ranges: readonly LogRange[]): readonly LoadFailure[] {
  const found: LoadFailure[] = [];
  let read = 0;
  // libbpf: Error loading .BTF into kernel: -22. BTF is optional, ignoring.   (an older kernel, a newer clang)
  const needsNoBtf = text.text.includes('BTF is optional, ignoring');
  for (const { i, line } of outside(text, ranges)) {
    if (++read > MAX_LINES) break;
    if (HARMLESS.test(line) || (needsNoBtf && /BTF/.test(line))) continue;
    for (const pattern of PATTERNS) {
      if (pattern.weak && (ranges.length > 0 || found.length > 0)) continue;
      const m = pattern.pattern.exec(line);
      if (!m) continue;
      found.push({ class: pattern.class, program: /prog '([^']*)'/.exec(line)?.[1], message: pattern.message(m, text.text), names: (pattern.names?.(m) ?? []).filter((name): name is string => name !== undefined && name !== ''), logLine: i, text: line.trim() });
      break;
    }
  }
  return distinct(found);
}

function* outside(text: LogText, ranges: readonly LogRange[]): Generator<{ i: number; line: string }> {
  let i = 0;
  for (const range of [...ranges, { from: text.count, to: text.count }]) {
    for (; i < range.from; i++) yield { i, line: text.at(i) };
    i = Math.max(i, range.to);
  }
}

/** The first and most telling of each kind; libbpf says one failure several times, less telling each time. */
function distinct(found: readonly LoadFailure[]): readonly LoadFailure[] {
  const kept = new Map<string, LoadFailure>();
  for (const failure of found) {
    const key = `${failure.class} ${failure.program ?? ''}`;
    const known = kept.get(key);
    if (!known || (known.names.length === 0 && failure.names.length > 0)) kept.set(key, failure);
  }
  return [...kept.values()];
}
