import { beforeAll, describe, expect, it } from 'vitest';
import { readElf, writeElf } from '../../src/kernel/elf/object.ts';
import { objectPrograms, singleProgram, withoutDebug } from '../../src/checks/load/single-program.ts';
import { loadJobs, trips } from '../../src/checks/load/jobs.ts';
import { objectForBpf } from '../support/clang.ts';

const SOURCE = `#define SEC(name) __attribute__((section(name), used))
char LICENSE[] SEC("license") = "GPL";
int seen;
static __attribute__((noinline)) int more(int by) { seen += by; return seen; }
SEC("xdp") int one(void *ctx) { return more(1); }
SEC("xdp") int two(void *ctx) { return more(2) + seen; }
SEC("tc") int three(void *ctx) { return 3; }
SEC("?tc") int by_hand(void *ctx) { return 4; }
`;
let file: Uint8Array;
beforeAll(() => {
  file = objectForBpf(SOURCE, {});
});

const contents = (bytes: Uint8Array): readonly string[] => readElf(bytes).sections.map((section) => `${section.name} ${section.type} ${section.flags} ${section.link} ${section.info} ${section.size} ${Buffer.from(section.bytes).toString('base64')}`);

describe('an object taken apart', () => {
  it('is the same when it is put together again', () => expect(contents(writeElf(readElf(file)))).toEqual(contents(file)));
  it('has its programs, without functions they call and those that are loaded by hand', () => {
    expect(objectPrograms(readElf(file)).map(({ name, section }) => [name, section])).toEqual([['one', 'xdp'], ['two', 'xdp'], ['three', 'tc']]);
  });
  it('leaves out what debuggers read', () => {
    const object = readElf(file);
    const sizes = objectPrograms(object).map((program) => writeElf(singleProgram(object, program)).length);
    for (const size of sizes) expect(size).toBeLessThan(file.length);
    expect(writeElf(withoutDebug(object)).length).toBeLessThan(file.length);
  });
  it('is not changed by it', () => {
    const before = Buffer.from(file).toString('base64');
    const object = readElf(file);
    for (const program of objectPrograms(object)) writeElf(singleProgram(object, program));
    expect(Buffer.from(file).toString('base64') === before).toBe(true);
  });
});

describe('jobs of a load', () => {
  it('the whole object first, then each program', () => expect(loadJobs(file).map(({ id, program }) => `${id} ${program ?? ''}`)).toEqual(['all ', '0 one', '1 two', '2 three']));
  it('of a damaged object: never an error, at least the object as it is', () => {
    // Each byte of the headers turned over, the file cut anywhere: a loader judges what is left.
    for (let at = 0; at < 3000; at++) {
      const place = Math.floor((at * 7919) % file.length);
      const damaged = Uint8Array.from(file);
      damaged[at % 2 === 0 ? place : at % 64] = (at * 31) % 256;
      expect(loadJobs(at % 5 === 0 ? damaged.subarray(0, place) : damaged).length).toBeGreaterThan(0);
    }
  });
  it('go in portions of 8 MB, a larger one alone', () => {
    const job = (bytes: number): { id: string; object: Uint8Array } => ({ id: String(bytes), object: new Uint8Array(bytes) });
    expect(trips([job(9_000_000), job(5_000_000), job(3_000_000), job(1), job(2)]).map((trip) => trip.map(({ id }) => id))).toEqual([['9000000'], ['5000000', '3000000'], ['1', '2']]);
    expect(trips([])).toEqual([]);
  });
});
