import { Lines, emptyRange, type Range } from '../../../base/range.ts';
import { definitionsPosition } from '../../../language/bpftrace/definitions.ts';
import { knownTo017, olderName } from '../../../language/bpftrace/providers.ts';
import type { Outline, OutlinedPoint } from '../../../language/bpftrace/syntax/outline.ts';
import type { Evidence, Finding } from '../../finding.ts';
import { codeOf } from './codes.ts';
import type { ToolMessage } from './messages.ts';

/** bpftrace's messages as findings at their places in the program. */
export function toFindings(messages: readonly ToolMessage[], outline: Outline): Finding[] {
  const place = new Places(outline);
  const findings: Finding[] = [];
  for (const message of messages) {
    const last = findings.at(-1);
    // 0.27: `Type mismatch for '==': comparing string[16] with int8`, then `left (string[16])` and `right (int8)`.
    if (last && /^(?:left|right) \(/.test(message.text)) {
      findings[findings.length - 1] = { ...last, evidence: [...last.evidence, { range: place.of(message), message: message.text }] };
      continue;
    }
    const { text: said, at } = place.explain(message);
    const code = codeOf(message.text, message.severity);
    // 0.27 tells several things it missed at one place; the first says it.
    if (last && code === 'syntax-error' && last.code === code && last.range.start.line === at.start.line && last.range.start.character === at.start.character) {
      findings[findings.length - 1] = { ...last, evidence: [...last.evidence, { message: said }] };
      continue;
    }
    findings.push({
      check: 'compile',
      code,
      severity: message.severity,
      message: said,
      range: at,
      evidence: message.hints.map((hint): Evidence => ({ message: hint })),
      repairs: [],
    });
  }
  return findings;
}

/** The attach point a message names in one of bpftrace's ways. */
export function probeNamed(text: string, points: readonly OutlinedPoint[]): OutlinedPoint | undefined {
  // … in function BEGIN i64 (i8*): Looks like the BPF stack limit …   |   Error loading BPF program for begin_1.
  // Error loading program: BEGIN (try -v)   |   Error attaching probe: 'kprobe:vfs_read'
  const name = /in function (\S+)|BPF program for (\w+?)(?:_\d+)?\.|loading program: (\S+)|attaching probe: '([^']+)'/.exec(text)?.slice(1).find(Boolean)?.toLowerCase();
  if (name === undefined) return undefined;
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\w*?]/g, '_');
  const fits = ({ text }: OutlinedPoint): boolean => /[*?]/.test(text) && new RegExp(`^${plain(text).replaceAll('*', '.*').replaceAll('?', '.')}$`).test(plain(name));
  return points.find(({ text }) => plain(text) === plain(name)) ?? points.find(fits);
}

class Places {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #outline: Outline;
  readonly #attachPoints: readonly OutlinedPoint[];

  constructor(outline: Outline) {
    this.#text = outline.text;
    this.#lines = new Lines(outline.text);
    this.#outline = outline;
    this.#attachPoints = outline.probes.flatMap((probe) => probe.attachPoints);
  }

  /** The message in the user's terms, and its place. */
  explain(message: ToolMessage): { text: string; at: Range } {
    // 0.17 aborts with: FATAL: Invalid probe type made it to attachpoint parser
    if (/^Invalid probe type made it/.test(message.text)) {
      const unknown = this.#attachPoints.find((point) => !knownTo017(point.provider));
      if (unknown) {
        const older = olderName(unknown.provider);
        return {
          text: `Invalid probe type: ${unknown.provider}${older === undefined ? '' : `. This version of bpftrace calls it ${older}.`}`,
          at: this.#span(unknown),
        };
      }
    }
    return { text: message.text.replace(/^<unknown>:0:0: /, ''), at: this.of(message) };
  }

  of(message: ToolMessage): Range {
    if (message.place === 'program' && message.line !== undefined) return this.#inProgram(message, message.line - 1);
    if (message.place === 'definitions' && message.line !== undefined) {
      const at = definitionsPosition(this.#text, this.#outline.definitions, message.line, message.column ?? 1);
      if (at) {
        const word = /^(?:[<"][^>"]*[>"]|\w+|.)/u.exec(this.#lines.at(at.line).slice(at.character))?.[0].length ?? 0;
        return this.#lines.clamp(at.line, at.character, at.line, at.character + word);
      }
    }
    return this.#inferred(message.text);
  }

  #inProgram(message: ToolMessage, line: number): Range {
    if (message.column === undefined) return this.#overLines(message, line, (message.endLine ?? message.line ?? 1) - 1);
    const from = this.#lines.utf16Column(line, message.column - 1);
    const to = this.#lines.utf16Column(line, (message.endColumn ?? message.column) - 1);
    return this.#lines.clamp(line, from, line, Math.max(from, to));
  }

  /**
   * A place over several lines has no columns. When the message is about an attach point and one
   * starts on these lines, that is the place: `40-empty-action.bt:1-2: ERROR: kprobes should be
   * attached to a function` spans from the end of the probe before it (0.17).
   */
  #overLines(message: ToolMessage, first: number, last: number): Range {
    if (/bad-attach-point|attach-point-not-found/.test(codeOf(message.text, message.severity))) {
      const points = this.#attachPoints.map((point) => ({ point, at: this.#span(point) })).filter(({ at }) => at.start.line >= first && at.start.line <= last);
      // `2-3: WARNING: tracepoint not found: sched:sched_process_exitt` names the one; else it is the last.
      const found = points.find(({ point }) => message.text.includes(point.text.slice(point.provider.length + 1) || point.text)) ?? points.at(-1);
      if (found) return found.at;
    }
    return { start: this.#lines.wholeLine(first).start, end: this.#lines.wholeLine(Math.min(last, this.#lines.count - 1)).end };
  }

  /** The probe a message without a place speaks of: by name, else by what it complains about, else the first. */
  #inferred(text: string): Range {
    const byName = probeNamed(text, this.#attachPoints);
    const wildcard = /trying to generate more than/.test(text) ? this.#attachPoints.find((p) => /[*?[]/.test(p.text)) : undefined;
    const found = byName ?? wildcard ?? this.#attachPoints[0];
    return found ? this.#span(found) : emptyRange;
  }

  #span(span: { start: number; end: number }): Range {
    return { start: Lines.positionAt(this.#text, span.start), end: Lines.positionAt(this.#text, span.end) };
  }
}
