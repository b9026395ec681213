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
 *
 * The text is read line by line with `read`, which takes no byte too many; busybox's `head` reads
 * ahead and would swallow what follows. A text that breaks off is not run.
 */
export const BOOTSTRAP = `/bin/sh -c 'n=$(printf "\\nx"); s=; IFS= read -r k; while [ "$k" -gt 0 ]; do IFS= read -r l || exit; s="$s$l\${n%x}"; k=$((k-1)); done; eval "$s"'`;

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
  const lines = script.split('\n').length;
  return Buffer.concat([Buffer.from(`${lines}\n${script}\n`), ...files.map((file) => file.bytes)]);
}

interface InputFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Only one `head` may read the input itself: where it reads ahead, the next one misses that. */
function receiveFiles(files: readonly InputFile[]): string {
  const [only] = files;
  if (only === undefined) return '';
  if (files.length === 1) return `head -c ${only.bytes.length} >${shellQuote(only.name)}`;
  const all = '.kgent-files';
  const lines = [`head -c ${files.reduce((sum, file) => sum + file.bytes.length, 0)} >${all}`];
  let at = 1;
  for (const { name, bytes } of files) {
    lines.push(`tail -c +${at} ${all} | head -c ${bytes.length} >${shellQuote(name)}`);
    at += bytes.length;
  }
  return [...lines, `rm ${all}`].join('\n');
}

/**
 * The program runs in the foreground of the pipe's left side: what a shell starts with `&` has
 * SIGINT ignored for good, so nobody could ask it to finish. Its process number, then its exit
 * status, go through the pipe to the right side, which starts the watchers and cleans up.
 * Descriptors: 3 our input, 4 and 5 the real stdout and stderr; 2 of the left side itself takes
 * the shell's own remarks ("Terminated"), which dash would else print where the command's stderr
 * goes: therefore the parentheses. The watchers are killed by group and by number, because
 * a program may have ended before they came to make their groups.
 */
function supervisorScript(request: ExecRequest, files: readonly InputFile[]): string {
  // The far side's limit is only the backstop for a connection that hangs without closing.
  const limitSeconds = Math.ceil(request.timeoutMs / 1000) + 10;
  const [program] = request.argv;
  const ready = shellQuote(READY.replace('\n', '\\n'));
  return `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; LC_ALL=C.UTF-8; export PATH LC_ALL
umask 077
d=$(mktemp -d /tmp/kgent.XXXXXXXX) && cd "$d" || exit ${EXIT_NO_DIRECTORY}
${receiveFiles(files)}
finish() { cd "$d"; { ${request.cleanup ?? ':'}
} >/dev/null 2>&1; cd /; rm -rf "$d"; }
trap '' PIPE; printf ${ready}; printf ${ready} >&2; trap - PIPE
command -v ${shellQuote(program)} >/dev/null 2>&1 || { finish; exit ${EXIT_MISSING}; }
exec 3<&0 4>&1 5>&2
{
( setsid /bin/sh -c 'echo "$$" >&6; exec "$@" 6>&-' sh ${request.argv.map(shellQuote).join(' ')} </dev/null 3<&- 6>&1 1>&4 4>&- 2>&5 5>&- )
echo "$?"
} 2>/dev/null | {
exec 4>&- 5>&-
read -r p
end='kill -TERM "-$1"; sleep 2; kill -KILL "-$1"'
setsid /bin/sh -c 'while IFS= read -r w; do case $w in stop) kill -INT "-$1";; nudge) kill -TERM "-$1";; esac; done; '"$end" sh "$p" <&3 >/dev/null 2>&1 3<&- &
watch=$!
setsid /bin/sh -c 'sleep "$2"; '"$end" sh "$p" ${limitSeconds} </dev/null >/dev/null 2>&1 3<&- &
clock=$!
trap '' INT HUP PIPE TERM
read -r rc
kill -KILL "-$p" "-$watch" "-$clock" "$watch" "$clock" 2>/dev/null
finish
exit "\${rc:-137}"
}
`;
}
