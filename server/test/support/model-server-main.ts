/** `model-server-main.ts SCRIPT.json`: the scripted model server as a process, for tests of the editor. */
import { readFile } from 'node:fs/promises';
import { ModelServer, type Script, type ScriptedReply } from './model-server.ts';

const file = process.argv[2];
if (file === undefined) {
  console.error('usage: model-server-main.ts SCRIPT.json');
  process.exit(2);
}
const server = await ModelServer.start(JSON.parse(await readFile(file, 'utf8')) as Script | ScriptedReply[]);
console.log(JSON.stringify({ url: server.url }));
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
