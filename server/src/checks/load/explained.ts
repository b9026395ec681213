import { emptyRange, Lines, range, type Range } from '../../base/range.ts';
import { printable, shorten } from '../../base/text.ts';
import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Need, Subject } from '../../verifier-log/explain/need.ts';
import type { Note } from '../../verifier-log/explain/rule.ts';
import type { SourcePlace } from '../../verifier-log/explain/source.ts';
import { finding, type Evidence, type Finding } from '../finding.ts';

/** The finding of an explanation: on the cause, with the rejected, the establishing and the losing line as evidence. */
export function explainedFinding(explanation: Explanation, source: string | undefined): Finding {
  const lines = source === undefined ? undefined : new Lines(source);
  const { cause, rejected, established, lost, program, complaint } = explanation;
  const evidence: Evidence[] = [];
  const seen = new Set<string>();
  const add = ({ place, note }: Note): void => {
    const key = `${place.line ?? ''} ${note}`;
    if (seen.has(key) || note === '') return;
    seen.add(key);
    const at = rangeOf(place, lines);
    evidence.push({ ...(at ? { range: at } : {}), message: at || place.text === '' ? note : `${note}: ${place.text}` });
  };
  if (established) add(established);
  if (lost) add(lost);
  for (const note of explanation.trail) if (!evidence.some((e) => e.range?.start.line === (note.place.line ?? 0) - 1)) add(note);
  add({ place: rejected, note: `rejected here: ${explanation.rejectedNote}` });
  evidence.push({ message: `The verifier's words${program === undefined ? '' : ` about ${program}`}: ${shorten(printable(complaint), 500)}` });
  evidence.push({ message: shorten(printable(explanation.tail.join('\n')), 4000) });
  const at = rangeOf(cause, lines, subjectOf(explanation.need)) ?? rangeOf(rejected, lines) ?? programRange(program, lines) ?? emptyRange;
  return { ...finding('load', explanation.class, 'error', explanation.message, at), evidence };
}

function subjectOf(need: Need): Subject | undefined {
  if ('index' in need && need.index) return need.index;
  return 'value' in need ? need.value : undefined;
}

/** The place's line without its indentation, or the words meant where they stand in it once. */
function rangeOf(place: SourcePlace, lines: Lines | undefined, subject?: Subject): Range | undefined {
  if (place.line === undefined) return undefined;
  const line = place.line - 1;
  if (!lines) return range(line, 0, line, 0);
  const text = lines.at(line);
  const words = subject?.words ?? '';
  const first = words === '' ? -1 : text.indexOf(words);
  if (first >= 0 && /\W/.test(words) && text.indexOf(words, first + 1) < 0) return lines.clamp(line, first, line, first + words.length);
  return lines.wholeLine(line);
}

/** Where all that happened lies in headers: the line on which the program's function begins. */
function programRange(program: string | undefined, lines: Lines | undefined): Range | undefined {
  if (program === undefined || !lines || !/^\w+$/.test(program)) return undefined;
  // int drop(struct xdp_md *ctx)   |   int BPF_PROG(drop, struct file *file)
  const defined = new RegExp(`\\b${program}\\s*\\([^;{]*(?:\\{|$)|\\bBPF_\\w+\\s*\\(\\s*${program}\\b`);
  for (let i = 0; i < lines.count; i++) if (defined.test(lines.at(i))) return lines.wholeLine(i);
  return undefined;
}
