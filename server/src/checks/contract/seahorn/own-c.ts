import type { Instrumented } from '../../../contracts/c/instrument.ts';
import { STAND_IN_HEADERS } from '../../../contracts/seahorn/harness/headers.ts';
import { prepareHarness, type Prepared } from '../../../contracts/seahorn/harness/prepare.ts';
import { rewritten } from '../../../contracts/seahorn/harness/rewrite.ts';
import { declarationsOf, itemsOf, type Declarations } from '../../../contracts/seahorn/harness/trim.ts';
import { analyzeC, type CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { parseC } from '../../../language/bpfc/syntax/document.ts';
import type { CParser } from '../../../language/bpfc/syntax/parser.ts';
import type { ExecFile, Target } from '../../../target/target.ts';
import { SOURCE_FILE } from '../../compile/clang/arguments.ts';
import { layoutOf, type Layout } from '../../compile/clang/layout.ts';
import { sourceFiles } from '../../compile/clang/project/files.ts';
import type { VmlinuxHeaders } from '../../compile/clang/vmlinux.ts';
import type { CheckContext } from '../../pipeline.ts';
import type { Program } from '../../program.ts';

export interface OwnCOptions {
  /** This machine. */
  readonly local: Target;
  readonly headers: VmlinuxHeaders;
  readonly parser: () => Promise<CParser>;
}

/** Makes of a program in BPF C what SeaHorn can be given, or says why there is no such thing. */
export type OwnC = (program: Program, instrumented: Instrumented, context: CheckContext) => Promise<Prepared>;

/** Puts the files where they belong, and preprocesses the program in its folder. */
const SCRIPT = `
folder=$1; shift
while [ "$1" != -- ]; do mkdir -p "$(dirname "$2")" && { [ "$1" -ef "$2" ] || cp "$1" "$2"; } || exit; shift 2; done
shift; cd "$folder" || exit; exec "$@"`;
const PLACE = 'kgent-headers';
/** In place of the kernel's types, which are looked up where they are needed. */
const NO_TYPES = '#pragma once\n';
const TIMEOUT_MS = 20_000;

/** `clang -E` with headers for SeaHorn in front of libbpf's. */
export function ownC({ local, headers, parser }: OwnCOptions): OwnC {
  const kernels = new Map<string, Declarations>();
  const typesOf = async (context: CheckContext): Promise<Declarations | undefined> => {
    const inventory = await context.inventory();
    const { facts } = context;
    const header = facts ? await headers.get(context.target, facts, inventory) : await headers.of(inventory);
    if (!header || 'reason' in header) return undefined;
    const known = kernels.get(header.text) ?? declarationsOf(itemsOf(header.text));
    kernels.clear();
    kernels.set(header.text, known);
    return known;
  };
  return async (program, instrumented, context) => {
    const analysis = analyzeC(parseC(await parser(), program.text), { inventory: await context.inventory() });
    const text = rewritten(instrumented.text, instrumented.source.marks, analysis);
    const layout = await layoutOf({ ...program, text }, sourceFiles);
    const outcome = await local.exec(preprocessing(layout, context));
    if (outcome.kind !== 'ran') return { kind: 'unsupported', why: 'clang is not on this machine to preprocess it' };
    if (outcome.exitCode !== 0) return { kind: 'unsupported', why: `the preprocessor says: ${/error: .*/.exec(outcome.stderr)?.[0] ?? 'no'}` };
    return prepareHarness({ analysis, instrumented, preprocessed: outcome.stdout, file: SOURCE_FILE, kernel: layout.needsVmlinux || includesTypes(analysis) ? await typesOf(context) : undefined });
  };
}

function includesTypes({ document }: CAnalysis): boolean {
  return /#\s*include\s*["<]vmlinux\.h[">]/.test(document.text);
}

/** The command line, and the files that it wants. */
function preprocessing(layout: Layout, { signal }: CheckContext): Parameters<Target['exec']>[0] {
  const own = Object.entries(STAND_IN_HEADERS).map(([path, content], i) => ({ file: { name: `kgent-${i}`, content }, place: `./${PLACE}/${path}` }));
  const files: ExecFile[] = [...layout.files, ...own.map(({ file }) => file), { name: 'kgent-types', content: NO_TYPES }];
  const places = [...layout.places, ...own.map(({ place }) => place), `./${PLACE}/vmlinux.h`];
  const back = layout.folder.split('/').filter((part) => part !== '.' && part !== '').map(() => '..').join('/') || '.';
  return {
    argv: ['sh', '-c', SCRIPT, 'sh', layout.folder, ...files.flatMap(({ name }, i) => [name, places[i] ?? name]), '--', 'clang', '-E', '-target', 'x86_64-linux-gnu', '-D__bpf__', '-D__TARGET_ARCH_x86', `-I${back}/${PLACE}`, '-I.', ...layout.flags, ...layout.localFlags, '-I/usr/include/x86_64-linux-gnu', SOURCE_FILE],
    files, timeoutMs: TIMEOUT_MS, signal,
  };
}
