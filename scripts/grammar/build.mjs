import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, inRoot } from '../lib/paths.mjs';
import { must } from '../lib/process.mjs';
import { generator, nativeTools, wasmTools } from './tools.mjs';

/** The grammar's folder in the checkout. */
export const grammar = inRoot('grammars/tree-sitter-bpftrace');

/** What the generator makes of grammar.js. */
export const GENERATED = ['src/parser.c', 'src/grammar.json', 'src/node-types.json', 'src/tree_sitter/parser.h', 'src/tree_sitter/array.h', 'src/tree_sitter/alloc.h'];
export const WASM = 'tree-sitter-bpftrace.wasm';

/** Makes the parser's C sources from grammar.js, into `folder`. */
export async function generate(folder = grammar) {
  const program = await generator();
  // In a folder of its own: the generator writes more than we keep, and grammar.js is a module.
  await inTemporary(async (work) => {
    for (const file of ['grammar.js', 'rules', 'tree-sitter.json']) cpSync(join(grammar, file), join(work, file), { recursive: true });
    writeFileSync(join(work, 'package.json'), '{"type":"module"}');
    await must(program, ['generate'], { cwd: work, limitSeconds: 120 });
    for (const file of GENERATED) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      cpSync(join(work, file), join(folder, file));
    }
  });
}

/** Makes the WebAssembly from the C sources, as `file`. No emscripten: its target name is what makes clang place code anywhere. */
export async function makeWasm(file = join(grammar, WASM)) {
  const { clang, linker, headers } = wasmTools();
  await inTemporary(async (work) => {
    const objects = [];
    for (const name of ['parser', 'scanner']) {
      const object = join(work, `${name}.o`);
      objects.push(object);
      const target = ['--target=wasm32-unknown-emscripten', '-D__wasi__', '-fPIC', '-Os', '-fvisibility=hidden', '-isystem', headers];
      await must(clang, [...target, '-I', 'src', '-c', `src/${name}.c`, '-o', object], { cwd: grammar, limitSeconds: 300 });
    }
    const link = ['--experimental-pic', '--shared', '--no-entry', '--allow-undefined', '--export=tree_sitter_bpftrace', '--strip-all'];
    await must(linker, [...link, ...objects, '-o', file], { limitSeconds: 60 });
  });
}

/**
 * Compiles the grammar for the native `tree-sitter` package, once per source text.
 * @returns {Promise<string>} the module, to be loaded with `require`
 */
export async function makeNative() {
  const sources = ['src/parser.c', 'src/scanner.c', 'bindings/node/binding.c'];
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(join(grammar, file)));
  const folder = join(cache, 'grammar');
  const made = join(folder, `${hash.digest('hex').slice(0, 16)}-${process.arch}.node`);
  if (existsSync(made)) return made;
  const { compiler, headers } = nativeTools();
  mkdirSync(folder, { recursive: true });
  const draft = `${made}.${process.pid}`;
  const flags = ['-shared', '-fPIC', '-O2', '-I', 'src', '-I', headers, '-Wl,--unresolved-symbols=ignore-all'];
  await must(compiler, [...flags, ...sources, '-o', draft], { cwd: grammar, limitSeconds: 300 });
  renameSync(draft, made);
  return made;
}

/** What any version of the generator makes the same. */
const STABLE = ['src/grammar.json', 'src/node-types.json'];

/** The generator that made a parser: it says so in the first line. */
const madeBy = (/** @type {string} */ folder) => /tree-sitter v(\S+)/.exec(readFileSync(join(folder, 'src/parser.c'), 'utf8').slice(0, 200))?.[1];

/**
 * Makes everything again and compares it with what is committed. Another version of the generator writes other C for the
 * same grammar: then the C is left out of it, and `note` says so.
 * @returns {Promise<{differing: string[], note?: string}>}
 */
export async function check() {
  return inTemporary(async (work) => {
    await generate(work);
    await makeWasm(join(work, WASM));
    const [here, committed] = [madeBy(work), madeBy(grammar)];
    const compared = [...(here === committed ? GENERATED : STABLE), WASM];
    const differing = compared.filter((file) => !readFileSync(join(work, file)).equals(readFileSync(join(grammar, file))));
    if (here === committed) return { differing };
    return { differing, note: `parser.c was made by tree-sitter ${committed}, this is ${here}: only the grammar and the WebAssembly were compared` };
  });
}

/** @template T @param {(folder: string) => Promise<T>} work @returns {Promise<T>} */
async function inTemporary(work) {
  const folder = mkdtempSync(join(tmpdir(), 'kgent-grammar-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
