import { all, argumentsOf, calls, childIn, find, type CNode, type CSource } from '../c-source.ts';
import { candidate, insert, replace, type Candidate, type Edit } from '../edit.ts';
import type { NeedOf, RepairRule } from '../situation.ts';
import { included } from './reads.ts';

/** A licence that lets the kernel's GPL-only functions be called and keeps what it was. */
const DUAL: readonly (readonly [RegExp, string])[] = [[/MIT/, 'Dual MIT/GPL'], [/BSD/, 'Dual BSD/GPL'], [/MPL/, 'Dual MPL/GPL']];

/** A function that may not be called here: another that does the same, another section, a licence. */
export const callable: RepairRule<NeedOf<'callee-allowed'>> = (s) => {
  const { need, source, rejected, rejectedFn } = s;
  if (need.why === 'licence') return licence(source);
  const others = calls(source, rejected, need.callee).flatMap((call) => replacements(source, need.callee, call, source.contextOf(rejectedFn), all(rejectedFn.body, () => true)[0] ?? call, rejectedFn.item.params.at(-1)?.name));
  return [...(need.why === 'sleepable' ? sleepable(s) : []), ...others];
};

export function licence(source: CSource): Candidate[] {
  const at = /(SEC\(\s*"license"\s*\)[^=;]*=\s*)"([^"\n]*)"/.exec(source.text);
  if (!at) {
    const last = [...source.text.matchAll(/^[ \t]*#[ \t]*include\b[^\n]*/gm)].at(-1);
    return [candidate('Say that the program is under the GPL', insert(last ? last.index + last[0].length : 0, '\n\nchar LICENSE[] SEC("license") = "GPL";'))];
  }
  const text = at[2] ?? '';
  const wanted = DUAL.find(([pattern]) => pattern.test(text))?.[1] ?? 'GPL';
  const start = at.index + (at[1] ?? '').length;
  return [...new Set([wanted, 'GPL'])].map((name) => candidate(`Say that the program is under "${name}"`, { start, end: start + text.length + 2, newText: `"${name}"` }));
}

/** A section whose programs may sleep. */
function sleepable({ source, fn, explanation, rejectedFn }: Parameters<typeof callable>[0]): Candidate[] {
  const program = source.functions.find(({ item }) => item.name === explanation.program) ?? [rejectedFn, fn].find(({ item }) => item.section);
  const at = program && /SEC\(\s*"(fentry|fexit|fmod_ret|lsm|lsm_cgroup|iter|uprobe|uretprobe|usdt|syscall|struct_ops)(?=[/"])/.exec(source.of(program.span));
  if (!at || !program) return [];
  const end = program.span.start + at.index + at[0].length;
  return [candidate(`Make it a program that may sleep: "${at[1] ?? ''}.s"`, insert(end, '.s'))];
}

type Swap = readonly [from: RegExp, to: string, args?: (args: readonly string[], context: string) => readonly string[] | undefined];

