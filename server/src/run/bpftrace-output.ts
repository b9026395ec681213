import * as z from 'zod';
import type { RunEvent } from './events.ts';

/**
 * bpftrace's `-f json` output: one document a line with `type` and `data`. Samples of 0.17.0:
 * {"type": "attached_probes", "data": {"probes": 3}}
 * {"type": "printf", "data": "partial "}
 * {"type": "map", "data": {"@": {"sh": 3, "timeout": 5}}}
 * {"type": "hist", "data": {"@h": [{"min": 0, "max": 0, "count": 229}]}}
 * {"type": "stats", "data": {"@st": {"count": 25840, "average": 125, "total": 3239807}}}
 */
const document = z.object({ type: z.string(), data: z.unknown() });
const MAPS = new Set(['map', 'hist', 'lhist', 'stats', 'tseries']);

/** Turns the stream of bpftrace's standard output into events; pieces may be cut anywhere. Never throws. */
export class BpftraceOutput {
  readonly #emit: (event: RunEvent) => void;
  #pending = '';
  /** Text printed without a line feed so far. */
  #line = '';
  /** How many probes bpftrace speaks of, before or after it attached them. */
  #probes: number | undefined;
  #waits = false;
  #told = false;

  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  push(text: string): void {
    this.#pending += text;
    const lines = this.#pending.split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  end(): void {
    if (this.#pending !== '') this.#read(this.#pending);
    this.#pending = '';
    if (this.#line !== '') this.#print('\n');
  }

  /** bpftrace waits for events: all probes are attached. Its first output says the same, since it reads that only then. */
  attached(): void {
    this.#waits = true;
    if (this.#told || this.#probes === undefined) return;
    this.#told = true;
    this.#emit({ event: 'attached', probes: this.#probes });
  }

  #read(line: string): void {
    if (line.trim() === '') return;
    const parsed = parse(line);
    if (parsed?.type !== 'attached_probes') {
      this.attached();
      this.#tell(line, parsed);
      return;
    }
    this.#probes = Number((parsed.data as { probes?: unknown } | null)?.probes ?? 0);
    if (this.#waits) this.attached();
  }

  #tell(line: string, parsed: z.infer<typeof document> | undefined): void {
    if (!parsed) {
      // A value that is no JSON (raw bytes in a string, 0.17) is shown as it came.
      this.#print(`${line}\n`);
      return;
    }
    const { type, data } = parsed;
    if (type === 'lost_events') this.#emit({ event: 'warning', text: `${JSON.stringify((data as { events?: unknown } | null)?.events ?? '?')} events were lost: the program prints faster than it can be read.` });
    else if (MAPS.has(type) && typeof data === 'object' && data !== null) {
      for (const [name, value] of Object.entries(data)) this.#emit({ event: 'map', name, value: value as unknown });
    } else if (typeof data === 'string') this.#print(type === 'printf' || data.endsWith('\n') ? data : `${data}\n`);
    else this.#print(`${JSON.stringify(data)}\n`);
  }

  #print(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#emit({ event: 'line', text: line });
  }
}

function parse(line: string): z.infer<typeof document> | undefined {
  try {
    return document.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
