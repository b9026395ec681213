import type { Outline, OutlinedProbe } from '../../language/bpftrace/syntax/outline.ts';

/**
 * The program with some probes that do nothing: what they do stays to be read, since it says of which type variables and maps
 * are, but behind a condition that never holds, and the compiler leaves it out (measured with 0.17 and 0.27).
 */
export function silence({ text, probes }: Outline, silent: ReadonlySet<OutlinedProbe>): string {
  let silenced = '';
  let done = 0;
  for (const { start, probe } of probes.filter((each) => silent.has(each))) {
    const body = { start: start + probe.body.start, end: start + probe.body.end };
    silenced += `${text.slice(done, start + probe.header.end)} { if (0) ${text.slice(body.start, body.end)} }`;
    done = body.end;
  }
  return silenced + text.slice(done);
}
