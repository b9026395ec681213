/** Progress goes to stderr, so that stdout holds only what the terminal program prints. */
export function say(/** @type {string} */ who, /** @type {string} */ text) {
  process.stderr.write(`kgent ${who}: ${text}\n`);
}

/** Seconds since `started` (a `Date.now()`), for people. */
export function seconds(/** @type {number} */ started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
