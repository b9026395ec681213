import { EXIT_MISSING } from '../target/supervisor.ts';

/** What `sayingWhenAttached` writes to standard error, on a line of its own. */
const ATTACHED = 'KGENT attached';

/**
 * Up to 0.23 bpftrace says "Attaching 3 probes" before it loads and attaches them, which takes from milliseconds to a minute. All versions
 * wait for events with epoll once everything is attached, and at no time before: the kernel tells where a process waits (`wchan`).
 * The watcher knows the process by the number of the shell, which becomes the program. Where the kernel does not
 * tell, and after a minute, it says so at once.
 */
const WATCH = `
command -v "$1" >/dev/null 2>&1 || exit ${EXIT_MISSING}
p=$$
( n=0
while [ "$n" -lt 600 ]; do
  w=$(cat "/proc/$p/wchan" 2>/dev/null) || break
  case $w in *ep_poll*|*epoll_wait*) break;; esac
  n=$((n+1)); sleep 0.1
done
[ -d "/proc/$p" ] && echo '${ATTACHED}' >&2 ) &
exec "$@"
`;

/** The same command, which also says on standard error when it waits for events. */
export function sayingWhenAttached(argv: readonly [string, ...string[]]): [string, ...string[]] {
  return ['sh', '-c', WATCH, 'sh', ...argv];
}

/** Standard error without the word of the watcher. */
export function withoutAttached(stderr: string): string {
  return stderr.replace(new RegExp(`^${ATTACHED}\n`, 'm'), '');
}

/** Calls `attached` once, when the word came; pieces of standard error may be cut anywhere. */
export function listenForAttached(attached: () => void): (text: string) => void {
  let seen = '';
  let told = false;
  return (text) => {
    if (told) return;
    seen = (seen + text).slice(-(text.length + ATTACHED.length));
    told = seen.includes(ATTACHED);
    if (told) attached();
  };
}
