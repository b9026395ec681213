import type { Explanation } from '../explain/explain.ts';
import type { Note } from '../explain/rule.ts';
import type { SourcePlace } from '../explain/source.ts';
import type { LogMark } from './data.ts';

/** The way of the fact that an explanation speaks of, in the log's order. `lineOf` finds a source line's latest instruction. */
export function marksOf(explanation: Explanation, lineOf: (sourceLine: number) => number | undefined): readonly LogMark[] {
  const { established, lost, rejected, rejectedNote, cause, trail, message } = explanation;
  const marks: LogMark[] = [];
  const add = (role: LogMark['role'], { place, note }: Note): void => {
    const line = place.logLine ?? (place.line === undefined ? undefined : lineOf(place.line));
    if (marks.some((mark) => mark.line === line && mark.sourceLine === place.line)) return;
    marks.push({ role, note, text: place.text.trim(), ...(line === undefined ? {} : { line }), ...(place.line === undefined ? {} : { sourceLine: place.line }) });
  };
  // The plainer word first: of two at one place the later one is dropped.
  add('needed', { place: rejected, note: rejectedNote });
  if (established) add('established', established);
  if (lost) add('lost', lost);
  if (!marks.some((mark) => isAt(mark, cause))) add('cause', { place: cause, note: message });
  for (const note of trail) add('passed', note);
  return marks.sort((a, b) => orderOf(a) - orderOf(b));
}

function isAt(mark: LogMark, place: SourcePlace): boolean {
  return place.line !== undefined && mark.sourceLine === place.line;
}

/** What was needed comes last, whatever line it stands on; what the verifier never came to, first. */
function orderOf({ role, line }: LogMark): number {
  return role === 'needed' ? Infinity : (line ?? -1);
}
