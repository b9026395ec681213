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

const TEXT = BOOTSTRAP.slice('/bin/sh -c '.length);

/** What ROOT_BOOTSTRAP says where there is nothing to become root with. */
export const NO_ROOT_TOOL = 'kgent: neither sudo nor doas';

/**
 * The same as root; the far side knows best whether it is root already, which saves a round trip. Neither sudo nor doas may ask: there
 * is nobody to answer. With both there, doas is taken where it lets the user through and sudo does not. The text goes on as `$0`, so
 * that nothing is quoted twice; no `!` and no line break, for csh.
 */
export const ROOT_BOOTSTRAP = `/bin/sh -c '${[
  'if [ "$(id -u)" = 0 ]; then exec /bin/sh -c "$0"; fi',
  'LC_ALL=C; export LC_ALL',
  'if command -v sudo >/dev/null 2>&1; then if command -v doas >/dev/null 2>&1; then if sudo -n true 2>/dev/null; then :; elif doas -n true 2>/dev/null; then exec doas -n /bin/sh -c "$0"; fi; fi; exec sudo -n /bin/sh -c "$0"; fi',
  'if command -v doas >/dev/null 2>&1; then exec doas -n /bin/sh -c "$0"; fi',
  `echo "${NO_ROOT_TOOL}" >&2; exit 94`,
].join('; ')}' ${TEXT}`;

/** What sudo asks with, and what the shell behind it says before it reads: until then every line would be taken for a password. */
export const PASSWORD_PROMPT = 'KGENT-PASSWORD:';
export const IS_ROOT = 'KGENT-ROOT\n';

/** As root through a sudo that asks: it prompts on stderr and reads one line of standard input, not a byte more. */
export const SUDO_BOOTSTRAP = `/bin/sh -c 'LC_ALL=C; export LC_ALL; exec sudo -S -p ${PASSWORD_PROMPT} /bin/sh -c "$1" "$0"' ${TEXT} 'echo ${IS_ROOT.trim()} >&2; exec /bin/sh -c "$0"'`;

/** Printed on both streams just before the command starts; what login scripts print comes before it. */
export const READY = 'KGENT-READY\n';

/** Exit status that means: no such program. */
export const EXIT_MISSING = 97;
/** Exit status that means: the private directory could not be made. */
export const EXIT_NO_DIRECTORY = 96;
/** Exit status that means: the files are not there as they were sent. */
export const EXIT_NO_FILES = 95;

/** Quotes one word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A sign of life over a line that may vanish without closing: then the far side gets no end of input, and nobody else would end what
 * runs there. The line `beat` comes every `everyMs`; after `limitSeconds` without one the command is ended.
 */
export interface Pulse {
  readonly everyMs: number;
  readonly limitSeconds: number;
}

/** The bytes to write first to a supervisor's standard input. Leave it open until the end. */
export function supervisorInput(request: ExecRequest, pulse?: Pulse): Buffer {
  const files = (request.files ?? []).map((file) => ({ name: file.name, bytes: Buffer.from(file.content) }));
  const script = supervisorScript(request, files, pulse);
  const lines = script.split('\n').length;
  return Buffer.concat([Buffer.from(`${lines}\n${script}\n`), ...files.map((file) => file.bytes)]);
}

interface InputFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Only one `head` may read the input itself: where it reads ahead, the next one misses that. `lost` is called when a file is not whole:
 * the disk is full, or the connection broke off.
 */
function receiveFiles(files: readonly InputFile[]): string {
  const [only] = files;
  if (only === undefined) return '';
  const whole = (name: string, length: number): string => `[ "$(wc -c <${name})" -eq ${length} ] || lost`;
  if (files.length === 1) {
    const name = pathOf(only);
    return `head -c ${only.bytes.length} >${name} || lost\n${whole(name, only.bytes.length)}`;
  }
  const all = './.kgent-files';
  const total = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const lines = [`head -c ${total} >${all} || lost`, whole(all, total)];
  let at = 1;
  for (const file of files) {
    lines.push(`tail -c +${at} ${all} | head -c ${file.bytes.length} >${pathOf(file)} || lost`);
    at += file.bytes.length;
  }
  return [...lines, `rm ${all}`].join('\n');
}

/** With a directory in front: a name may start with a dash. */
function pathOf(file: InputFile): string {
  return shellQuote(`./${file.name}`);
}

/**
 * The program runs in the foreground of the pipe's left side: what a shell starts with `&` has
 * SIGINT ignored for good, so nobody could ask it to finish. Its process number, then its exit
 * status, go through the pipe to the right side, which starts the watchers and cleans up.
 * Descriptors: 3 our input, 4 and 5 the real stdout and stderr; 2 of the left side itself takes
 * the shell's own remarks ("Terminated"), which dash would else print where the command's stderr
 * goes: therefore the parentheses. The watchers are killed by group and by number, because
 * a program may have ended before they came to make their groups. A beat interrupts the wait of the
 * one that listens for the pulse; when its sleep ends by itself, none came.
 */
function supervisorScript(request: ExecRequest, files: readonly InputFile[], pulse: Pulse | undefined): string {
  // The far side's limit is only the backstop for a connection that hangs without closing.
  const limitSeconds = Math.ceil(request.timeoutMs / 1000) + 10;
  const [program] = request.argv;
  const ready = shellQuote(READY.replace('\n', '\\n'));
  return `
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; LC_ALL=C.UTF-8; export PATH LC_ALL
umask 077
d=$(mktemp -d /tmp/kgent.XXXXXXXX) && cd "$d" || exit ${EXIT_NO_DIRECTORY}
lost() { cd /; rm -rf "$d"; exit ${EXIT_NO_FILES}; }
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
pulse=
${pulse === undefined ? '' : listenForPulse(pulse)}
setsid /bin/sh -c 'while IFS= read -r w; do case $w in stop) kill -INT "-$1";; nudge) kill -TERM "-$1";; beat) kill -USR1 "$2";; esac; done; '"$end" sh "$p" "$pulse" <&3 >/dev/null 2>&1 3<&- &
watch=$!
setsid /bin/sh -c 'sleep "$2"; '"$end" sh "$p" ${limitSeconds} </dev/null >/dev/null 2>&1 3<&- &
clock=$!
trap '' INT HUP PIPE TERM
read -r rc
kill -KILL "-$p" "-$watch" "-$clock" "$watch" "$clock" \${pulse:+"-$pulse" "$pulse"} 2>/dev/null
finish
exit "\${rc:-137}"
}
`;
}

function listenForPulse({ limitSeconds }: Pulse): string {
  return `setsid /bin/sh -c 'trap : USR1; while sleep "$2" & s=$!; wait "$s"; [ $? -gt 128 ]; do kill "$s"; done; '"$end" sh "$p" ${limitSeconds} </dev/null >/dev/null 2>&1 3<&- &
pulse=$!`;
}
