// knowledge-protos.mjs [--check] [FILE…]: writes the true prototype of each function, tracepoint and kfunc into the records of
// knowledge/specs (or of the named files), from the kernels in test-fixtures/kernels. All else of a line stays as it is,
// byte for byte. `npx tsx scripts/knowledge-protos.mjs` runs it. With --check it changes nothing and fails if it would.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { prototypeOf } from '../server/src/knowledge/prototypes.ts';
import { readTables, releases } from '../server/test/support/kernel-tables.ts';
import { withProto } from './knowledge/with-proto.mjs';
import { say } from './lib/log.mjs';
import { inRoot, root } from './lib/paths.mjs';

const given = process.argv.slice(2);
const check = given.includes('--check');
const named = given.filter((argument) => !argument.startsWith('--'));
const folder = inRoot('knowledge/specs');
const files = named.length > 0 ? named : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl')).map((name) => `${folder}/${name}`);
const kernels = releases.map(readTables);

let changed = 0;
/** @type {string[]} */
const unknown = [];
for (const file of files) {
  const before = readFileSync(file, 'utf8');
  const after = before.split('\n').map((line) => {
    const filled = withProto(line, (spec) => prototypeOf(spec, kernels));
    if (filled === 'unknown') unknown.push(JSON.parse(line).id);
    return filled === 'unknown' ? line : filled;
  }).join('\n');
  if (after === before) continue;
  changed++;
  say('knowledge-protos', `${relative(root, file)} ${check ? 'is not' : 'was not'} up to date`);
  // Others may append to it meanwhile.
  if (!check && readFileSync(file, 'utf8') === before) writeFileSync(file, after);
}
if (unknown.length > 0) say('knowledge-protos', `in none of ${releases.join(', ')}: ${unknown.join(' ')}`);
say('knowledge-protos', `${files.length} files, ${changed} ${check ? 'to change' : 'changed'}, ${unknown.length} unknown`);
if (check && changed > 0) process.exitCode = 1;
