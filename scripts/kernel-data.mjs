// kernel-data.mjs [SUITE…]: reads Debian's full kernels (trixie's 6.12 and bookworm's 6.1, or those named) and writes what
// specs are checked against into test-fixtures/kernels. `npx tsx scripts/kernel-data.mjs` runs it; see CONTRIBUTING.md.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askKernel } from './kernel-data/boot.mjs';
import { isChosen } from './kernel-data/choose.mjs';
import { formatsOf } from './kernel-data/events.mjs';
import { hasStructs, writeFixtures } from './kernel-data/fixtures.mjs';
import { inLoadOrder, scanModules } from './kernel-data/modules.mjs';
import { structsOf } from './kernel-data/structs.mjs';
import { functionsOf, kfuncPrototypes, openTypes, prototypesOf, tracepointsOf } from './kernel-data/tables.mjs';
import { say, seconds } from './lib/log.mjs';
import { cache, inRoot } from './lib/paths.mjs';
import { endChildrenOnSignal, must } from './lib/process.mjs';

const suites = process.argv.slice(2);
const home = join(cache, 'kernel-data');
endChildrenOnSignal();

for (const suite of suites.length > 0 ? suites : ['trixie', 'bookworm']) {
  const started = Date.now();
  const dir = join(home, suite);
  mkdirSync(dir, { recursive: true });
  await must(inRoot('scripts/kernel-data/fetch.sh'), [suite, home], { limitSeconds: 900 });
  const modules = scanModules(join(dir, 'modules'));
  const chosen = inLoadOrder(modules, [...modules.values()].filter(isChosen).map(({ name }) => name));
  say('kernel-data', `${suite}: ${chosen.length} of ${modules.size} modules are loaded, which takes some minutes`);
  // A kernel that told once need not be asked again for another choice of what is written.
  const told = existsSync(join(dir, 'told/loaded')) ? join(dir, 'told') : await askKernel(dir, chosen.map(({ path }) => path));
  const types = openTypes(readFileSync(join(told, 'btf/vmlinux')), modules);
  const listed = functionsOf(readFileSync(join(told, 'functions')), types);
  // Modules that find no hardware, as kvm_intel here, are not loaded; their files tell what they have.
  const loaded = new Set(readFileSync(join(told, 'loaded'), 'utf8').split('\n'));
  const others = chosen.filter(({ name }) => !loaded.has(name));
  const functions = [...listed, ...prototypesOf(others.flatMap(({ name: module, functions: names }) => names.map((name) => ({ module, name }))), types)];
  const formats = [readFileSync(join(told, 'formats'), 'latin1'), ...others.flatMap(({ path }) => formatsOf(join(dir, 'modules', path)))];
  const tracepoints = tracepointsOf(formats.join('\n'), modules, types);
  const release = readFileSync(join(dir, 'release'), 'utf8').trim();
  const out = inRoot('test-fixtures/kernels', release);
  mkdirSync(out, { recursive: true });
  writeFixtures(out, functions, kfuncPrototypes(types), tracepoints, structsOf(new Map([...types].filter(([module]) => hasStructs(module)))));
  say('kernel-data', `${release}: ${functions.length} functions and ${tracepoints.length} tracepoints in ${seconds(started)}; not loaded: ${others.map(({ name }) => name).join(' ') || 'none'}`);
}
