/**
 * Codes of the errors with which analysis says beforehand what bpftrace itself would reject. What it finds beyond
 * the compiler has other codes (see `lints/`). Each has a page `docs/findings/<code>.md`.
 */
export const forecastCodes: ReadonlySet<string> = new Set([
  'attach-point-not-found', 'bad-attach-point', 'constant-expression', 'map-key-mismatch', 'misplaced', 'needs-newer-bpftrace', 'not-assignable', 'not-traceable', 'out-of-bounds',
  'printf-arguments', 'recursive-macro', 'redefined', 'redeclared-variable', 'removed-from-bpftrace', 'string-too-long', 'syntax-error', 'type-mismatch', 'undefined-map', 'undefined-variable', 'unknown-config', 'unknown-field',
  'unknown-function', 'unknown-identifier', 'unknown-type', 'unsafe-function', 'wrong-arguments', 'wrong-config',
]);

/** Whether an error of analysis with this code is a forecast of bpftrace's own. */
export function bpftraceWouldSay(code: string): boolean {
  return forecastCodes.has(code);
}
