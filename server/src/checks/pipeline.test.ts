import { describe, expect, it } from 'vitest';
import { bundled } from '../../test/support/inventory.ts';
import { NoTarget } from '../target/none.ts';
import { range } from '../base/range.ts';
import { finding, type Finding } from './finding.ts';
import { runPipeline, type Check, type CheckContext, type CheckReport } from './pipeline.ts';

const program = { uri: 'file:///x.bpf.c', version: 1, text: 'x', language: 'c' } as const;
const wrong = finding('load', 'null-check', 'error', 'It may be NULL.', range(0, 0, 0, 1));
const withRepair = (sure: boolean): Finding => ({ ...wrong, repairs: [{ title: 'Test it', sure, edits: [] }] });

/** What a check does, step by step. */
function run(check: Partial<Check>, signal?: AbortSignal): Promise<{ reports: readonly CheckReport[]; told: string[] }> {
  const context: CheckContext = { target: new NoTarget(), inventory: () => Promise.resolve(bundled), timeoutMs: 1000, unsafe: false, signal };
  const told: string[] = [];
  const load: Check = { name: 'load', languages: ['c'], afterErrors: 'skip', run: () => Promise.resolve({ findings: [] }), ...check };
  const last: Check = { name: 'safety', languages: ['c'], afterErrors: 'run', run: () => Promise.resolve({ findings: [] }) };
  const state = ({ check: name, findings }: CheckReport): string => `${name} ${findings.flatMap(({ repairs }) => repairs.map(({ sure }) => (sure ? 'sure' : 'suggested'))).join()}`;
  const observer = { checked: (report: CheckReport) => void told.push(`checked ${state(report)}`), mended: (report: CheckReport) => void told.push(`mended ${state(report)}`) };
  return runPipeline([load, last], program, context, observer).then((reports) => ({ reports, told }));
}

describe('repairs', () => {
  it('are tried when all findings were told, and told whenever more is known', async () => {
    const mends: Partial<Check> = {
      run: () => Promise.resolve({
        findings: [wrong],
        mend: (tell) => {
          tell([withRepair(false)]);
          return Promise.resolve([withRepair(true)]);
        },
      }),
    };
    const { reports, told } = await run(mends);
    expect(told).toEqual(['checked load ', 'checked safety ', 'mended load suggested', 'mended load sure']);
    expect(reports[0]?.findings).toEqual([withRepair(true)]);
    expect(reports[0]).not.toHaveProperty('mend');
  });

  it('are neither tried nor told once nobody wants them', async () => {
    const abort = new AbortController();
    const mends: Partial<Check> = {
      run: () => Promise.resolve({
        findings: [wrong],
        mend: (tell) => {
          abort.abort();
          tell([withRepair(true)]);
          return Promise.resolve([withRepair(true)]);
        },
      }),
    };
    expect((await run(mends, abort.signal)).told).toEqual(['checked load ', 'checked safety ']);
    const { reports } = await run({ run: () => Promise.resolve({ findings: [wrong], mend: () => Promise.reject(new Error('tried')) }) }, AbortSignal.abort());
    expect(reports).toEqual([]);
  });

  it('of what has no findings are not looked for', async () => {
    const { told } = await run({ run: () => Promise.resolve({ findings: [], mend: () => Promise.reject(new Error('tried')) }) });
    expect(told).toEqual(['checked load ', 'checked safety ']);
  });
});
