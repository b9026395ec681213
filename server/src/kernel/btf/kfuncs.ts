import { KIND, type Btf } from './btf.ts';

/** What pahole 1.26 and newer write beside a function that programs may call. */
const TAG = 'bpf_kfunc';

/** Names of the functions one BTF marks as callable from programs. */
export function kfuncsOf(btf: Btf): string[] {
  const names: string[] = [];
  for (let id = btf.firstId; id < btf.endId; id++) {
    // A tag on a parameter would have its number here instead of -1.
    if (btf.kind(id) !== KIND.declTag || btf.i32(btf.extraAt(id)) !== -1 || btf.text(btf.nameAt(id)) !== TAG) continue;
    names.push(nameOf(btf, btf.sizeOrType(id)));
  }
  return names;
}

function nameOf(btf: Btf, id: number): string {
  const owner = id < btf.firstId && btf.base ? btf.base : btf;
  return owner.text(owner.nameAt(id));
}
