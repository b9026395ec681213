import { LineIndex } from '../base/line-index.ts';
import type { Document } from '../language/bpftrace/syntax/document.ts';
import { parseDocument } from '../language/bpftrace/syntax/parse.ts';
import type { BpftraceParser } from '../language/bpftrace/syntax/parser.ts';
import type { Program } from './program.ts';

/** A bpftrace program as its grammar sees it, with the way from offsets to positions. */
export interface ReadProgram {
  readonly document: Document;
  readonly lines: LineIndex;
}

export type Read = (program: Program) => Promise<ReadProgram>;

/** Reads programs; the last one is kept, for several checks look at the same text. */
export function reader(parser: () => Promise<BpftraceParser>): Read {
  let last: ReadProgram | undefined;
  return async ({ text }) => {
    const ready = await parser();
    if (last?.document.text !== text) last = { document: parseDocument(ready, text, last?.document), lines: new LineIndex(text) };
    return last;
  };
}
