import { all, calls, childIn, type CFunction, type CSource } from '../c-source.ts';
import { candidate, replace, type Candidate } from '../edit.ts';
import type { NeedOf, RepairRule } from '../situation.ts';
import { declaredKfuncs } from './kfuncs.ts';

/** A write to what was declared constant, or to a map that programs may only read. */
export const writable: RepairRule<NeedOf<'writable'>> = ({ source, rejectedFn, fn, need }) => {
  const names = new Set(all(rejectedFn.body, ({ type }) => type === 'identifier').concat(all(fn.body, ({ type }) => type === 'identifier')).map((node) => source.of(node)));
  for (const other of source.functions) if (calls(source, other.body, rejectedFn.item.name).length > 0) all(other.body, ({ type }) => type === 'identifier').forEach((node) => names.add(source.of(node)));
  const constants = source.document.items.filter(({ item }) => /^(?:(?:static|volatile)\s+)*const\b/.test(item.text) && item.declaration.kind !== 'function' && [...item.words].some((word) => names.has(word)));
  const locals = [...new Set([rejectedFn, fn])].flatMap((owner) => source.locals(owner)).filter(({ specifiers, pointers, name }) => pointers === 0 && /\bconst\b/.test(specifiers) && names.has(name));
  const flagged = [...source.text.matchAll(/[ \t]*__uint\(\s*map_flags\s*,\s*BPF_F_RDONLY_PROG\s*\);\n?/g)];
  const or = [...source.text.matchAll(/\s*\|\s*BPF_F_RDONLY_PROG|BPF_F_RDONLY_PROG\s*\|\s*/g)];
  return [
    ...(/map value|rodata/.test(need.memory) ? constants.flatMap(({ start, item }) => {
      const at = /\bconst\s+/.exec(item.text);
      return at ? [candidate('Let it be written: without `const`', { start: start + at.index, end: start + at.index + at[0].length, newText: '' })] : [];
    }) : []),
    ...locals.flatMap(({ declaration, name }) => {
      const at = /\bconst\s+/.exec(source.of(declaration));
      return at ? [candidate(`Let \`${name}\` be written: without \`const\``, replace({ start: declaration.start + at.index, end: declaration.start + at.index + at[0].length }, ''))] : [];
    }),
    ...writableSlice(source, rejectedFn),
    ...flagged.map((m) => candidate('Let programs write to the map: without BPF_F_RDONLY_PROG', { start: m.index, end: m.index + m[0].length, newText: '' })),
    ...or.map((m) => candidate('Let programs write to the map: without BPF_F_RDONLY_PROG', { start: m.index, end: m.index + m[0].length, newText: '' })),
  ];
};

/** What bpf_dynptr_slice() gives is for reading; its sister's result may be written. */
function writableSlice(source: CSource, fn: CFunction): Candidate[] {
  const names = calls(source, fn.body, 'bpf_dynptr_slice').flatMap((call) => childIn(call, 'function') ?? []);
  return names.length === 0 ? [] : [candidate('Take a slice that may be written: bpf_dynptr_slice_rdwr()', ...names.map((name) => replace(name, 'bpf_dynptr_slice_rdwr')), ...declaredKfuncs(source, ['void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *p, __u32 offset, void *buffer, __u32 buffer__szk)']))];
}
