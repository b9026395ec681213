// verifier-corpus.mjs [--vm[=SUITE]] [PART-OF-A-CASE…]: records what the kernel says of the programs in test-fixtures/verifier:
// compiles both versions of each case, loads them here (or, with --vm, in the virtual machine of a Debian suite, trixie when
// none is said), and writes logs/<kernel>.log when the one is rejected and the other is loaded. The first case of each
// class is recorded at log level 2 as well. `npx tsx scripts/verifier-corpus.mjs` runs it, as root.
// The kernels of this machine and of trixie are those the corpus is judged by: their names are written into case.json too.
// Of other suites' kernels only logs of less than 100 KB are kept, to compare what explaining them gives.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compile, complaintOf, CORPUS, execute, kernelName, load, logFile, readCases, roomFor, writeHeaders } from '../server/test/support/verifier-corpus.ts';
import { say } from './lib/log.mjs';
import { boot, buildImage, sshArguments } from './vm/vm.mjs';

/** @typedef {import('../server/test/support/verifier-corpus.ts').Case} Case */
/** @typedef {{rejected: {code: number, log: string}, correct: {code: number, log: string}, detailed?: string}} Recording */

const VERSIONS = /** @type {const} */ (['rejected', 'correct']);
const suite = process.argv.map((word) => /^--vm(?:=(\w+))?$/.exec(word)).flatMap((m) => (m ? [m[1] ?? 'trixie'] : []))[0];
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
/** A kernel beside the two: what it says is kept, case.json is not touched. */
const isOther = suite !== undefined && suite !== 'trixie';
const KEPT_OF_OTHERS = 100_000;
/** Cases tried in one session of the virtual machine: what is recorded stays when the next is interrupted. */
const PORTION = 40;
const all = readCases();
const cases = all.filter((one) => wanted.length === 0 || wanted.some((part) => one.id.includes(part)));
/** The first case of each class; at level 2 a log of one of the verifier's limits would have gigabytes. */
const detailed = new Set([...new Map([...all].reverse().filter((one) => one.class !== 'too-complex').map((one) => [one.class, one.id])).values()]);
/** What the machine runs: one session, because each new one costs seconds there. */
const LOOP = `while read -r id caps level2; do
  cd "/root/kgent-corpus/$id" || exit 1
  for version in rejected correct $level2; do
    object=\${version%-2}.o; debug=; [ "$version" = rejected-2 ] && debug=-d
    bound=; [ "$caps" != - ] && bound="setpriv --bounding-set=-all,+$(echo "$caps" | sed 's/,/,+/g')"
    timeout 120 $bound bpftool $debug prog loadall "$object" /sys/fs/bpf/kgent-corpus </dev/null 2>log
    echo $? >"$version.code"; rm -rf /sys/fs/bpf/kgent-corpus
    if [ "$(stat -c %s log)" -gt 300000 ]; then
      { head -c 100000 log | sed '$d'; echo "[$(($(stat -c %s log) - 200000)) bytes of the recording are left out here]"; tail -c 100000 log | sed 1d; } >"$version.log"
    else mv log "$version.log"; fi
    rm -f log
  done
done`;