/** Helpers that do the same for another kind of program. */
const SWAPS: readonly Swap[] = [
  [/^bpf_copy_from_user$/, 'bpf_probe_read_user'],
  [/^bpf_copy_from_user_str$/, 'bpf_probe_read_user_str', (args) => args.slice(0, 3)],
  [/^bpf_skb_load_bytes(?:_relative)?$/, 'bpf_xdp_load_bytes', (args) => args.slice(0, 4)],
  [/^bpf_xdp_load_bytes$/, 'bpf_skb_load_bytes'],
  [/^bpf_skb_store_bytes$/, 'bpf_xdp_store_bytes', (args) => args.slice(0, 4)],
  [/^bpf_xdp_store_bytes$/, 'bpf_skb_store_bytes', (args) => [...args, '0']],
  [/^bpf_xdp_adjust_tail$/, 'bpf_skb_change_tail', ([context, delta]) => [context ?? '', `${context ?? ''}->len + (${delta ?? '0'})`, '0']],
  [/^bpf_skb_change_tail$/, 'bpf_xdp_adjust_tail', ([context, length]) => [context ?? '', `(int)(${length ?? '0'}) - (int)(${context ?? ''}->data_end - ${context ?? ''}->data)`]],
  // A negative number makes room at the packet's beginning, another one takes bytes away.
  [/^bpf_xdp_adjust_head$/, 'bpf_skb_change_head', ([context, delta]) => (delta?.startsWith('-') === true ? [context ?? '', delta.slice(1), '0'] : undefined)],
  [/^bpf_xdp_adjust_head$/, 'bpf_skb_adjust_room', ([context, delta]) => (delta?.startsWith('-') === true ? undefined : [context ?? '', `-(__s32)(${delta ?? '0'})`, 'BPF_ADJ_ROOM_MAC', '0'])],
  [/^bpf_get_current_task_btf$/, 'bpf_get_current_task'],
  [/^bpf_get_current_task$/, 'bpf_get_current_task_btf'],
  [/^bpf_probe_read_(kernel|user)$/, 'bpf_probe_read'],
  [/^bpf_probe_read$/, 'bpf_probe_read_kernel'],
  [/^bpf_probe_read_str$/, 'bpf_probe_read_kernel_str'],
  [/^bpf_dynptr_from_xdp$/, 'bpf_dynptr_from_skb'],
  [/^bpf_dynptr_from_skb$/, 'bpf_dynptr_from_xdp'],
  [/^bpf_get_socket_cookie$/, 'bpf_get_netns_cookie'],
  [/^bpf_ktime_get_(?:coarse_ns|tai_ns)$/, 'bpf_ktime_get_ns', () => []],
  [/^bpf_ktime_get_ns$/, 'bpf_ktime_get_boot_ns', () => []],
  [/^bpf_sk_lookup_tcp$/, 'bpf_skc_lookup_tcp'],
  [/^bpf_send_signal_thread$/, 'bpf_send_signal'],
  [/^bpf_redirect_map$/, 'bpf_redirect', (args) => [args[1] ?? '0', '0']],
  [/^bpf_redirect(?:_peer|_neigh)?$/, 'bpf_redirect', (args) => [args[0] ?? '0', '0']],
  [/^bpf_perf_event_output$/, 'bpf_skb_output'],
  [/^bpf_xdp_dynptr_slice$/, 'bpf_dynptr_slice'],
];

function replacements(source: CSource, callee: string, call: CNode, context: string | undefined, body: CNode, lastParam: string | undefined): Candidate[] {
  const args = argumentsOf(call).map((arg) => source.of(arg).replace(/^\((?:void|struct \w+) \*\)\s*(?=\w+$)/, ''));
  const list = childIn(call, 'arguments');
  const name = childIn(call, 'function');
  if (!list || !name) return [];
  const swapped = SWAPS.filter(([from]) => from.test(callee)).flatMap(([, to, change]) => {
    const given = change ? change(args, context ?? 'ctx') : args;
    return given ? [candidate(`Call ${to}() instead`, replace(call, `${to}(${given.join(', ')})`))] : [];
  });
  return [...swapped, ...returnValue(source, callee, call, body, lastParam)];
}

/** The traced function's arguments and result where the helpers for them do not exist. */
function returnValue(source: CSource, callee: string, call: CNode, body: CNode, lastParam: string | undefined): Candidate[] {
  const into = argumentsOf(call).at(-1);
  const target = into && /^&/.test(source.of(into)) ? source.of(into).slice(1) : undefined;
  if (target === undefined || !/^bpf_get_func_(?:ret|arg)$/.test(callee)) return [];
  const number = callee === 'bpf_get_func_arg' ? Number(source.of(argumentsOf(call)[1] ?? call)) + 1 : undefined;
  const value = number === undefined ? 'PT_REGS_RC((struct pt_regs *)ctx)' : `PT_REGS_PARM${number}((struct pt_regs *)ctx)`;
  const text = (what: string): string => (call.parent?.type === 'expression_statement' ? `${target} = ${what}` : `({ ${target} = ${what}; 0; })`);
  const header: Edit[] = included(source, 'bpf/bpf_tracing.h');
  const param = number === undefined && lastParam !== undefined && find(body, () => true) ? [candidate(`Take the result that the program is given, \`${lastParam}\``, replace(call, text(lastParam)))] : [];
  return [...param, candidate(`Read it with ${value.split('(')[0] ?? ''}()`, replace(call, text(value)), ...header)];
}
