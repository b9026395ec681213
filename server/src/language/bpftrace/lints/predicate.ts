import type { SpanRepair } from '../problem.ts';
import type { ProbeView } from './view.ts';

/** Runs the probe only where a test holds: a predicate of its own, or the test before the one that is there. */
export function onlyWhere(probe: ProbeView, test: string, title: string): SpanRepair {
  const { header, predicate, predicateSpan } = probe.info.probe;
  if (!predicate || !predicateSpan) {
    const end = probe.at(header).end;
    return { title, sure: false, edits: [{ span: { start: end, end }, newText: ` /${test}/` }] };
  }
  const at = probe.at(predicate);
  return { title, sure: false, edits: [{ span: { start: at.start, end: at.start }, newText: `${test} && (` }, { span: { start: at.end, end: at.end }, newText: ')' }] };
}
