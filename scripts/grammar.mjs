#!/usr/bin/env node
// grammar.mjs generate | wasm | native | check: makes the bpftrace parser from grammars/tree-sitter-bpftrace/grammar.js.
//   generate  grammar.js → the C sources in src/
//   wasm      the C sources → tree-sitter-bpftrace.wasm, which the server loads
//   native    the C sources → a module for the native tree-sitter package; prints where it is
//   check     makes the first two again and says what differs from the committed files
import { check, generate, makeNative, makeWasm } from './grammar/build.mjs';
import { say } from './lib/log.mjs';

/** @type {Record<string, () => Promise<unknown>>} */
const commands = {
  generate: () => generate(),
  wasm: () => makeWasm(),
  native: async () => process.stdout.write(`${await makeNative()}\n`),
  check: async () => {
    const { differing, note } = await check();
    if (note) say('grammar', note);
    if (differing.length > 0) throw new Error(`Not what grammar.js gives: ${differing.join(', ')}. Run: node scripts/grammar.mjs generate && node scripts/grammar.mjs wasm`);
    say('grammar', 'the committed files are what grammar.js gives');
  },
};

const names = process.argv.slice(2);
if (names.length === 0 || names.some((name) => !Object.hasOwn(commands, name))) {
  say('grammar', `usage: node scripts/grammar.mjs ${Object.keys(commands).join('|')}`);
  process.exit(2);
}
try {
  for (const name of names) await commands[name]?.();
} catch (error) {
  say('grammar', error instanceof Error ? error.message : String(error));
  process.exit(1);
}
