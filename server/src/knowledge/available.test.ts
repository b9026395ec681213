import { expect, it } from 'vitest';
import { bundled } from '../../test/support/inventory.ts';
import { searchOn } from './available.ts';
import type { Knowledge, SearchHit } from './knowledge.ts';

const hit = (id: string, kind: SearchHit['kind'] = 'attach-point'): SearchHit => ({ id, kind, score: 1, summary: '' });
const SPECS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'tracepoint:ocfs2:ocfs2_sync_file': { needs: ['module ocfs2'] },
  'tracepoint:skb:skb_new_event': { since: '99.1' },
  bpf_of_the_future: { since: '99.2' },
};
const knowledge = (...hits: SearchHit[]): Knowledge => ({ search: (_query, { k }) => Promise.resolve(hits.slice(0, k)), coverage: () => 0, example: () => undefined, spec: (id) => SPECS[id], index: 'exact' });

it('what the kernel lacks comes last, and says what it needs', async () => {
  const found = await searchOn(knowledge(hit('tracepoint:ocfs2:ocfs2_sync_file'), hit('tracepoint:skb:kfree_skb'), hit('tracepoint:skb:skb_new_event'), hit('uprobe:/bin/bash:readline')), bundled, '', { k: 10 });
  expect(found.map(({ id, available, wants }) => [id, available, wants])).toEqual([
    ['tracepoint:skb:kfree_skb', true, undefined],
    ['uprobe:/bin/bash:readline', null, undefined],
    ['tracepoint:ocfs2:ocfs2_sync_file', false, 'module ocfs2'],
    ['tracepoint:skb:skb_new_event', false, 'Linux 99.1'],
  ]);
});
it('something else comes up in its place', async () => {
  expect((await searchOn(knowledge(hit('kprobe:not_there'), hit('kprobe:vfs_read')), bundled, '', { k: 1 })).map(({ id }) => id)).toEqual(['kprobe:vfs_read']);
});
it('helpers by their kernel, kfuncs by what the kernel marks', async () => {
  const found = await searchOn(knowledge(hit('bpf_of_the_future', 'helper'), hit('bpf_map_lookup_elem', 'helper'), hit('bpf_task_acquire', 'kfunc'), hit('bpf_no_such', 'kfunc'), hit('x', 'example')), bundled, '', { k: 10 });
  expect(found.map(({ id, available, wants }) => [id, available, wants])).toEqual([['bpf_map_lookup_elem', true, undefined], ['bpf_task_acquire', true, undefined], ['x', null, undefined], ['bpf_of_the_future', false, 'Linux 99.2'], ['bpf_no_such', false, undefined]]);
});
