import type { ExecRequest } from './target.ts';

/**
 * Every command on a target, local or remote, runs under this small POSIX supervisor.
 *
 * It reads everything from its standard input: first its own text, then the files to write, then
 * control words. So the host's login shell (dash, busybox, fish, …) sees only the constant
 * BOOTSTRAP, nothing is limited by the length of an argument, and the end of standard input means
 * that the client is gone: killed, or the connection dropped. Then, and when the time is up, the
 * command's whole process group gets TERM and two seconds later KILL, and its directory is removed.
 * (`kill` gets no `--`: dash and busybox take it for a process number.)
 */
export const BOOTSTRAP = `/bin/sh -c 'IFS= read -r n; eval "$(head -c "$n")"'`;

/**
 * The same as root; the far side knows best whether it is root already, which saves a round trip.
 * sudo must not ask: there is nobody to answer. The text goes on as `$0`, so that nothing is quoted twice.
 */
export const ROOT_BOOTSTRAP = `/bin/sh -c 'if [ "$(id -u)" = 0 ]; then exec /bin/sh -c "$0"; else exec sudo -n /bin/sh -c "$0"; fi' ${BOOTSTRAP.slice('/bin/sh -c '.length)}`;

/** Printed on both streams just before the command starts; what login scripts print comes before it. */
export const READY = 'KGENT-READY\n';

/** Exit status that means: no such program. */
export const EXIT_MISSING = 97;
/** Exit status that means: the private directory could not be made. */
export const EXIT_NO_DIRECTORY = 96;

/** Quotes one word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The bytes to write first to a supervisor's standard input. Leave it open until the end. */
export function supervisorInput(request: ExecRequest): Buffer {
  const files = (request.files ?? []).map((file) => ({ name: file.name, bytes: Buffer.from(file.content) }));
  const script = supervisorScript(request, files);
  const head = Buffer.from(script);
  return Buffer.concat([Buffer.from(`${head.length}\n`), head, ...files.map((file) => file.bytes)]);
}

function supervisorScript(request: ExecRequest, files: readonly { name: string; bytes: Buffer }[]): string {
  // The far side's limit is only the backstop for a connection that hangs without closing.
  const limitSeconds = Math.ceil(request.timeoutMs / 1000) + 10;
  const [program, ...args] = request.argv;
  return `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; LC_ALL=C.UTF-8; export PATH LC_ALL
umask 077
d=$(mktemp -d /tmp/kgent.XXXXXXXX) && cd "$d" || exit ${EXIT_NO_DIRECTORY}
${files.map((file) => `head -c ${file.bytes.length} >${shellQuote(file.name)}`).join('\n')}
finish() { cd "$d"; { ${request.cleanup ?? ':'}
} >/dev/null 2>&1; cd /; rm -rf "$d"; }
printf ${shellQuote(READY.replace('\n', '\\n'))}; printf ${shellQuote(READY.replace('\n', '\\n'))} >&2
command -v ${shellQuote(program)} >/dev/null 2>&1 || { finish; exit ${EXIT_MISSING}; }
exec 3<&0
setsid ${[program, ...args].map(shellQuote).join(' ')} </dev/null 3<&- &
p=$!
end='kill -TERM "-$1"; sleep 2; kill -KILL "-$1"'
setsid /bin/sh -c 'while IFS= read -r w; do [ "$w" = stop ] && kill -${request.stopSignal ?? 'INT'} "-$1"; done; '"$end" sh "$p" <&3 >/dev/null 2>&1 3<&- &
watch=$!
setsid /bin/sh -c 'sleep "$2"; '"$end" sh "$p" ${limitSeconds} </dev/null >/dev/null 2>&1 3<&- &
clock=$!
trap : INT HUP PIPE
trap 'kill -TERM "-$p"' TERM
while :; do wait "$p"; rc=$?; kill -0 "$p" 2>/dev/null || break; done
for g in "$p" "$watch" "$clock"; do kill -KILL "-$g" 2>/dev/null; done
finish
exit "$rc"
`;
}
