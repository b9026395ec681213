import { describe, expect, it } from 'vitest';
import { countVitest, sum } from './count.mjs';

const file = (/** @type {string} */ status, /** @type {string[]} */ ...tests) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });
/** @param {number} numPassedTests @param {number} numFailedTests @param {ReturnType<typeof file>[]} testResults */
const report = (numPassedTests, numFailedTests, ...testResults) => ({ numPassedTests, numFailedTests, numPendingTests: 0, testResults });

describe('countVitest', () => {
  it('counts tests', () => {
    expect(countVitest(report(2, 1, file('failed', 'passed', 'failed'), file('passed', 'passed')), 1)).toMatchObject({ passed: 2, failed: 1 });
  });
  it('counts a file that could not be loaded', () => {
    expect(countVitest(report(1, 0, file('passed', 'passed'), file('failed')), 1)).toMatchObject({ passed: 1, failed: 1 });
  });
  it('counts an error outside of every test', () => {
    expect(countVitest(report(3, 0, file('passed', 'passed')), 1)).toMatchObject({ passed: 3, failed: 1 });
  });
  it('does not take a run without tests for a success', () => {
    expect(countVitest(report(0, 0), 0)).toMatchObject({ failed: 1 });
    expect(countVitest(undefined, 0)).toMatchObject({ failed: 1 });
  });
});

it('sum adds the stages up', () => {
  expect(sum([{ passed: 1, failed: 0 }, { passed: 2, failed: 3, skipped: 4 }])).toEqual({ passed: 3, failed: 3, skipped: 4 });
});
