import { nearest } from '../../../../base/near.ts';
import type { Span } from '../../../../base/span.ts';
import type { Inventory, ListedProvider } from '../../../../kernel/inventory.ts';
import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { readSection, SECTION_KINDS, type Section } from '../../catalogue/sections.ts';
import { inC } from '../../syntax/document.ts';
import { olderThan, type CAnalysis, type CProgram } from '../analyze.ts';
import { functionName } from '../prototype.ts';

/** A section that libbpf does not know, or an attach point that the kernel has not. */
export function checkSection({ placed, fn, sectionName, section }: CProgram, { inventory, version }: CAnalysis): Problem[] {
  if (!fn.section) return [];
  const span = inC(placed, fn.section.nameSpan);
  if (!section) return [unknownSection(sectionName, span)];
  const { kind, target, targetAt } = section;
  const since = kind.since;
  if (since && olderThan(version, since) && kind.type !== 'tracing') {
    return [problem('section-too-new', 'error', `SEC("${kind.prefix}") needs Linux ${since.join('.')}; ${inventory.label} is older.`, span)];
  }
  if (target === '') return kind.target === 'needed' && !sectionName.startsWith('?') ? [problem('attach-target', 'info', `SEC("${sectionName}") does not say what to attach to, so nothing attaches it by itself. Write SEC("${kind.prefix}/${EXAMPLES[kind.attach] ?? 'name'}").`, span)] : [];
  const at = { start: Math.min(span.start + targetAt, span.end), end: span.end };
  const missing = missingTarget(inventory, section);
  return missing ? [targetProblem(missing, inventory, at)] : [];
}

const EXAMPLES: Readonly<Partial<Record<string, string>>> = { tracepoint: 'category/event', 'raw-tracepoint': 'event', 'btf-tracepoint': 'event', function: 'function', 'function-pattern': 'pattern*', syscall: 'openat', lsm: 'file_open', iter: 'task' };

function unknownSection(name: string, span: Span): Problem {
  const prefix = /^\??[\w.]+/.exec(name)?.[0] ?? name;
  const prefixes = SECTION_KINDS.map((kind) => kind.prefix);
  const whole = [`cgroup/${name}`, ...nearest(name, prefixes)].find((candidate) => prefixes.includes(candidate));
  const begins = whole === undefined ? nearest(prefix, prefixes, 3).map((first) => `${first}${name.slice(prefix.length)}`) : [];
  const meant = whole ?? begins.find((candidate) => readSection(candidate));
  if (meant === undefined) return problem('unknown-section', 'warning', `libbpf does not know SEC("${name}"): whoever loads this program must say what type it is.`, span);
  // A name that is all the user's own may be near one by chance.
  return { ...problem('unknown-section', name.includes('/') ? 'error' : 'warning', `libbpf does not know SEC("${name}"). Did you mean "${meant}"?`, span), repairs: [{ title: `Write "${meant}"`, sure: false, edits: [{ span, newText: meant }] }] };
}

interface Missing {
  readonly message: string;
  /** What may have been meant, as the target of the section. */
  readonly meant: string | undefined;
}

/** A stand-in for the target's kernel may lack modules that the target has; a name that is nearly one is a slip all the same. */
function targetProblem({ message, meant }: Missing, inventory: Inventory, span: Span): Problem {
  const severity = inventory.source === 'target' || meant !== undefined ? 'error' : 'warning';
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return { ...problem('attach-target', severity, `${message}${hint}`, span), repairs: meant === undefined ? [] : [{ title: `Write ${meant}`, sure: false, edits: [{ span, newText: meant }] }] };
}

function missingTarget(inventory: Inventory, { kind: { attach, prefix }, target }: Section): Missing | undefined {
  const on = inventory.label;
  switch (attach) {
    case 'tracepoint': {
      const [category = '', event, ...more] = target.split('/');
      if (event === undefined || event === '' || more.length > 0) return { message: `A tracepoint is written ${prefix}/category/event.`, meant: undefined };
      return absent(inventory, 'tracepoint', [category, event], `There is no tracepoint ${category}:${event} on ${on}.`, '/');
    }
    case 'raw-tracepoint':
      return absent(inventory, 'rawtracepoint', [target], `There is no tracepoint ${target} on ${on}.`, '/');
    case 'btf-tracepoint':
      return btfTracepoint(inventory, target);
    case 'function':
      return absent(inventory, 'kprobe', [functionName(target)], `The function ${functionName(target)} cannot be traced on ${on}: it does not exist there, was inlined or is not allowed.`, '');
    case 'function-pattern':
      return inventory.probes.knows('kprobe') && inventory.probes.countMatches('kprobe', target) === 0 ? { message: `No function that can be traced on ${on} matches ${target}.`, meant: undefined } : undefined;
    case 'btf-function':
      return btfFunction(inventory, prefix, target);
    case 'syscall':
      return absent(inventory, 'tracepoint', ['syscalls', `sys_enter_${target}`], `There is no system call ${target} on ${on}.`, 'syscall');
    case 'lsm':
      return hasFunctions(inventory) && !inventory.func(`bpf_lsm_${target}`) ? { message: `There is no LSM hook ${target} for BPF on ${on}.`, meant: undefined } : undefined;
    case 'iter':
      return absent(inventory, 'iter', [target], `There is no iterator ${target} on ${on}.`, '');
    default:
      return undefined;
  }
}

/** Lists say nothing where they are not known. `join` puts a similar name's parts together: `syscall` takes the prefix off. */
function absent({ probes }: Inventory, provider: ListedProvider, parts: string[], message: string, join: string): Missing | undefined {
  if (!probes.knows(provider) || probes.has(provider, ...parts)) return undefined;
  const similar = probes.similar(provider, parts, 1)[0]?.split(':').slice(1);
  const meant = similar && (join === 'syscall' ? similar.at(-1)?.replace(/^sys_(?:enter|exit)_/, '') : provider === 'tracepoint' ? similar.join('/') : similar.at(-1));
  return { message, meant };
}

function btfTracepoint(inventory: Inventory, target: string): Missing | undefined {
  const { types, label } = inventory;
  if (types.typedef(`btf_trace_${target}`)) return undefined;
  const known = types.namesWith('typedef', 'btf_trace_', 5000);
  if (known.length === 0) return undefined;
  const meant = nearest(target, known.map((name) => name.slice('btf_trace_'.length)))[0];
  return { message: `There is no tracepoint ${target} in the BTF of ${label}.`, meant };
}

function btfFunction(inventory: Inventory, prefix: string, target: string): Missing | undefined {
  const { probes, label } = inventory;
  const name = functionName(target);
  if (!hasFunctions(inventory)) return undefined;
  const fn = inventory.func(name);
  if (fn && prefix.startsWith('fmod_ret')) return undefined;
  if (fn && (!probes.knows('kprobe') || probes.has('kprobe', name))) return undefined;
  if (probes.knows('kprobe') && probes.has('kprobe', name)) return { message: `${name} has no BTF on ${label}, so ${prefix} cannot attach. A kprobe can: kprobe/${name}.`, meant: undefined };
  const meant = probes.similar('fentry', [name], 1)[0]?.split(':').at(-1);
  return { message: `${prefix} cannot attach to ${name} on ${label}: there is no such function, or it was inlined.`, meant };
}

/** BTF may not be known at all; every kernel has this one. */
function hasFunctions(inventory: Inventory): boolean {
  return inventory.func('schedule') !== undefined;
}
