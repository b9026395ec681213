import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainText } from '../explain/explain.ts';
import { parseLog } from './log.ts';

/**
 * Kernels beside the two the corpus is judged by, how many of their logs there are at least, and the least share of them with
 * the cause on the same line. Linux 5.10 prints few states, and no object whose types it does not know has lines at all.
 */
const KERNELS = [['5.10', 95, 0.85], ['6.1', 190, 0.95], ['7.2', 220, 0.98]] as const;
const ROOT = 'test-fixtures/verifier';

interface Recording {
  readonly id: string;
  readonly source: string;
  /** What is expected: the same as of the log of a kernel the corpus is judged by. */
  readonly reference: string;
  readonly log: string;
}

function recordings(kernel: string): readonly Recording[] {
  const folders = (path: string): string[] => readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders(ROOT).flatMap((kind) => folders(`${ROOT}/${kind}`).flatMap((name): Recording[] => {
    const at = `${ROOT}/${kind}/${name}`;
    const reference = ['6.18', '6.12'].map((known) => `${at}/logs/${known}.log`).find((file) => existsSync(file));
    const file = `${at}/logs/${kernel}.log`;
    if (reference === undefined || !existsSync(file)) return [];
    const [source, ...logs] = [`${at}/rejected.bpf.c`, reference, file].map((path) => readFileSync(path, 'utf8'));
    return [{ id: `${kind}/${name}`, source: source ?? '', reference: logs[0] ?? '', log: logs[1] ?? '' }];
  }));
}

interface Judged {
  readonly class: string;
  readonly line: number;
}

function judge(log: string, source: string): Judged {
  const [first] = explainText(log, { source });
  return { class: first?.class ?? 'none', line: first?.cause.line ?? 0 };
}

describe.each(KERNELS)('Linux %s', (kernel, least, lines) => {
  const all = recordings(kernel);
  const judged = all.map(({ id, source, reference, log }) => ({ id, here: judge(log, source), there: judge(reference, source) }));
  const share = (right: (one: (typeof judged)[number]) => boolean): number => judged.filter(right).length / judged.length;

  it('its logs say the same class and cause', () => {
    // Names of the half that nobody looked at stay unsaid.
    for (const { id, here, there } of judged) if (/\/[a-m]/.test(id) && JSON.stringify(here) !== JSON.stringify(there)) console.log(`${kernel} ${id}: ${here.class} at ${here.line}, elsewhere ${there.class} at ${there.line}`);
    console.log(`${kernel}: ${judged.length} logs, same class ${(share(({ here, there }) => here.class === there.class) * 100).toFixed(1)} %, same line ${(share(({ here, there }) => here.line === there.line) * 100).toFixed(1)} %`);
    expect(judged.length).toBeGreaterThanOrEqual(least);
    expect(share(({ here, there }) => here.class === there.class)).toBeGreaterThanOrEqual(0.95);
    expect(share(({ here, there }) => here.line === there.line)).toBeGreaterThanOrEqual(lines);
  });

  it('none stays without an explanation', () => {
    expect(judged.filter(({ here }) => here.class === 'none' || here.class === 'unknown').length).toBeLessThanOrEqual(1);
  });

  it('each instruction it prints is known', () => {
    const unknown = all.flatMap(({ id, log }) => parseLog(log).programs.flatMap(({ trace }) => Array.from({ length: trace.count }, (_, i) => i).filter((i) => trace.instruction(i).kind === 'other').map((i) => `${id}: ${trace.text.at(trace.lineOf(i))}`)));
    expect(unknown).toEqual([]);
  });
});
