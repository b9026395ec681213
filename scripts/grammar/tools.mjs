import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { which } from '../lib/debian.mjs';
import { cache, inRoot } from '../lib/paths.mjs';
import { must } from '../lib/process.mjs';

/** The version of LLVM that the committed WebAssembly was made with; another one makes other bytes. */
const LLVM = 14;

/** Where the programs of a newer Debian go, one folder for the generator alone. */
const GENERATOR = join(cache, 'sid-ts');

/** tree-sitter's program, which makes a parser of a grammar: the one named in the environment, or Debian sid's. */
export async function generator() {
  const given = process.env['KGENT_TEST_TREE_SITTER'];
  if (given) return given;
  await must(inRoot('scripts/newer-debian.sh'), ['sid', GENERATOR, 'tree-sitter-cli'], { limitSeconds: 900 });
  return join(GENERATOR, 'bin/tree-sitter');
}

/** clang, its linker for WebAssembly, and the headers of a libc for it. Throws when one is missing, naming Debian's packages. */
export function wasmTools() {
  const clang = which(`clang-${LLVM}`);
  const linker = which(`wasm-ld-${LLVM}`);
  const headers = '/usr/include/wasm32-wasi';
  if (clang && linker && existsSync(headers)) return { clang, linker, headers };
  throw new Error(`WebAssembly needs clang ${LLVM}, its linker and a libc: apt-get install clang-${LLVM} lld-${LLVM} wasi-libc`);
}

/** The C compiler for a module of Node, and Node's own headers. */
export function nativeTools() {
  const compiler = which('cc') ?? which('gcc') ?? which('clang') ?? which(`clang-${LLVM}`);
  if (!compiler) throw new Error('A module of Node needs a C compiler: apt-get install gcc');
  return { compiler, headers: nodeHeaders() };
}

/** They stand beside Node, or where node-gyp keeps those it has downloaded. */
function nodeHeaders() {
  const version = process.version.slice(1);
  const home = process.env['HOME'] ?? '';
  const folders = [join(dirname(process.execPath), '../include/node'), join(home, '.cache/node-gyp', version, 'include/node'), '/usr/include/node'];
  const found = folders.find((folder) => existsSync(join(folder, 'node_api.h')));
  if (!found) throw new Error(`Node's headers (node_api.h) are in none of ${folders.join(', ')}`);
  return found;
}
