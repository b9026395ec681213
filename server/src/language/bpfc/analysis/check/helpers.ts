import { editDistance } from '../../../../base/near.ts';
import { problem, type Problem } from '../../../bpftrace/problem.ts';
import { callersOf, mayCall } from '../../catalogue/allowed.ts';
import { HELPERS, helperNamed, helperSince, type Helper } from '../../catalogue/helpers.ts';
import { kfuncCallers, kfuncNamed, mayCallKfunc } from '../../catalogue/kfuncs.ts';
import { macroNamed } from '../../catalogue/macros.ts';
import { PROGRAM_TYPES } from '../../catalogue/program-types.ts';
import { callsIn, type PlacedCItem } from '../../syntax/document.ts';
import type { CCall, CFunctionItem, CItem } from '../../syntax/item.ts';
import { olderThan, type CAnalysis, type CProgram } from '../analyze.ts';

/** Helpers that a kernel has not, or that it does not let a program call. `programs` are those that the function is part of. */
export function checkHelpers(placed: PlacedCItem, fn: CFunctionItem, programs: readonly CProgram[], analysis: CAnalysis): Problem[] {
  return callsIn(placed).flatMap((call): Problem[] => {
    const helper = helperNamed(call.name);
    const missing = helper ? undefined : (missingKfunc(call, placed.item, analysis) ?? kfuncNotAllowed(call, programs, analysis));
    if (missing) return [missing];
    if (analysis.declared.has(call.name)) return [];
    if (!helper) return misspelt(call, analysis);
    return tooNew(call, helper, analysis) ?? notAllowed(call, helper, fn.name, programs, analysis) ?? mustSleep(call, helper, programs) ?? [];
  });
}

/**
 * A kfunc that is newer than the kernel, called without asking whether it is there. Macros that stand for kfuncs have names of
 * their own. A stand-in for the target's kernel may be older than that.
 */
function missingKfunc({ name, nameSpan }: CCall, { words }: CItem, { inventory, version, shared }: CAnalysis): Problem | undefined {
  const since = name.startsWith('scx_') ? undefined : kfuncNamed(name)?.since;
  if (!since || inventory.source !== 'target' || !olderThan(version, since) || inventory.kfuncs().includes(name) || shared.functions.has(name)) return undefined;
  if (shared.weak.has(name) || words.has('bpf_ksym_exists')) return undefined;
  const severity = inventory.kfuncs().length > 0 ? 'error' : 'warning';
  return problem('kfunc-too-new', severity, `The kfunc ${name} is there since Linux ${since.join('.')}; ${inventory.label} has it not. To do without it there, declare it __weak and ask bpf_ksym_exists(${name}).`, nameSpan);
}

/** Only what is the kernel's and no program the code is in may call. A weak one may be asked for, which a program of another type does too. */
function kfuncNotAllowed({ name, nameSpan }: CCall, programs: readonly CProgram[], { inventory, shared }: CAnalysis): Problem | undefined {
  const refused = programs[0];
  if (!refused?.type || shared.functions.has(name) || shared.weak.has(name) || !inventory.kfuncs().includes(name)) return undefined;
  if (!programs.every(({ type }) => type && mayCallKfunc(inventory, type.name, name) === 'no')) return undefined;
  const types = PROGRAM_TYPES.map((type) => type.name).filter((type) => kfuncCallers(name)?.has(type));
  const who = types.length === 0 ? 'No type of program may.' : `These may: ${types.join(', ')}.`;
  return problem('kfunc-not-allowed', 'error', `The kfunc ${name} is not for programs of type ${refused.type.name} on ${inventory.label}. ${who}`, nameSpan);
}

function misspelt({ name, nameSpan }: CCall, { closed, inventory }: CAnalysis): Problem[] {
  if (!closed || !/^bpf_\w{4,}$/.test(name) || macroNamed(name) || inventory.kfuncs().includes(name)) return [];
  const near = HELPERS.map((helper) => ({ name: helper.name, distance: editDistance(name, helper.name, 2) })).filter(({ distance }) => distance <= 2).toSorted((a, b) => a.distance - b.distance)[0];
  if (!near) return [];
  return [{ ...problem('unknown-helper', 'error', `There is no helper ${name}. Did you mean ${near.name}?`, nameSpan), repairs: [{ title: `Write ${near.name}`, sure: false, edits: [{ span: nameSpan, newText: near.name }] }] }];
}

/** Kernels of distributions may have a helper before its time: their BTF tells. */
function tooNew({ nameSpan }: CCall, { name }: Helper, { inventory, version }: CAnalysis): Problem[] | undefined {
  const since = helperSince(name);
  if (!since || !olderThan(version, since) || inventory.types.enumerator(name.replace(/^bpf_/, 'BPF_FUNC_'))) return undefined;
  return [problem('helper-too-new', 'error', `${name} is there since Linux ${since.join('.')}; ${inventory.label} has it not.`, nameSpan)];
}

function notAllowed({ nameSpan }: CCall, { name }: Helper, caller: string, programs: readonly CProgram[], { inventory }: CAnalysis): Problem[] | undefined {
  const refused = programs[0];
  // Shared code may ask which program it is in: only what no program may call is surely wrong.
  if (!refused?.type || !programs.every(({ type }) => type && mayCall(inventory, type.name, name) === 'no')) return undefined;
  const { types: callers } = callersOf(inventory, PROGRAM_TYPES.map((type) => type.name), name);
  const whose = refused.fn.name !== caller ? ` (${refused.fn.name})` : '';
  const who = callers.length === 0 ? 'No other type may call it there.' : `These may call it: ${callers.slice(0, 8).join(', ')}${callers.length > 8 ? ` and ${callers.length - 8} more` : ''}.`;
  return [problem('helper-not-allowed', 'error', `${name} is not for programs of type ${refused.type.name}${whose} on ${inventory.label}. ${who}`, nameSpan)];
}

function mustSleep({ nameSpan }: CCall, { name, sleepable }: Helper, programs: readonly CProgram[]): Problem[] | undefined {
  if (!sleepable || !/^bpf_copy_from_user/.test(name)) return undefined;
  // Code that several programs share may ask which of them it is in.
  const refused = programs.every(({ section }) => section && !section.kind.sleepable && section.kind.type !== 'struct_ops') ? programs[0] : undefined;
  if (!refused?.section) return undefined;
  const { prefix, type } = refused.section.kind;
  const can = /^(?:fentry|fexit|fmod_ret|lsm|iter|uprobe|uretprobe|usdt)/.test(prefix) || type === 'lsm';
  return [problem('sleepable', 'error', `${name} may wait, so only programs that may sleep can call it. ${can ? `Write SEC("${prefix}.s/…").` : 'Use bpf_probe_read_user, which does not wait.'}`, nameSpan)];
}
