import { afterAll, expect, it } from 'vitest';
import { Z3Solver } from '../../solver/z3.ts';
import { IrGenerator } from '../ir/generate.test-support.ts';
import { interpret } from '../ir/interpret.ts';
import { prove } from './prove.ts';
import { placeId } from './sample.ts';

const PROGRAMS = 8;
const RUNS = 150;

const solver = new Z3Solver();
afterAll(() => solver.dispose());

it('what is proved of random programs is never seen broken, and what is called vacuous is never got to', { timeout: 40_000 }, async () => {
  const random = new IrGenerator(5);
  let proved = 0;
  for (let n = 0; n < PROGRAMS; n++) {
    const program = random.program();
    const verdicts = await prove({ program, unsupported: [], assumptions: [] }, solver, { timeoutMs: 200, totalMs: 800, events: 1 });
    const sure = new Set(verdicts.filter(({ result }) => result.kind === 'proved').map(placeId));
    const empty = new Set(verdicts.filter(({ result }) => result.kind === 'unknown' && result.reason === 'vacuous').map(placeId));
    proved += sure.size;
    for (let run = 0; run < RUNS; run++) {
      const { violations, reached } = interpret(program, random.events(program));
      expect([n, violations.map(placeId).filter((place) => sure.has(place))]).toEqual([n, []]);
      expect([n, [...reached].map(placeId).filter((place) => empty.has(place))]).toEqual([n, []]);
    }
  }
  expect(proved).toBeGreaterThan(3);
});
