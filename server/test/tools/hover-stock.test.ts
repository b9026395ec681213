import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Version } from '../../src/base/version.ts';
import { Described } from '../../src/knowledge/described.ts';
import { HELPERS } from '../../src/language/bpfc/catalogue/helpers.ts';
import type { Analysis, ProbeInfo } from '../../src/language/bpftrace/analysis/analysis.ts';
import { analyze } from '../../src/language/bpftrace/analysis/analyze.ts';
import { hoverAt } from '../../src/language/bpftrace/queries/hover/hover.ts';
import { recordOf } from '../../src/language/bpftrace/queries/record.ts';
import { walk } from '../../src/language/bpftrace/syntax/walk.ts';
import { bundled } from '../support/inventory.ts';
import { BUILD_MS, builtKnowledge } from '../support/knowledge.ts';
import { required } from '../support/local.ts';
import { parse } from '../support/marked.ts';

let described: Described;
beforeAll(async () => {
  described = await new Described().read(await builtKnowledge());
}, BUILD_MS);

const KERNEL = new Set(['tracepoint', 'kprobe', 'kretprobe', 'fentry', 'fexit']);
/** Functions that the bundled kernel no longer has; hovers say so. */
const GONE = new Set(['blk_account_io_start', '__blk_account_io_start', 'blk_account_io_done', '__blk_account_io_done', 'blk_start_request', 'swap_readpage']);

/** Attach points and fields of `args` of which a hover says no more than the kernel's types do. */
function silent(folder: string, version: Version): { readonly asked: number; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  let asked = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.bt'))) {
    const analysis = analyze(parse(readFileSync(join(folder, name), 'utf8')), { version, inventory: bundled, unsafe: true, targetName: 'the target' });
    for (const probe of analysis.probes) {
      for (const place of [...pointsIn(analysis, probe), ...fieldsIn(analysis, probe)]) {
        asked++;
        if (!place.told) missing.add(place.name);
      }
    }
  }
  return { asked, missing: [...missing].sort() };
}

interface Place {
  readonly name: string;
  readonly told: boolean;
}

function pointsIn(analysis: Analysis, { attachPoints }: ProbeInfo): readonly Place[] {
  return attachPoints.flatMap(({ provider = '', parts, span, node }) => {
    if (!KERNEL.has(provider) || node.text.includes('*') || GONE.has(parts.at(-1) ?? '')) return [];
    const notes = hoverAt(analysis, span.end - 1, described)?.notes ?? [];
    return [{ name: node.text, told: notes.some((note) => note.length > 40) }];
  });
}

function fieldsIn(analysis: Analysis, { placed, attachPoints }: ProbeInfo): readonly Place[] {
  const places: Place[] = [];
  walk(placed.item, (node) => {
    if (node.kind !== 'field' || !recordOf(analysis.typeOf(node.object))?.args) return;
    const first = hoverAt(analysis, placed.start + node.name.start + 1, described)?.notes[0];
    places.push({ name: `${attachPoints[0]?.node.text ?? ''} ${node.name.text}`, told: first !== undefined && !first.startsWith('In ') });
  });
  return places;
}

describe('hovers say what things mean', () => {
  it.each<[string, () => string, Version]>([
    ['the tools of bpftrace 0.17', () => '/usr/sbin', [0, 17]],
    ['the tools of bpftrace 0.27', () => join(dirname(required('KGENT_TEST_BPFTRACE_NEW')), '../root/usr/sbin'), [0, 27, 1]],
    ['the examples', () => 'knowledge/examples', [0, 27, 1]],
  ])('in %s, of every attach point and field of args', (_, folder, version) => {
    const { asked, missing } = silent(folder(), version);
    expect(missing).toEqual([]);
    expect(asked).toBeGreaterThan(90);
  });
  it('of every helper: its arguments and caveats', () => {
    expect(HELPERS.filter(({ name }) => (described.card(name)?.details.length ?? 0) === 0).map(({ name }) => name)).toEqual([]);
  });
});

/** Rows of the sample in the docs: `| place | what the hover says |`. */
const rows = [...readFileSync('docs/hovers.md', 'utf8').matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)];

describe('the sample in docs/hovers.md', () => {
  it('is a sample', () => expect(rows.length).toBeGreaterThan(25));
  it.each(rows.map(([, place = '', text = '']) => [place, text]))('%s', (place, text) => {
    const [id = '', name] = place.startsWith('struct ') ? [place] : place.split(' ');
    expect(name === undefined ? described.card(id)?.meaning : described.argument(id, name)).toBe(text);
  });
});
