import { describe, expect, it } from 'vitest';
import { explainText } from '../explain/explain.ts';

const said = (text: string): string[] => explainText(text).map((e) => `${e.class}: ${e.message}`);

describe('what a loader says without the verifier', () => {
  it('a section name that means nothing, whatever it looks like', () => {
    expect(said("libbpf: failed to guess program type from ELF section 'kprobes/x'\n")).toEqual([expect.stringMatching(/^attach-target: The section name `kprobes\/x` tells no type/)]);
  });
  it('root is not told to become root', () => {
    const refused = "libbpf: prog 'f': BPF program load failed: Operation not permitted\n";
    expect(said(refused)).toEqual([expect.stringMatching(/^privileges: .*Load as root/)]);
    expect(said(`${refused}libbpf: permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB\n`)).toEqual([expect.stringMatching(/^privileges: .*even to root/)]);
  });
  it('newer loaders give the names of errors', () => {
    expect(said("libbpf: prog 'f': BPF program load failed: -EPERM\n")).toEqual([expect.stringMatching(/^privileges: /)]);
    expect(said("libbpf: prog 'f': failed to find kernel BTF type ID of 'nope': -ESRCH\nlibbpf: prog 'f': failed to load: -ESRCH\n")).toEqual([expect.stringMatching(/^attach-target: `nope`/)]);
  });
  it('type information an older kernel does not know is no failure where the program does without', () => {
    const text = "libbpf: Error loading BTF: Invalid argument(22)\nlibbpf: magic: 0xeb9f\nlibbpf: Error loading .BTF into kernel: -22. BTF is optional, ignoring.\nlibbpf: load bpf program failed: Invalid argument\nlibbpf: -- BEGIN DUMP LOG ---\nlibbpf: \n0: (85) call bpf_skb_store_bytes#9\nunknown func bpf_skb_store_bytes#9\nprocessed 1 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n\nlibbpf: -- END LOG --\nlibbpf: failed to load program 'f'\n";
    expect(said(text)).toEqual([expect.stringMatching(/^helper-not-allowed: /)]);
  });
});
