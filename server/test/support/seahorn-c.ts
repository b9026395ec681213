import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INCLUDE = join(import.meta.dirname, '../../../test-fixtures/seahorn/stand-in');

/** A harness that is run with values drawn at random. */
export interface Drawn {
  readonly text: string;
  /** Numbers of the program's own, which are drawn more often. */
  readonly constants: readonly bigint[];
  readonly clocks: readonly string[];
  readonly handlers: number;
  readonly events: number;
}

export interface DrawnRuns {
  readonly excluded: number;
  readonly ended: number;
  readonly crashed: number;
  /** Line from 1 → how often it did not hold, and all values of the first time, in the order of the calls. */
  readonly violated: ReadonlyMap<number, { readonly times: number; readonly values: ReadonlyMap<string, readonly bigint[]> }>;
}

/** What clang says of harnesses, with all warnings as errors; empty when it is content. All are compiled by one start of the driver. */
export function clangSaysOf(texts: readonly string[]): string {
  return inDirectory((dir) => spawnSync('clang', ['-fsyntax-only', '-Wall', '-Wextra', '-Werror', `-I${INCLUDE}`, ...texts.map((text, n) => written(dir, `h${n}.c`, text))], { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 26 }).stderr);
}

/** Runs each harness so many times. What C leaves undefined counts as a crash. */
export function runDrawn(programs: readonly Drawn[], runs: number, seed: number): readonly DrawnRuns[] {
  return inDirectory((dir) => {
    const files = programs.map((program, n) => written(dir, `h${n}.c`, `${program.text}${inputsOf(program)}`));
    execFileSync('clang', ['-c', '-O1', '-w', '-g0', '-fsanitize=bounds,null,shift,integer-divide-by-zero', '-fsanitize-trap=all', `-I${INCLUDE}`, ...files], { cwd: dir });
    for (const n of programs.keys()) execFileSync('objcopy', ['--redefine-sym', `main=program_${n}`, '--redefine-sym', `inputs=inputs_${n}`, '--keep-global-symbol', `program_${n}`, '--keep-global-symbol', `inputs_${n}`, `h${n}.o`], { cwd: dir });
    written(dir, 'driver.c', driverOf(programs, runs, seed));
    execFileSync('clang', ['-O1', '-w', '-o', 'all', 'driver.c', ...programs.map((_, n) => `h${n}.o`)], { cwd: dir });
    const answers = execFileSync(join(dir, 'all'), { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300_000 }).split('\n');
    return programs.map((_, n) => readRuns(answers.filter((line) => line.startsWith(`${n} `)).map((line) => line.slice(`${n} `.length))));
  });
}

/** Each input asks the driver: its name, bits, and whether it is a clock. */
function inputsOf({ text, constants, clocks, handlers, events }: Drawn): string {
  const functions = [...text.matchAll(/^extern (\w+) (\w+)\(void\);$/gm)];
  const lines = functions.map(([, type = '', name = ''], n) => `${type} ${name}(void) { return (${type})draw(${n}, ${type === 'bool' ? 1 : /\d+/.exec(type)?.[0] ?? 64}, ${clocks.includes(name) ? 1 : name === 'nd_event' ? 2 : name === 'nd_packet' ? 3 : name === 'nd_packet_length' ? 4 : 0}); }`);
  return `\n#line 1 "inputs"\nextern uint64_t draw(unsigned, unsigned, unsigned);\n${lines.join('\n')}\nstatic const char *const kgent_input_names[] = {${functions.map(([, , name = '']) => JSON.stringify(name)).join(',')}};\nstatic const uint64_t kgent_constants[] = {0, 2, 10, -14ull, ${constants.map((value) => `${BigInt.asUintN(64, value)}ull`).join(',')}};\nvoid inputs(const char *const **n, const uint64_t **c, unsigned *counts) { *n = kgent_input_names; *c = kgent_constants; counts[0] = ${constants.length + 4}; counts[1] = ${handlers}; counts[2] = ${events}; }\n`;
}

