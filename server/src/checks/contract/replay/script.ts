import { randomBytes } from 'node:crypto';
import type { ExecRequest } from '../../../target/target.ts';
import { OBJECT_NAME, planOf, readResults, type Job, type JobResult } from './plan.ts';

export interface RunOptions {
  readonly bpftool: string;
  /** Milliseconds for one load, and for one run. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const PLAN_FILE = 'plan';
const OUTPUT_BYTES = 16 * 1024 * 1024;
/** Bytes of one map's entries, and of one complaint. */
const DUMP_BYTES = 1024 * 1024;
const SAID_BYTES = 4096;
/** Time for starting bpftool, for each time it is called. */
const START_MS = 1000;

/**
 * Does what the plan says in mounts of its own with a bpf file system of its own, as the check `load` does: all that was loaded is gone with the last
 * process, however that ended; nothing is attached. All runs are on one processor, so that in maps for each processor one is written.
 */
const SCRIPT = `
fs=/sys/fs/bpf
mount -t bpf bpf $fs || exit
mark=$1; limit=$2; tool=$3
timeout --foreground 9 true 2>/dev/null && stay=--foreground || stay=
did() { printf '\\n%s %s %s %s\\n' "$mark" "$1" "$2" "$3"; }
taskset -pc "$(taskset -pc $$ | sed 's/.*: *//; s/[-,].*//')" $$ >/dev/null 2>&1; did pin $?
limited() { timeout $stay -k 1 "$limit" "$tool" "$@"; }
while read -r what name rest; do
case $what in
load)
  rm -rf $fs/p $fs/m; ok=1
  ln -f "$name" ${OBJECT_NAME}.o
  limited prog loadall ${OBJECT_NAME}.o $fs/p pinmaps $fs/m >said 2>&1 </dev/null; ok=$?
  did load $ok; [ $ok = 0 ] || tail -c ${SAID_BYTES} said;;
map)
  [ $ok = 0 ] || continue
  limited map update pinned $fs/m/$name $rest >said 2>&1 </dev/null; ok=$?
  did map $ok; [ $ok = 0 ] || tail -c ${SAID_BYTES} said;;
run)
  [ $ok = 0 ] || continue
  limited -j prog run pinned $fs/p/$name $rest >said 2>&1 </dev/null; ok=$?
  did run $ok; tail -c ${SAID_BYTES} said;;
dump)
  [ $ok = 0 ] || continue
  for map in $fs/m/*; do
    [ -e "$map" ] || continue
    case $map in *_rodata*|*_kconfig*) continue;; esac
    limited -j map dump pinned "$map" >said 2>/dev/null </dev/null || continue
    did dump 0 "\${map##*/}"; head -c ${DUMP_BYTES} said
  done;;
esac
done <${PLAN_FILE}
rm -rf $fs/p $fs/m
exit 0
`;

/** One round trip for all jobs. Needs root, `unshare`, `timeout` and bpftool. */
export function runRequest(jobs: readonly Job[], { bpftool, timeoutMs, signal }: RunOptions): { readonly request: ExecRequest; readonly results: (stdout: string) => readonly JobResult[] } {
  const { text, files } = planOf(jobs);
  const mark = `KGENT-RUN-${randomBytes(8).toString('hex')}`;
  const calls = text.split('\n').length;
  return {
    request: {
      argv: ['unshare', '-m', 'sh', '-c', SCRIPT, 'sh', mark, String(Math.ceil(timeoutMs / 1000)), bpftool],
      files: [...files, { name: PLAN_FILE, content: text }],
      asRoot: true,
      timeoutMs: timeoutMs + calls * START_MS,
      signal,
      maxOutputBytes: OUTPUT_BYTES,
    },
    results: (stdout) => readResults(stdout, mark, jobs.length),
  };
}
