import { KIND } from '../btf/btf.ts';
import type { Steps } from '../turns.ts';
import type { Names } from './names.ts';
import type { TypeSpace } from './type-space.ts';

const BEGIN = `#ifndef BPF_NO_KFUNC_PROTOTYPES
#if __has_attribute(bpf_fastcall)
#define __kgent_fastcall __attribute__((bpf_fastcall))
#else
#define __kgent_fastcall
#endif

`;
const END = `
#undef __kgent_fastcall
#endif
`;
/** Types looked at in one step. */
const TYPES_A_STEP = 20_000;

/**
 * Prototypes of the functions that programs may call, which kernels since 6.10 mark in their BTF: weak, so that a
 * program may ask whether the kernel it is loaded into has them.
 */
export function* kfuncPrototypes(space: TypeSpace, names: Names, declareExtern: (proto: number, name: string) => string): Steps<string> {
  const tagged = new Map<number, Set<string>>();
  for (let type = 1; type < space.end; type++) {
    if (type % TYPES_A_STEP === 0) yield;
    if (space.kind(type) !== KIND.declTag) continue;
    const func = space.target(type);
    tagged.set(func, (tagged.get(func) ?? new Set()).add(space.name(type)));
  }
  let text = '';
  for (const [func, tags] of tagged) {
    const name = space.name(func);
    if (space.kind(func) !== KIND.func || !tags.has('bpf_kfunc') || name === '' || names.isOrdinary(name)) continue;
    names.ordinary(name);
    text += `${declareExtern(space.target(func), name)} __attribute__((weak, section(".ksyms")))${tags.has('bpf_fastcall') ? ' __kgent_fastcall' : ''};\n`;
  }
  return text === '' ? '' : `${BEGIN}${text}${END}`;
}
