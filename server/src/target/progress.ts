/** How far something that takes its time has come. */
export interface Progress {
  /** For a person: `reading the kernel`. */
  readonly phase: string;
  /** Bytes. */
  readonly done: number;
  /** Bytes; an estimate, never less than `done`. Absent when nothing is known of it. */
  readonly total?: number;
}

export type OnProgress = (progress: Progress) => void;

/** Base64 of compressed type information, for each byte of it: measured on kernels 6.1, 6.12 and 7.2. */
const TYPES_RATIO = 0.49;
/** The same of the lists, in bytes: names of functions and formats of tracepoints of a usual kernel. */
const LISTS = 500_000;
/** Told at most this often: so many bytes. */
const STEP = 32 * 1024;

/** Counts what comes in; `#SIZE` lines at its beginning tell how much will. */
export class TransferProgress {
  readonly #tell: OnProgress;
  #head = '';
  #total: number | undefined;
  #done = 0;
  #told = -STEP;

  constructor(tell: OnProgress) {
    this.#tell = tell;
  }

  readonly take = (text: string): void => {
    this.#done += text.length;
    if (this.#total === undefined) this.#estimate(text);
    if (this.#done - this.#told < STEP) return;
    this.#told = this.#done;
    this.#tell({ phase: 'reading the kernel', done: this.#done, ...(this.#total === undefined ? {} : { total: Math.max(this.#total, this.#done) }) });
  };

  #estimate(text: string): void {
    this.#head += text;
    if (!/^[^#]/m.test(this.#head)) return;
    const types = [...this.#head.matchAll(/^#(\d+)$/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
    if (types > 0) this.#total = Math.round(types * TYPES_RATIO) + LISTS;
    else this.#total = LISTS;
    this.#head = '';
  }
}

/** 0 to 99: what is estimated is never said to be all. Undefined when nothing is known of the whole. */
export function percentOf({ done, total }: Progress): number | undefined {
  return total === undefined || total === 0 ? undefined : Math.min(99, Math.floor((100 * done) / total));
}

/** `reading the kernel, 1.2 of 2.8 MB`. */
export function progressText({ phase, done, total }: Progress): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  if (done === 0) return phase;
  return total === undefined ? `${phase}, ${megabytes(done)} MB` : `${phase}, ${megabytes(done)} of ${megabytes(total)} MB`;
}
