import { UserError } from '../../base/error.ts';
import { readElf, writeElf } from '../../kernel/elf/object.ts';
import { objectPrograms, singleProgram, withoutDebug } from './single-program.ts';
import { ALL, type LoadJob } from './loader.ts';

export interface ProgramJob extends LoadJob {
  /** The program's name; undefined for the whole object. */
  readonly program?: string;
}

/** Programs above which only the whole object is loaded. */
const MAX_PROGRAMS = 200;
/** Bytes sent in one round trip, unless one object alone is larger. */
const TRIP_BYTES = 8_000_000;

/** The whole object, and each of its programs when there are several. An object that cannot be taken apart is loaded as it is. */
export function loadJobs(file: Uint8Array): readonly ProgramJob[] {
  try {
    const object = readElf(file);
    const programs = objectPrograms(object);
    const whole: ProgramJob = { id: ALL, object: writeElf(withoutDebug(object)) };
    if (programs.length > MAX_PROGRAMS) return [whole];
    const single = programs.map((program, i) => ({ id: String(i), program: program.name, object: writeElf(singleProgram(object, program)) }));
    return single.length === 1 ? single : [whole, ...single];
  } catch (error) {
    // Damaged: the loader says best how.
    if (error instanceof UserError || error instanceof RangeError) return [{ id: ALL, object: file }];
    throw error;
  }
}

/** The jobs in portions of what is sent at once. */
export function trips<T extends LoadJob>(jobs: readonly T[]): readonly (readonly T[])[] {
  const portions: T[][] = [];
  let bytes = Infinity;
  for (const job of jobs) {
    if (bytes + job.object.length > TRIP_BYTES) {
      portions.push([]);
      bytes = 0;
    }
    bytes += job.object.length;
    portions.at(-1)?.push(job);
  }
  return portions;
}
