import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Version } from '../../../base/version.ts';
import { bundled } from '../../../../test/support/inventory.ts';
import { deleteToken, mutate, randomly, type Random } from '../../../../test/support/mutate.ts';
import { parser } from '../../../../test/support/parser.ts';
import { lint } from '../lints/lint.ts';
import { parseDocument } from '../syntax/parse.ts';
import { typeRefs } from '../syntax/walk.ts';
import { viewOf } from '../lints/view.ts';
import type { Analysis, AnalysisOptions } from './analysis.ts';
import { analyze } from './analyze.ts';
import { describeType, type BtType } from './types.ts';

const examples = readdirSync('knowledge/examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt')).toSorted().map((name) => readFileSync(join('knowledge/examples', name), 'utf8'));

const SHARED = `struct point { int x; int y; };
macro twice(@m, $v) { @m[$v] = count(); $v += 1; }
fn add($a : int64, $b : int64) : int64 { return $a + $b; }
BEGIN { @start = nsecs; $n = 1; twice(@m, $n); }
kprobe:vfs_read { @size[tid] = arg2; @p = (struct point *)arg0; }
kretprobe:vfs_read /@size[tid]/ { @h[comm] = hist(@size[tid]); $x = @p->x; @sum = sum($x); delete(@size[tid]); }
tracepoint:syscalls:sys_enter_openat { @last[pid, str(args.filename)] = nsecs; twice(@other, $k); }
interval:s:1 { $y = @sum; print(@last); $z = add(1, $y); @late = @size["a"]; @m = 1; }
END { clear(@last); print(@nothing); }
`;

/** Everything of an analysis that can be seen, as plain data. */
function seen(analysis: Analysis): unknown {
  const say = (type: BtType | undefined): string => (type ? describeType(type) : '');
  const { problems, symbols } = analysis;
  return {
    problems, lints: lint(analysis),
    symbols: symbols.all.map(({ kind, name, scope, definition, references, type, keyType }) => ({ kind, name, scope, definition, references, type: say(type), key: say(keyType) })),
    probes: analysis.probes.map(({ attachPoints, args }) => ({ points: attachPoints.map(({ span, matches }) => ({ span, matches })), args: say(args) })),
    types: viewOf(analysis, analysis.probes, true).probes.flatMap((probe) => probe.uses.map(({ expr }) => `${probe.sourceOf(expr)}: ${say(analysis.typeOf(expr))} ${typeRefs(expr).length}`)),
  };
}

/** A letter typed or a token taken away; sometimes something wilder. */
function edit(text: string, random: Random): string {
  const at = random(text.length + 1);
  if (random(8) === 0) return mutate(text, random).slice(0, 40_000);
  return random(2) === 0 ? deleteToken(text, random).text : text.slice(0, at) + 'x@1;\n'.charAt(random(5)) + text.slice(at);
}

describe('an analysis that takes over what still holds', () => {
  const random = randomly(7);
  const some = (count: number): string => Array.from({ length: count }, () => examples[random(examples.length)] ?? '').join('\n');
  const programs = [SHARED, some(3), some(6), SHARED + some(2), some(8)];
  const versions: readonly Version[] = [[0, 17, 0], [0, 23, 2], [0, 27, 1]];

  it.each(versions.flatMap((version) => programs.map((text, n) => ({ version: version.join('.'), n, options: { version, inventory: bundled, unsafe: false, targetName: 'the target' } satisfies AnalysisOptions, text }))))('says what a new one says: bpftrace $version, program $n', ({ options, text }) => {
    let document = parseDocument(parser, text);
    let analysis = analyze(document, options);
    let current = text;
    for (let n = 0; n < 40; n++) {
      // Back to the whole program at times, as an editor's undo does.
      current = n % 10 === 9 ? text : edit(current, random);
      document = parseDocument(parser, current, document);
      analysis = analyze(document, options, analysis);
      expect(seen(analysis), current).toEqual(seen(analyze(document, options)));
    }
  });

  it('looks again only at what an edit touches', () => {
    const options: AnalysisOptions = { version: [0, 27, 1], inventory: bundled, unsafe: false, targetName: 'the target' };
    const text = 'BEGIN { @a = 1; } kprobe:vfs_read { @b[tid] = nsecs; } kretprobe:vfs_read { print(@b); } END { print(@a); }';
    const before = analyze(parseDocument(parser, text), options);
    const kept = (changed: string): boolean[] => {
      const after = analyze(parseDocument(parser, changed, before.document), options, before);
      return after.probes.map(({ probe }, n) => after.pieceOf(probe) === before.pieceOf(before.probes[n]?.probe ?? probe));
    };
    expect(kept(text.replace('@a = 1', '@a = 1; @c = 2'))).toEqual([false, true, true, true]);
    // Another type reaches who uses the map; a comment in front moves everything, and changes nothing.
    expect(kept(text.replace('@a = 1', '@a = "text"'))).toEqual([false, true, true, false]);
    expect(kept(`// About this program.\n${text}`)).toEqual([true, true, true, true]);
    expect(kept(`struct s { int x; };\n${text}`)).toEqual([false, false, false, false]);
  });
});