function driverOf(programs: readonly Drawn[], runs: number, seed: number): string {
  return `#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
extern char __data_start, _end;
enum { LOG = 8192, LINES = 400 };
struct state { sigjmp_buf out; uint64_t seed; const char *const *names; const uint64_t *constants; unsigned counts[3]; uint64_t last[512]; unsigned drawn, at; struct { unsigned input; uint64_t value; } log[LOG]; uint8_t packet[256]; unsigned packet_at; bool crashed, excluded; unsigned failed[16], failures; unsigned times[LINES]; };
/* Behind the program's break: what a run leaves is put back, this is not. */
#define S ((struct state *)0x200000000000)
static uint64_t next(void) { S->seed ^= S->seed << 13; S->seed ^= S->seed >> 7; S->seed ^= S->seed << 17; return S->seed * 0x2545f4914f6cdd1dull >> 7; }
static uint64_t pick(unsigned bits) {
  uint64_t c = S->constants[next() % S->counts[0]];
  switch (next() % 13) {
  case 0: case 1: return 0; case 2: return 1; case 3: return next() % 8; case 4: case 5: return c; case 6: return c + 1; case 7: return c - 1;
  case 8: return __builtin_bswap16(c); case 9: return __builtin_bswap32(c); case 10: return next() % 70000; case 11: return next() << 32; default: return next() << 20 ^ next();
  }
}
static void packet(void) {
  for (int i = 0; i < 256; i++) S->packet[i] = next() % 4 ? 0 : (uint8_t)pick(8);
  static const uint16_t types[] = {0x0008, 0x0008, 0xdd86, 0x0081, 0x0608};
  static const uint8_t protocols[] = {6, 17, 1, 58};
  uint8_t *p = S->packet + 2;
  unsigned ip = next() % 4 ? 14 : 0;
  if (next() % 8) { memcpy(p + 12, &types[next() % 5], 2); memcpy(p + 16, &types[next() % 5], 2); }
  p[ip] = next() % 3 ? 0x45 : next() % 2 ? 0x46 : pick(8);
  p[ip + 9] = next() % 6 ? protocols[next() % 4] : pick(8);
  p[ip + 6] = next() % 2 ? 0 : next(); p[ip + 7] = next() % 2 ? 0 : next();
  if (next() % 3 == 0) for (int i = 28; i < 80; i += 2) if (next() % 6 == 0) { uint32_t v = __builtin_bswap32(pick(32)); memcpy(p + i, &v, 4); }
  for (unsigned i = 20; i < 26; i += 2) if (next() % 2) { uint16_t v = __builtin_bswap16(S->constants[next() % S->counts[0]]); memcpy(p + ip + i, &v, 2); }
  for (unsigned i = 12; i < 20; i += 4) if (next() % 2) { uint32_t v = S->constants[next() % S->counts[0]]; memcpy(p + ip + i, &v, 4); }
  if (next() % 4) { uint16_t v = __builtin_bswap16(next() % 2 ? S->constants[next() % S->counts[0]] : next() % 3000); memcpy(p + ip + 2, &v, 2); }
  for (int i = ip + 2; i < 60; i += 2) if (next() % 3 == 0) { uint16_t v = pick(16); memcpy(p + i, &v, 2); }
}
uint64_t draw(unsigned input, unsigned bits, unsigned kind) {
  uint64_t value;
  if (kind == 1) value = S->last[input] + (next() % 3 ? next() % 3 : next() % 3 == 0 ? S->constants[next() % S->counts[0]] % 0x100000000ull + next() % 9 : (next() % 2 ? next() % 4000000000ull : next() % 0x4000000000ull)) + (S->last[input] == 0);
  else if (kind == 2) { bool end = ++S->drawn >= S->counts[2]; value = end || next() % 3 ? 1 + next() % S->counts[1] : 0; }
  else if (kind == 3) { memcpy(&value, S->packet + 8 * (S->packet_at++ % 32), 8); }
  else if (kind == 4) { packet(); S->packet_at = 0; value = next() % 6 == 0 ? next() % 65536 : next() % 140; }
  else value = next() % 3 ? pick(bits) : S->last[input];
  if (bits < 64) value &= (1ull << bits) - 1;
  S->last[input] = value;
  if (S->at < LOG) { S->log[S->at].input = input; S->log[S->at++].value = value; }
  return value;
}
void seahorn_assume(bool holds) { if (!holds) { S->excluded = 1; siglongjmp(S->out, 1); } }
void seahorn_assert(bool holds, const char *file, int line) { (void)file; if (!holds && S->failures < 16) S->failed[S->failures++] = line; }
static void crash(int signal) { (void)signal; S->crashed = 1; siglongjmp(S->out, 1); }
${programs.map((_, n) => `extern int program_${n}(void); extern void inputs_${n}(const char *const **, const uint64_t **, unsigned *);`).join('\n')}
static struct { int (*run)(void); void (*inputs)(const char *const **, const uint64_t **, unsigned *); } all[] = {${programs.map((_, n) => `{program_${n}, inputs_${n}}`).join(',')}};
int main(void) {
  mmap((void *)S, sizeof(*S), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  struct sigaction action = {.sa_handler = crash, .sa_flags = SA_NODEFER};
  sigaction(SIGILL, &action, 0); sigaction(SIGSEGV, &action, 0); sigaction(SIGFPE, &action, 0); sigaction(SIGBUS, &action, 0); sigaction(SIGTRAP, &action, 0);
  setvbuf(stdout, mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), _IOFBF, 1 << 16);
  size_t size = &_end - &__data_start;
  char *kept = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (volatile unsigned n = 0; n < sizeof(all) / sizeof(all[0]); n++) {
    volatile unsigned excluded = 0, crashed = 0;
    memset((void *)S, 0, sizeof(*S));
    all[n].inputs(&S->names, &S->constants, S->counts);
    memcpy(kept, &__data_start, size);
    for (volatile unsigned run = 0; run < ${runs}; run++) {
      S->seed = (run + 1) * 0x9e3779b97f4a7c15ull ^ ${seed} ^ (uint64_t)n << 40; S->drawn = S->at = S->failures = S->crashed = S->excluded = 0;
      memset(S->last, 0, sizeof(S->last));
      if (!sigsetjmp(S->out, 0)) all[n].run();
      memcpy(&__data_start, kept, size);
      if (S->crashed) crashed++;
      if (S->excluded) { excluded++; continue; }
      for (unsigned f = 0; f < S->failures; f++) {
        unsigned line = S->failed[f];
        if (line >= LINES || S->times[line]++) continue;
        printf("%u violated %u", n, line);
        for (unsigned i = 0; i < S->at; i++) printf(" %s=%llu", S->names[S->log[i].input], (unsigned long long)S->log[i].value);
        printf("\\n");
      }
      fflush(stdout);
    }
    printf("%u ran %u %u", n, excluded, crashed);
    for (unsigned line = 0; line < LINES; line++) if (S->times[line]) printf(" %u:%u", line, S->times[line]);
    printf("\\n");
    fflush(stdout);
    memcpy(&__data_start, kept, size);
  }
  return 0;
}
`;
}

function readRuns(lines: readonly string[]): DrawnRuns {
  const [, excluded = '0', crashed = '0', ...counts] = lines.find((line) => line.startsWith('ran '))?.split(' ') ?? ['', '0', '-1'];
  const values = new Map(lines.filter((line) => line.startsWith('violated ')).map((line) => {
    const [, at = '', ...drawn] = line.split(' ');
    const byName = new Map<string, bigint[]>();
    for (const [name = '', value = ''] of drawn.map((one) => one.split('='))) byName.set(name, [...(byName.get(name) ?? []), BigInt(value)]);
    return [Number(at), byName] as const;
  }));
  const violated = new Map(counts.map((count) => {
    const [line = '', times = ''] = count.split(':');
    return [Number(line), { times: Number(times), values: values.get(Number(line)) ?? new Map<string, bigint[]>() }] as const;
  }));
  return { excluded: Number(excluded), crashed: Number(crashed), ended: 0, violated };
}

function written(dir: string, name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

function inDirectory<T>(use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-seahorn-c-'));
  try {
    return use(dir);
  } finally {
    if (process.env['KEEP'] === undefined) rmSync(dir, { recursive: true });
  }
}
