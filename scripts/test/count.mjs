/** What came out of one stage. @typedef {{passed: number, failed: number, skipped?: number}} Count */

/**
 * The part of vitest's JSON report that we read.
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {{status: string, assertionResults: {status: string}[]}[]} testResults
 */

/**
 * Counts a vitest run. A file that could not even be loaded, an error outside every test and a run
 * without tests are failures, which the numbers of tests alone do not show.
 * @param {VitestReport | undefined} report @param {number} exitCode
 * @returns {Count}
 */
export function countVitest(report, exitCode) {
  if (!report) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const failed = report.numFailedTests + broken.length;
  const passed = report.numPassedTests;
  const hidden = failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : 0;
  return { passed, failed: failed + hidden, skipped: report.numPendingTests };
}

/** The sum over the stages. */
export function sum(/** @type {Count[]} */ counts) {
  /** @type {Required<Count>} */
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped = 0 } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}