const work = mkdtempSync(join(tmpdir(), 'kgent-corpus-'));
try {
  await writeHeaders(work);
  const count = suite === undefined ? await recordHere() : await recordInVm(suite);
  say('corpus', `${count} of ${cases.length} cases rejected, their correct versions loaded`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function build(/** @type {Case} */ one, room = work) {
  for (const version of VERSIONS) {
    const { code, stderr } = await compile(one.id, version, work, roomFor(one, room));
    if (code !== 0) throw new Error(`${one.id}: ${version} does not compile:\n${stderr}`);
  }
}

/** Case by case, so that what was recorded stays when it is interrupted. */
async function recordHere() {
  let count = 0;
  for (const one of cases) {
    await build(one);
    const [rejected, correct] = await Promise.all([loadOnce(one, 'rejected', 1), loadOnce(one, 'correct', 1)]);
    const more = detailed.has(one.id) ? { detailed: (await loadOnce(one, 'rejected', 2)).log } : {};
    count += Number(keep(one, kernelName(release()), { rejected, correct, ...more }));
  }
  return count;
}

async function loadOnce(/** @type {Case} */ one, /** @type {'rejected' | 'correct'} */ version, /** @type {1 | 2} */ level) {
  const pins = `/sys/fs/bpf/kgent-corpus-${process.pid}-${version}`;
  try {
    const { code, stderr } = await load(one, version, roomFor(one, work), pins, level);
    return { code, log: stderr };
  } finally {
    rmSync(pins, { recursive: true, force: true });
  }
}

async function recordInVm(/** @type {string} */ suite) {
  await buildImage(suite);
  const vm = await boot({ suite, name: suite });
  let count = 0;
  for (let i = 0; i < cases.length; i += PORTION) {
    count += await recordPortion(vm, cases.slice(i, i + PORTION));
    say('corpus', `${Math.min(cases.length, i + PORTION)} of ${cases.length} tried`);
  }
  return count;
}

/** Sends some cases' objects over, has all of them loaded there, and fetches what was said. */
async function recordPortion(/** @type {import('./vm/vm.mjs').Vm} */ vm, /** @type {Case[]} */ portion) {
  const room = mkdtempSync(join(work, 'portion-'));
  for (const one of portion) await build(one, room);
  const list = portion.map((one) => `${one.id.replace('/', '.')} ${one.capabilities?.join(',') ?? '-'} ${detailed.has(one.id) ? 'rejected-2' : ''}\n`).join('');
  writeFileSync(join(room, 'list'), list);
  writeFileSync(join(room, 'loop.sh'), LOOP);
  await execute(['sh', '-c', 'tar czf objects.tgz list loop.sh */*.o'], room);
  const command = 'rm -rf /root/kgent-corpus && mkdir /root/kgent-corpus && cd /root/kgent-corpus && tar xzf - && sh loop.sh <list >&2; tar czf - */*.code */*.log; cd / && rm -rf /root/kgent-corpus';
  const ran = await execute(['sh', '-c', `ssh "$@" '${command}' <objects.tgz >answers.tgz`, 'sh', ...sshArguments(vm)], room, 'ssh', 3_000_000);
  const unpacked = await execute(['tar', 'xzf', 'answers.tgz'], room);
  if (unpacked.code !== 0) throw new Error(`The virtual machine gave no answers: ${ran.stderr}`);
  const read = (/** @type {Case} */ one, /** @type {string} */ name) => readFileSync(join(roomFor(one, room), name), 'utf8');
  return portion.filter((one) => {
    const [rejected, correct] = VERSIONS.map((version) => ({ code: Number(read(one, `${version}.code`)), log: read(one, `${version}.log`) }));
    return rejected && correct && keep(one, kernelName(vm.kernel), { rejected, correct, ...(detailed.has(one.id) ? { detailed: read(one, 'rejected-2.log') } : {}) });
  }).length;
}

/** Writes the logs of a case that this kernel decided as it should, and takes away those of one it did not. */
function keep(/** @type {Case} */ one, /** @type {string} */ kernel, /** @type {Recording} */ recording) {
  const { rejected, correct } = recording;
  const decided = rejected.code !== 0 && rejected.code !== 124 && correct.code === 0;
  if (!decided) say('corpus', `${one.id}: not on ${kernel}: ${rejected.code === 0 ? 'rejected is loaded' : complaintOf(correct.log) || complaintOf(rejected.log)}`);
  for (const [level, log] of /** @type {const} */ ([[1, rejected.log], [2, recording.detailed]])) {
    const file = logFile(one.id, kernel, level);
    mkdirSync(dirname(file), { recursive: true });
    if (decided && log !== undefined && !(isOther && log.length > KEPT_OF_OTHERS)) writeFileSync(file, log);
    else rmSync(file, { force: true });
  }
  if (isOther) return decided;
  const path = join(CORPUS, one.id, 'case.json');
  const kernels = [...one.kernels.filter((name) => name !== kernel), ...(decided ? [kernel] : [])].sort().reverse();
  writeFileSync(path, `${JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), kernels }, null, 2)}\n`);
  return decided;
}
