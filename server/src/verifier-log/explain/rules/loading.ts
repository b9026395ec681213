import type { Draft, Rule } from '../rule.ts';
import { plainRule } from '../rule.ts';
import { lineWithin, type Code } from '../c/code.ts';
import type { FunctionOutline } from '../c/outline.ts';
import { bare, identifiers, literal } from '../c/text.ts';
import { lineAt, placeOfLine, type Situation } from '../situation.ts';

/** The line that reads the field, at or behind the last one the log tells: relocations stand before the steps of the read. It may be in a function called there. */
function fieldPlace(s: Situation, field: string | undefined): Pick<Draft, 'cause'> {
  const from = lineAt(s, s.at);
  if (field === undefined || from === undefined) return {};
  const { code } = s.source;
  const word = new RegExp(`\\b${literal(field.replace(/\[.*$/, ''))}\\b`);
  const behind = code.statements(code.functionAt(from)).filter((each) => each.end >= from);
  for (let line = from; line <= code.functionEnd(from); line++) if (word.test(bare(s.source.text(line)))) return { cause: placeOfLine(s, line) };
  const called = reached(code, behind.map((each) => each.text)).flatMap((f) => code.statements(f)).find((each) => word.test(each.text));
  return called ? { cause: placeOfLine(s, lineWithin(called, field.replace(/\[.*$/, ''))) } : {};
}

/** Functions of the program that statements call, and those these call, the nearest first. */
function reached(code: Code, texts: readonly string[]): FunctionOutline[] {
  const found: FunctionOutline[] = [];
  for (let queue = [...texts]; queue.length > 0;) {
    const names = new Set(queue.flatMap((text) => identifiers(text)));
    const next = code.functions.filter((f) => f.name !== '' && names.has(f.name) && !found.includes(f));
    found.push(...next);
    queue = next.flatMap((f) => code.statements(f).map((each) => each.text));
  }
  return found;
}

function relocated(s: Situation): string | undefined {
  return s.log.complaint.map((line) => /CO-RE relocation <\w+> \[\d+\] (.+?)(?: \(|$)/.exec(line)?.[1]).find((name) => name !== undefined);
}

/** The definition of a map the verifier names. */
function mapPlace(s: Situation, map: string | undefined): Pick<Draft, 'cause'> {
  const sized = map === undefined ? undefined : s.source.mapDefinition(map, /value_size/);
  if (sized !== undefined) return { cause: placeOfLine(s, sized) };
  const place = map === undefined ? undefined : s.source.find(map);
  return place ? { cause: place } : {};
}

/** Words in a verifier's log that are about what the program was built from, not about its steps. */
export const loadingRules: readonly Rule[] = [
  // failed to resolve CO-RE relocation <byte_off> [12] struct task_struct.nope (0:5 @ offset 8)
  plainRule(/failed to resolve CO-RE relocation <(\w+)> \[\d+\] (.+?)(?: \([\d:]+.*)?$|<invalid CO-RE relocation>|invalid func unknown#195896080/, (m, s) => ({
    class: 'core-relocation',
    message: `The kernel here does not have ${relocated(s) === undefined ? 'a field or type that is read' : `\`${relocated(s) ?? ''}\``}. Ask with bpf_core_field_exists() or bpf_core_type_exists() before it is used, or use the name this kernel has.`,
    need: { kind: 'field', ...(m[2] === undefined ? {} : { type: m[2] }) },
    ...fieldPlace(s, relocated(s)?.replace(/ = .*$|\[\d+\]$/, '').split(/\.|::/).at(-1)),
  })),
  // BPF map 'm' is referenced but wasn't created
  plainRule(/BPF map '([^']*)' is referenced but wasn't created|fd -?\d+ is not pointing to valid bpf_map|<invalid BPF map reference>|unrecognized bpf_ld_imm64/, (m) => ({
    class: 'map-setup',
    message: `The map ${m[1] === undefined ? 'used here' : `\`${m[1]}\``} was not created, so the program cannot use it. Look at its definition, and let it be created.`,
  })),
  plainRule(/kfunc '([^']*)' is referenced but wasn't resolved|<invalid kfunc call>/, (m) => ({ class: 'kfunc-not-allowed', message: `This kernel does not have the function ${m[1] ?? 'called here'}(). Declare it __weak and ask with bpf_ksym_exists() before it is called, or use another.`, need: { kind: 'callee-allowed', callee: m[1] ?? '', why: 'kernel' } })),
  // map 'g' has to have BTF in order to use bpf_spin_lock
  plainRule(/map '([^']*)' has to have BTF/, (m, s) => ({ class: 'btf', message: `The map \`${m[1] ?? ''}\` has no type information for its value, which is needed for what lies in it. Define it with __type(key, …) and __type(value, …).`, ...mapPlace(s, m[1]) })),
  plainRule(/(?:offload device mismatch|Sleepable programs can only|struct_ops map cannot be used|map_ptr access|cannot use bpf_(?:timer|spin_lock|list_head|rb_root))/, () => ({ class: 'map-setup', message: 'A map of this kind cannot be used in a program of this type. Use another type of map.' })),
  plainRule(/attach_btf_id|attach_prog|(?:struct_ops|LSM hook|attach to unsupported)|is not modifiable|cannot (?:ext|replace)|Cannot replace|must attach|Attach to unsupported|type UNKNOWN|bpf_lsm_\w+|btf_id \d+ is not a function|Cannot recursively attach|FENTRY|FEXIT/i, (m) => ({
    class: 'attach-target',
    message: `The program cannot be attached where it says (${m.input.trim().slice(0, 160)}). Name a function, hook or member that exists here and may be attached to.`,
  })),
  // missing btf func_info   |   number of funcs in func_info doesn't match   |   Invalid BTF line   |   magic mismatch
  plainRule(/func_info|line_info|BTF|Invalid name|Invalid type|magic|kernel is missing BTF/i, () => ({ class: 'btf', message: 'The type information of the object (BTF) is missing or not valid for this kernel. Build with `clang -g` of a current version, and leave the section .BTF in the object.' })),
  plainRule(/CAP_(?:BPF|SYS_ADMIN|PERFMON|NET_ADMIN|SYS_BOOT)|for !root|unprivileged|prohibited for !root|not permitted/i, () => ({ class: 'privileges', message: 'This needs more rights than the loading process has. Load as root, or with the capabilities CAP_BPF and CAP_PERFMON (CAP_NET_ADMIN for network programs).' })),
];
