import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ExecRequest } from '../target/target.ts';
import type { RunEvent } from './events.ts';

/** A compiled BPF C program. */
export interface ObjectProgram {
  readonly kind: 'object';
  readonly bytes: Uint8Array;
}

const OBJECT = 'program.bpf.o';

/**
 * Loads, attaches and pins by bpftool (`autoattach`, 7.2 and newer), prints what `bpf_printk` writes, and
 * when asked to finish (SIGINT) dumps every map. Removing the pins detaches, whatever happened before.
 */
export function objectRequest(program: ObjectProgram, bpftool: string): Pick<ExecRequest, 'argv' | 'files' | 'cleanup'> {
  const pins = `/sys/fs/bpf/kgent-run-${randomBytes(8).toString('hex')}`;
  const script = `
t=$0; p=${pins}; mkdir "$p" || exit 1
"$t" prog loadall ${OBJECT} "$p/progs" pinmaps "$p/maps" autoattach >&2 || exit 1
n=$(ls "$p/progs" | wc -l); echo "KGENT attached $n"
done=0; trap 'done=1; kill "$c" 2>/dev/null' INT
cat /sys/kernel/tracing/trace_pipe 2>/dev/null & c=$!
[ "$done" = 1 ] && kill "$c"
while [ "$done" = 0 ] && kill -0 "$c" 2>/dev/null; do wait "$c"; done
for m in "$p"/maps/*; do [ -e "$m" ] && { echo "KGENT map $(basename "$m")"; "$t" -j map dump pinned "$m"; echo; }; done
exit 0
`;
  return { argv: ['sh', '-c', script, bpftool], files: [{ name: OBJECT, content: program.bytes }], cleanup: `rm -rf ${pins}` };
}

// {"key":…,"value":…,"formatted":{"key":1,"value":2}}; per-CPU maps have "values":[{"cpu":0,"value":3}].
const entries = z.array(z.object({ formatted: z.object({ key: z.unknown(), value: z.unknown().optional(), values: z.array(z.object({ cpu: z.number(), value: z.unknown() })).optional() }) }));

/** Reads what the script above prints. Never throws. */
export class ObjectOutput {
  readonly #emit: (event: RunEvent) => void;
  #pending = '';
  #map: string | undefined;

  constructor(emit: (event: RunEvent) => void) {
    this.#emit = emit;
  }

  push(text: string): void {
    const lines = (this.#pending + text).split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  end(): void {
    if (this.#pending !== '') this.#read(this.#pending);
    this.#pending = '';
  }

  #read(line: string): void {
    const [, word, rest] = /^KGENT (attached|map) (.*)$/.exec(line) ?? [];
    if (word === 'attached') this.#emit({ event: 'attached', probes: Number(rest) });
    else if (word === 'map') this.#map = rest;
    else if (this.#map !== undefined && line.trim() !== '') {
      // `.rodata` and `.bss` are the compiler's.
      if (!this.#map.includes('.')) this.#emit({ event: 'map', name: this.#map, value: readMap(line) });
      this.#map = undefined;
    } else if (this.#map === undefined && line.trim() !== '') this.#emit({ event: 'line', text: line.trim() });
  }
}

function readMap(json: string): unknown {
  try {
    const parsed = entries.safeParse(JSON.parse(json));
    if (!parsed.success) return JSON.parse(json);
    return Object.fromEntries(parsed.data.map(({ formatted: f }) => [typeof f.key === 'string' ? f.key : JSON.stringify(f.key), f.values ? sumOverCpus(f.values.map((v) => v.value)) : f.value]));
  } catch {
    return json;
  }
}

/** Numbers of a per-CPU map are added up; anything else stays one value per CPU. */
function sumOverCpus(values: readonly unknown[]): unknown {
  return values.every((v) => typeof v === 'number') ? values.reduce((a, b) => a + b, 0) : values;
}
