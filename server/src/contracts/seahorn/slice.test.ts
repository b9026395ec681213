import { expect, it } from 'vitest';
import { IrGenerator } from '../ir/generate.test-support.ts';
import { interpret, type IrEvent } from '../ir/interpret.ts';
import { apply, bits, type IrExpr, type IrProgram, type IrStmt } from '../ir/ir.ts';
import { assertedIn, withOnly, type Asserted } from './scope.ts';
import { scopeOf } from './slice.ts';

const at = (start: number): { start: number; end: number } => ({ start, end: start + 1 });
const pid: IrExpr = { kind: 'read', name: 'pid', width: 32 };
const count: IrStmt = { kind: 'put', map: '@count', key: pid, value: apply('add', 64, { kind: 'entry', map: '@count', key: pid }, bits(1, 64)), span: at(1) };
const small: IrStmt = { kind: 'assert', condition: apply('ult', 'bool', pid, bits(100, 32)), property: 'contract', span: at(2) };

it('a map that an assertion does not depend on leaves one event to look at, and other handlers out', () => {
  const program: IrProgram = { maps: [{ name: '@count', key: 32, value: 64 }], handlers: [{ name: 'one', span: at(0), body: [count, small] }, { name: 'two', span: at(5), body: [count] }] };
  const { handlers, stateful } = scopeOf(program, new Set(assertedIn(program)));
  expect([handlers.map(({ name }) => name), stateful]).toEqual([['one'], false]);
});

it('a map that decides whether it is got to matters, and so does who writes to it', () => {
  const leave: IrStmt = { kind: 'if', condition: { kind: 'present', map: '@count', key: pid }, then: [{ kind: 'leave', span: at(1) }], otherwise: [], span: at(1) };
  const program: IrProgram = { maps: [{ name: '@count', key: 32, value: 64 }], handlers: [{ name: 'one', span: at(0), body: [leave, small] }, { name: 'two', span: at(5), body: [count] }] };
  const { handlers, stateful } = scopeOf(program, new Set(assertedIn(program)));
  expect([handlers.map(({ name }) => name), stateful]).toEqual([['one', 'two'], true]);
});

it('what is left out makes no difference, in random programs', () => {
  const random = new IrGenerator(23);
  let compared = [0, 0];
  for (let n = 0; n < 400; n++) {
    const program = random.program();
    const events = random.events(program);
    for (const one of assertedIn(program)) {
      const only = new Set<Asserted>([one]);
      const alone = withOnly(program, only);
      const { handlers, stateful } = scopeOf(program, only);
      const last = (some: readonly IrEvent[]): string => {
        const { ending, violations } = interpret(alone, some);
        return `${ending.kind === 'done' ? '' : ending.event === some.length - 1 ? 'excluded ' : 'earlier '}${violations.filter(({ event }) => event === some.length - 1).length}`;
      };
      const final = events.at(-1);
      if (!final || !handlers.some(({ name }) => name === final.handler)) continue;
      const whole = last(events);
      if (whole.startsWith('earlier')) continue;
      expect([n, last(events.filter(({ handler }) => handlers.some(({ name }) => name === handler)))]).toEqual([n, whole]);
      if (!stateful) expect([n, last([final])]).toEqual([n, whole]);
      compared = [(compared[0] ?? 0) + 1, (compared[1] ?? 0) + (stateful ? 0 : 1)];
    }
  }
  expect([(compared[0] ?? 0) > 300, (compared[1] ?? 0) > 50]).toEqual([true, true]);
});
