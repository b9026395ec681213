import { setFlagsFromString } from 'node:v8';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBundledKernel } from './target/bundled-kernel.ts';

// Each keystroke makes some megabytes of short-lived objects: with room for several, collecting them seldom gets in the way.
setFlagsFromString('--max-semi-space-size=32');
setFlagsFromString('--min-semi-space-size=16');

// The kernel that stands in until the target's is read is unpacked while the server is loaded. What is wrong with it is
// told by who opens it.
readBundledKernel(join(dirname(fileURLToPath(import.meta.url)), 'knowledge/kernels')).catch(() => undefined);

await import('./main.ts');
