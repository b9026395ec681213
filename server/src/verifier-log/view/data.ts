/** What a view of a log shows: plain data. */

/** What a line of the log is. `words`: the verifier's own, among them its complaint. */
export type LogLineKind = 'instruction' | 'source' | 'branch' | 'state' | 'words' | 'noise' | 'statistics' | 'blank';

export interface LogLine {
  readonly kind: LogLineKind;
  /** At most 2000 characters of it. */
  readonly text: string;
  /** One-based line of the program's file, of instructions and annotations. */
  readonly sourceLine?: number;
}

/** A step of a fact's way: `passed` is a place on the way, `cause` the line to change where it is none of the others. */
export interface LogMark {
  readonly role: 'established' | 'passed' | 'lost' | 'cause' | 'needed';
  readonly note: string;
  /** The source's line at that place, trimmed. */
  readonly text: string;
  /** Zero-based line of the log; absent when the verifier never came there. */
  readonly line?: number;
  readonly sourceLine?: number;
}

/** What the verifier knew of a register or of a place on the stack. */
export interface LogRegister {
  /** `R1` or `fp-8`. */
  readonly name: string;
  /** The user's name for what it holds. */
  readonly variable?: string;
  /** Before the instruction, in words. */
  readonly words: string;
  /** The same as the verifier printed it; empty when it printed nothing. */
  readonly printed: string;
  /** In words, when the instruction changed it. */
  readonly after?: string;
  /** The instruction reads it. */
  readonly used: boolean;
}

export interface LogState {
  /** Zero-based line of the log with the instruction. */
  readonly line: number;
  readonly instruction: number;
  /** 0 is the program itself, 1 a function it called, … */
  readonly frame: number;
  readonly sourceLine?: number;
  readonly sourceText: string;
  readonly registers: readonly LogRegister[];
  readonly stack: readonly LogRegister[];
}
