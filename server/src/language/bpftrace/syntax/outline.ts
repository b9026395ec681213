import { shift, type Span } from '../../../base/span.ts';
import type { Probe } from './ast.ts';
import type { Document } from './document.ts';

/** Where the probes and the C of a program stand; everything in offsets of the document. */
export interface Outline {
  readonly text: string;
  readonly probes: readonly OutlinedProbe[];
  /** Pieces of C in the order bpftrace collects them into its `definitions.h`. */
  readonly definitions: readonly Span[];
}

export interface OutlinedProbe extends Span {
  /** Its spans count from `start`. */
  readonly probe: Probe;
  readonly attachPoints: readonly OutlinedPoint[];
}

export interface OutlinedPoint extends Span {
  /** As written: `tracepoint:syscalls:sys_enter_*`. */
  readonly text: string;
  /** The part before the first colon. */
  readonly provider: string;
}

export function outlineOf({ text, items }: Document): Outline {
  const probes = items.flatMap(({ start, end, item }): OutlinedProbe[] => {
    if (item.kind !== 'probe') return [];
    const attachPoints = item.attachPoints.map((point) => ({ ...shift(point, start), text: point.text, provider: point.provider.text }));
    return [{ start, end, probe: item, attachPoints }];
  });
  const definitions = items.filter(({ item }) => item.kind === 'directive' || item.kind === 'c-type').map(({ start, end }) => ({ start, end }));
  return { text, probes, definitions };
}

/** The text with comments and the insides of strings blanked out: what is left is code, at its place. */
export function codeOnly({ text, comments }: Document): string {
  let code = '';
  let done = 0;
  for (const { start, end } of comments) {
    code += withoutStrings(text.slice(done, start)) + blank(text.slice(start, end));
    done = end;
  }
  return code + withoutStrings(text.slice(done));
}

function withoutStrings(code: string): string {
  return code.replaceAll(/"(?:\\[^\n]|[^"\\\n])*"?/g, blank);
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
