/** The thread Z3 runs in: one question blocks it as long as it takes. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromSolverThread, SolverThreadData, ToSolverThread } from './messages.ts';

/** What of Z3's module is used: its plain functions, which answer in this thread, instead of those of the package, which start further ones. */
interface Z3Module {
  ccall(name: string, returns: 'string' | 'void', types: readonly ('number' | 'string')[], args: readonly (number | string)[]): string;
  _Z3_mk_config(): number;
  _Z3_mk_context(config: number): number;
  _Z3_del_context(context: number): void;
  _set_noop_error_handler(context: number): void;
}

/** What the module exits with when `memory_max_size` is exceeded. */
const OUT_OF_MEMORY = 101;

const port = parentPort;
const tell = (message: FromSolverThread): void => port?.postMessage(message);

/** Beside the bundle, or else as it was installed. */
async function load(): Promise<Z3Module> {
  const bundled = fileURLToPath(new URL('./z3/z3-built.cjs', import.meta.url));
  const init = createRequire(import.meta.url)(existsSync(bundled) ? bundled : 'z3-solver/build/z3-built.js') as (module: object) => Promise<Z3Module>;
  const quiet = (): void => undefined;
  return init({ print: quiet, printErr: quiet });
}

function isOutOfMemory(error: unknown): boolean {
  if (typeof error === 'object' && error !== null && 'status' in error) return error.status === OUT_OF_MEMORY;
  return error instanceof Error && error.message.includes('OOM');
}

const z3 = await load();
z3.ccall('Z3_global_param_set', 'void', ['string', 'string'], ['memory_max_size', String((workerData as SolverThreadData).memoryMb)]);
const config = z3._Z3_mk_config();

/** In a context of its own: one that answered hundreds of questions takes three times as long for the next. */
function answer(text: string): string {
  const context = z3._Z3_mk_context(config);
  // There was no memory for it.
  if (context === 0) return '';
  z3._set_noop_error_handler(context);
  const output = z3.ccall('Z3_eval_smtlib2_string', 'string', ['number', 'string'], [context, text]);
  z3._Z3_del_context(context);
  return output;
}

port?.on('message', ({ text }: ToSolverThread) => {
  try {
    tell({ kind: 'output', output: answer(text) });
  } catch (error) {
    tell({ kind: 'dead', memory: isOutOfMemory(error), message: error instanceof Error ? error.message : String(error) });
    port.close();
  }
});
tell({ kind: 'ready' });
