import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { programC } from '../../../../../bench/program-c.ts';
import { parseBpfC } from '../../../../test/support/bpfc.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { deleteToken, mutate, randomly, type Random } from '../../../../test/support/mutate.ts';
import { analyzeC, type CAnalysis } from './analyze.ts';
import { checkC, pieceOf } from './check.ts';

/** Something of everything that depends on something else: helpers by program, maps by type, names that are declared. */
const SHARED = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#define SIZE 5000
struct value { char name[16]; __u64 count; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, struct value); } counts SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, SIZE); } events SEC(".maps");
static long each(__u32 i, void *c) { return bpf_xdp_adjust_head(c, 4); }
static int log_it(void *c) { bpf_printk("%d", 1); return bpf_loop(4, each, c, 0); }
SEC("xdp") int in(struct xdp_md *ctx) { return log_it(ctx); }
SEC("tc") int out(struct __sk_buff *skb) { return log_it(skb); }
SEC("fentry/vfs_read") int BPF_PROG(read, struct path *file) { bpf_copy_from_user(0, 0, 0); return bpf_map_lokup_elem(&counts, file); }
SEC("kprobe/vfs_raed") int BPF_KPROBE(typo, struct file *file) { bpf_ringbuf_output(&events, file, 1, 0); return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

const examples = readdirSync('knowledge/examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bpf.c')).toSorted().map((name) => readFileSync(join('knowledge/examples', name), 'utf8'));
const analyzed = (text: string, before?: CAnalysis): CAnalysis => analyzeC(parseBpfC(text, before?.document), { inventory: bundled }, before);

/** A letter typed or a token taken away; sometimes something wilder. */
function edit(text: string, random: Random): string {
  const at = random(text.length + 1);
  if (random(8) === 0) return mutate(text, random).slice(0, 60_000);
  return random(2) === 0 ? deleteToken(text, random).text : text.slice(0, at) + 'x;1\n('.charAt(random(5)) + text.slice(at);
}

describe('checks that take over what still holds', () => {
  const random = randomly(11);
  const some = (count: number): string => Array.from({ length: count }, () => examples[random(examples.length)] ?? '').join('\n');

  it.each([SHARED, some(2), SHARED + some(3), programC(300), some(6)].map((text, n) => ({ n, text })))('say what new ones say: program $n', ({ text }) => {
    let current = text;
    let analysis = analyzed(text);
    for (let n = 0; n < 80; n++) {
      // Back to the whole program at times, as an editor's undo does.
      current = n % 10 === 9 ? text : edit(current, random);
      analysis = analyzed(current, analysis);
      expect(checkC(analysis), current).toEqual(checkC(analyzed(current)));
    }
  });

  it('look again only at what an edit touches', () => {
    const before = analyzed(SHARED);
    checkC(before);
    /** Names of the functions and maps that were looked at again. */
    const again = (changed: string): string[] => {
      const after = analyzed(changed, before);
      return after.document.items.flatMap(({ item }) => {
        const { declaration: d } = item;
        const old = before.document.items.find(({ item: { declaration: o } }) => (o.kind === 'function' || o.kind === 'map') && o.kind === d.kind && o.name === d.name);
        return (d.kind === 'function' || d.kind === 'map') && (!old || pieceOf(item, after) !== pieceOf(old.item, before)) ? [d.name] : [];
      });
    };
    expect(again(`// About this program.\n${SHARED}`)).toEqual([]);
    expect(again(SHARED.replace('return bpf_map_lokup', '; return bpf_map_lokup'))).toEqual(['read']);
    // Another section reaches the functions that the program calls; a macro, a type or another kind of map may matter to all.
    expect(again(SHARED.replace('SEC("tc")', 'SEC("socket")'))).toEqual(['each', 'log_it', 'out']);
    expect(again(SHARED.replace('SIZE 5000', 'SIZE 8192'))).toHaveLength(8);
    expect(again(SHARED.replace('name[16]', 'name[32]'))).toHaveLength(8);
    expect(again(SHARED.replace('MAP_TYPE_HASH', 'MAP_TYPE_ARRAY'))).toHaveLength(8);
    expect(again(SHARED.replace('max_entries, 8', 'max_entries, 9'))).toEqual(['counts']);
  });
});
