import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INCLUDE = join(import.meta.dirname, '../../../test-fixtures/seahorn/stand-in');

/** A printed program, and what its functions return in each of its runs. */
export interface Printed {
  readonly text: string;
  readonly runs: readonly ReadonlyMap<string, readonly bigint[]>[];
}

/** How a run of a printed program ended. */
export interface PrintedRun {
  readonly excluded: boolean;
  /** Lines from 1 of assertions that did not hold. */
  readonly violated: readonly number[];
}

/** What clang says of programs, with all warnings as errors; empty when it is content. */
export function clangSays(texts: readonly string[]): string {
  return inDirectory((dir) => spawnSync('clang', ['-fsyntax-only', '-Wall', '-Wextra', '-Werror', `-I${INCLUDE}`, written(dir, 'all.c', texts.map(apart).join('\n'))], { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 26 }).stderr);
}

/** A program under names of its own, so that many are compiled at once: each start of the compiler costs more than a program. */
function apart(text: string, n: number): string {
  const own = ['main', 'NOTHING', 'PUT', 'REMOVED', 'CLEARED', ...functionNames(text), ...[...text.matchAll(/^static inline \w+ (\w+)\(/gm)].map(([, name = '']) => name)];
  const macros = [...text.matchAll(/^#define (\w+)\(/gm)].map(([, name = '']) => name);
  return [...own.map((name) => `#define ${name} p${n}_${name}`), text, ...[...own, ...macros].map((name) => `#undef ${name}`)].join('\n');
}

/** What is left of a program when LLVM has optimized it, as SeaHorn has it done before it looks at it. */
export function optimized(text: string): string {
  return inDirectory((dir) => execFileSync('clang', ['-O3', '-w', `-I${INCLUDE}`, '-S', '-emit-llvm', '-o', '-', written(dir, 'p.c', text)], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** Compiles programs into one, and runs each of them with the values of each run. What C leaves undefined ends it. */
export function runPrinted(programs: readonly Printed[]): readonly (readonly PrintedRun[])[] {
  return inDirectory((dir) => {
    const files = programs.map(({ text, runs }, n) => written(dir, `p${n}.c`, `#define main program_${n}\n${functionNames(text).map((name) => `#define ${name} p${n}_${name}\n`).join('')}${text}${valuesOf(text, runs, n)}`));
    const driver = written(dir, 'driver.c', driverOf(programs));
    execFileSync('clang', ['-O0', '-fsanitize=undefined', '-fsanitize-trap=all', '-w', '-DUNROLL=', `-I${INCLUDE}`, '-o', 'all', driver, ...files], { cwd: dir });
    const answers = execFileSync(join(dir, 'all'), { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 60_000 }).split('\n');
    return programs.map(({ runs }) => runs.map(() => readRun(answers.shift() ?? '')));
  });
}

const functionNames = (text: string): string[] => [...text.matchAll(/^extern \w+ (\w+)\(void\);$/gm)].map(([, name = '']) => name);

/** Definitions of the functions: values one after the other, then zeros. */
function valuesOf(text: string, runs: Printed['runs'], n: number): string {
  const functions = [...text.matchAll(/^extern (\w+) (\w+)\(void\);$/gm)].map(([, type = '', name = '']) => {
    const rows = runs.map((run) => `{${[...(run.get(name) ?? []), 0n].map((value) => `${value}ull`).join(',')}}`);
    const width = Math.max(...runs.map((run) => run.get(name)?.length ?? 0)) + 1;
    return `static const uint64_t ${name}_values[][${width}] = {${rows.join(',')}};\n${type} ${name}(void) { return (${type})(p${n}_at_${name} < ${width} ? ${name}_values[run][p${n}_at_${name}++] : 0); }\n`;
  });
  const counters = functionNames(text).map((name) => `static unsigned p${n}_at_${name};\n`);
  const reset = functionNames(text).map((name) => `p${n}_at_${name} = 0; `);
  return `\n#line 1 "values"\nextern unsigned run;\n${counters.join('')}${functions.join('')}void reset_${n}(void) { ${reset.join('')}}\n`;
}

function driverOf(programs: readonly Printed[]): string {
  return `#include <setjmp.h>\n#include <stdbool.h>\n#include <stdio.h>\nunsigned run; static jmp_buf out;
void seahorn_assume(bool holds) { if (!holds) { printf("excluded"); longjmp(out, 1); } }
void seahorn_assert(bool holds, const char *file, int line) { (void)file; if (!holds) printf("%d ", line); }
${programs.map((_, n) => `extern int program_${n}(void); extern void reset_${n}(void);`).join('\n')}
int main(void) {
${programs.map(({ runs }, n) => `  for (run = 0; run < ${runs.length}; run++) { reset_${n}(); if (!setjmp(out)) program_${n}(); printf("\\n"); }`).join('\n')}
  return 0;
}
`;
}

function readRun(answer: string): PrintedRun {
  const words = answer.split(' ').filter((word) => word !== '');
  return { excluded: words.includes('excluded'), violated: words.filter((word) => word !== 'excluded').map(Number) };
}

function written(dir: string, name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

function inDirectory<T>(use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'kgent-seahorn-'));
  try {
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
