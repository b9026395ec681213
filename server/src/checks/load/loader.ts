import { randomBytes } from 'node:crypto';
import type { ExecRequest } from '../../target/target.ts';

/** An object to load by itself. */
export interface LoadJob {
  /** What it is told by: `all`, or the number of a program. */
  readonly id: string;
  readonly object: Uint8Array;
}

/** How loading one ended. */
export interface LoadResult {
  readonly id: string;
  /** `crashed`: bpftool did, or the kernel killed it. */
  readonly outcome: 'loaded' | 'refused' | 'timed-out' | 'crashed';
  /** What the loader printed when it did not load. */
  readonly said: string;
}

export interface LoadOptions {
  readonly bpftool: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Level 2 of the verifier's log instead of level 1: each instruction's state on every path. */
  readonly verbose?: boolean;
}

/** When this one loads, the others do too and are left out. */
export const ALL = 'all';

/** What of a log is sent back at most: its end, which says why. A million instructions come to 59 MB (6.18, level 1). */
const LOG_BYTES = 64 * 1024 * 1024;
const ALL_LOG_BYTES = 64 * 1024;
const OUTPUT_BYTES = 3 * LOG_BYTES;
/** What the script says of a bpftool that was killed before its time was up: by the kernel, for want of memory or a fault of its own. */
const KILLED = 200;
const OBJECT_FILE = 'program.bpf.o';
/** Time for starting bpftool and reading the kernel's types, added for each: an emulated machine needs 1 s. */
const START_MS = 2000;

/**
 * Loads each object, and unloads it. bpftool pins what it loads, and libbpf pins maps that ask for it by their names, so this
 * runs in mounts of its own with a bpf file system of its own: it is gone with the last process, however that ended, and no
 * map of the machine is taken for one of the program's. `timeout` is to leave its child in the group that the supervisor
 * ends; busybox's does so without being told. bpftool asks for log level 1 when a program is refused, with `-d` for level 2.
 */
const SCRIPT = `
mount -t bpf bpf /sys/fs/bpf || exit
mark=$1; limit=$2; tool=$3; debug=$4; shift 4
timeout --foreground 9 true 2>/dev/null && stay=--foreground || stay=
for o; do
start=$(date +%s)
ln -f "$o.o" ${OBJECT_FILE}
timeout $stay -k 1 "$limit" "$tool" $debug prog loadall ${OBJECT_FILE} /sys/fs/bpf/check >said 2>&1; rc=$?
rm -rf /sys/fs/bpf/*
[ "$rc" = 137 ] && [ $(($(date +%s) - start)) -lt "$limit" ] && rc=${KILLED}
printf '\\n%s %s %s\\n' "$mark" "$o" "$rc"
case $rc-$o in 0-${ALL}) break;; 0-*) ;; *-${ALL}) tail -c ${ALL_LOG_BYTES} said;; *) tail -c ${LOG_BYTES} said;; esac
done
exit 0
`;

export interface LoadRequest {
  readonly request: ExecRequest;
  /** Reads standard output, also of a request that did not come to its end. Never throws. */
  readonly results: (stdout: string) => readonly LoadResult[];
}

/** One round trip for all jobs. Needs root, `unshare`, `timeout` and bpftool. */
export function loadRequest(jobs: readonly LoadJob[], { bpftool, timeoutMs, signal, verbose }: LoadOptions): LoadRequest {
  // Nobody who writes programs can guess it: a log may hold any text.
  const mark = `KGENT-LOAD-${randomBytes(8).toString('hex')}`;
  const limit = String(Math.ceil(timeoutMs / 1000));
  return {
    request: {
      argv: ['unshare', '-m', 'sh', '-c', SCRIPT, 'sh', mark, limit, bpftool, verbose === true ? '-d' : '', ...jobs.map(({ id }) => id)],
      files: jobs.map(({ id, object }) => ({ name: `${id}.o`, content: object })),
      asRoot: true,
      timeoutMs: 2 * timeoutMs + jobs.length * START_MS,
      signal,
      maxOutputBytes: OUTPUT_BYTES,
    },
    results: (stdout) => readResults(stdout, mark),
  };
}

function readResults(stdout: string, mark: string): readonly LoadResult[] {
  return stdout.split(`\n${mark} `).slice(1).flatMap((part): LoadResult[] => {
    const [head, id = '', status = ''] = /^(\w+) (\d+)\n/.exec(part) ?? [];
    if (head === undefined) return [];
    return [{ id, outcome: outcomeOf(Number(status)), said: part.slice(head.length) }];
  });
}

/** bpftool ends with 0 or 255; `timeout` with 124 when the time was up, and 137 when it had to kill then; a signal has 128 added. */
function outcomeOf(status: number): LoadResult['outcome'] {
  if (status === 0) return 'loaded';
  if (status === 124 || status === 137) return 'timed-out';
  return status > 128 && status < 255 ? 'crashed' : 'refused';
}
