// Builds dist/knowledge: the specs and examples with their index. `npm run build:knowledge` runs it
// through tsx, because it calls the server's own code.
import { buildKnowledge } from '../server/src/knowledge/build.ts';
import { say, seconds } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';

const started = Date.now();
const progress = process.stderr.isTTY === true;
const built = await buildKnowledge({
  source: inRoot('knowledge'),
  out: inRoot('dist/knowledge'),
  onProgress: ({ step, done, total }) => {
    if (progress) process.stderr.write(`\rkgent knowledge: ${step} ${done} of ${total} `);
  },
});
if (progress) process.stderr.write('\n');
say('knowledge', `${built.specs} specs and ${built.examples} examples, ${built.index} index, ${built.built ? `built in ${seconds(started)}` : 'up to date'}`);
