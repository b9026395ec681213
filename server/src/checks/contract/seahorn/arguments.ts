/** Megabytes SeaHorn's solver may take. */
const MEMORY = 4096;

export interface SeaLimits {
  /** Rounds that SeaHorn unrolls loops for. */
  readonly bound: number;
  /** Seconds of processor time. */
  readonly seconds: number;
}

/**
 * How SeaHorn is asked: bit-precise, with vacuity checks, and with an error where a loop goes on behind the bound. `fpf` brings its own checks of pointers,
 * which want the wide memory; the plain `pf` is not bit-precise. The harness with the values of a violation goes to `cex.ll`.
 */
export function seaArguments({ bound, seconds }: SeaLimits): readonly string[] {
  return [
    'fpf', '-m64', '-g', '--inline', '--bmc=opsem', `--bound=${bound}`, '--horn-bv2-lambdas', '--horn-bv2-extra-widemem', '--horn-vcgen-use-ite',
    '-DVACCHECK', '--assert-on-backedge', '--horn-bv2-vacuity-check=all', '--log=cex', '--cex=cex.ll', `--cpu=${seconds}`, `--mem=${MEMORY}`, 'program.c',
  ];
}

export const NO_SEA = 'KGENT-NO-SEAHORN';
export const STATUS = 'KGENT-STATUS ';
export const HARNESS = 'KGENT-HARNESS';

/** Where `sea` is, which may be a container without this machine's files: the program comes on standard input, what it left goes to standard output. */
const INSIDE = [
  `command -v sea >/dev/null 2>&1 || { echo ${NO_SEA}; exit 127; }`,
  'd=$(mktemp -d) && cd "$d" && cat >program.c || exit 125',
  'sea "$@"; s=$?',
  `printf '\\n${STATUS}%s\\n${HARNESS}\\n' "$s"`,
  '[ -f cex.ll ] && cat cex.ll',
  'cd / && rm -rf "$d"',
].join('\n');

/** A command line for the shell of the machine that the program is given to in `program.c`. `front`: what has SeaHorn, in front of a shell: a container. */
export function seaCommand(front: string, limits: SeaLimits): readonly [string, ...string[]] {
  return ['sh', '-c', `exec ${front} sh -c "$0" sh "$@" <program.c`, INSIDE, ...seaArguments(limits)];
}
