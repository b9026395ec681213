import { createHash } from 'node:crypto';
import type { Facts } from '../../../kernel/facts.ts';
import type { Inventory } from '../../../kernel/inventory.ts';
import { installCommand } from '../../../kernel/packages.ts';
import type { ExecFile, FactsOutcome, Outcome, Target } from '../../../target/target.ts';
import type { CheckContext } from '../../pipeline.ts';
import type { Program } from '../../program.ts';
import { missingTool, skipReason } from '../../skip.ts';
import { clangArguments, OBJECT_FILE } from './arguments.ts';
import { layoutOf, type Layout } from './layout.ts';
import { sourceFiles, type SourceFiles } from './project/files.ts';
import { VmlinuxHeaders } from './vmlinux.ts';

/** How a compilation ended: with an object (base64 would be in the way: bytes), with clang's words, or not at all. */
export type Built =
  | { readonly kind: 'built'; readonly object: Uint8Array; readonly stderr: string; readonly assumed?: string | undefined }
  | { readonly kind: 'refused'; readonly stderr: string; readonly exitCode: number; readonly assumed?: string | undefined; /** Said where those of libbpf are missing. */ readonly headers: string }
  | { readonly kind: 'skipped'; readonly reason: string };

/** The kernel and the machine it is compiled for. `assumed`: its name, where the target could not be asked. */
interface Kernel {
  readonly arch: string;
  readonly facts: Facts | undefined;
  readonly inventory: Inventory;
  readonly assumed?: string;
}

interface Compiler {
  readonly on: Target;
  readonly command: string;
  readonly facts: Facts;
}

/** Between clang's words and the object on standard output. */
const MARK = 'KGENT-OBJECT\n';
/** Puts the files where they belong, goes to the program's folder, and prints the object behind what clang says. */
const SCRIPT = `
folder=$1; shift
while [ "$1" != -- ]; do mkdir -p "$(dirname "$2")" && { [ "$1" -ef "$2" ] || cp "$1" "$2"; } || exit; shift 2; done
shift; cd "$folder" || exit
"$@" && { printf '${MARK.replace('\n', '\\n')}'; base64 ${OBJECT_FILE}; }`;

/** Compiles BPF C for a target: by clang on this machine when there is one, else by the target's. */
export class ClangBuilder {
  readonly #local: Target;
  readonly #headers: VmlinuxHeaders;
  readonly #files: SourceFiles;
  #last: { readonly key: string; readonly built: Built } | undefined;

  constructor(local: Target, headers: VmlinuxHeaders, files = sourceFiles) {
    this.#local = local;
    this.#headers = headers;
    this.#files = files;
  }

  /** Builds; the last program's result is remembered, since compile, load and run follow each other. */
  async build(program: Program, context: CheckContext): Promise<Built> {
    const layout = await layoutOf(program, this.#files);
    const { facts, target } = context;
    const release = facts?.release ?? (await context.inventory()).label;
    const key = createHash('sha256').update(JSON.stringify([target.name, release, layout])).digest('hex');
    if (this.#last?.key === key) return this.#last.built;
    const built = await this.#build(layout, context);
    if (built.kind !== 'skipped') this.#last = { key, built };
    return built;
  }

  async #build(layout: Layout, context: CheckContext): Promise<Built> {
    const compiler = await this.#compiler(context);
    if ('reason' in compiler) return { kind: 'skipped', reason: compiler.reason };
    const inventory = await context.inventory();
    const { facts, factsBefore } = context;
    const kernel: Kernel = facts ? { arch: facts.arch, facts, inventory } : { arch: factsBefore?.arch ?? inventory.arch, facts: undefined, inventory, assumed: inventory.label };
    const files: ExecFile[] = [...layout.files];
    const places = [...layout.places];
    if (layout.needsVmlinux) {
      const header = await this.#vmlinux(kernel, context);
      if ('reason' in header) return { kind: 'skipped', reason: header.reason };
      files.push({ name: 'vmlinux.h', content: header.text });
      places.push(`./${layout.folder}/vmlinux.h`);
    }
    const copies = files.flatMap(({ name }, i) => [name, places[i] ?? name]);
    const flags = [...layout.flags, ...(compiler.on === this.#local ? layout.localFlags : [])];
    const outcome = await compiler.on.exec({
      argv: ['sh', '-c', SCRIPT, 'sh', layout.folder, ...copies, '--', compiler.command, ...clangArguments(kernel.arch, flags)],
      files,
      timeoutMs: context.timeoutMs,
      signal: context.signal,
    });
    return read(outcome, compiler, kernel);
  }

  async #vmlinux({ facts, inventory }: Kernel, { target, whyNoFacts }: CheckContext): Promise<{ text: string } | { reason: string }> {
    if (facts) return this.#headers.get(target, facts, inventory);
    return (await this.#headers.of(inventory)) ?? { reason: whyNoFacts ?? 'The types of the target\'s kernel are not known.' };
  }

  async #compiler({ facts, target, whyNoFacts, signal }: CheckContext): Promise<Compiler | { reason: string }> {
    const here: FactsOutcome = facts && target === this.#local ? { kind: 'known', facts } : await this.#local.facts({ signal });
    if (here.kind === 'known' && here.facts.tools.clang) return { on: this.#local, command: here.facts.tools.clang.command, facts: here.facts };
    if (!facts) return { reason: whyNoFacts ?? 'Nothing is known of the target.' };
    if (facts.tools.clang) return { on: target, command: facts.tools.clang.command, facts };
    const where = target === this.#local ? 'this machine' : `this machine and on ${target.name}`;
    return { reason: missingTool('clang', where, facts) };
  }
}

function read(outcome: Outcome, { on, facts }: Compiler, { assumed }: Kernel): Built {
  if (outcome.kind !== 'ran') return { kind: 'skipped', reason: skipReason(outcome, 'clang', on.name, facts) ?? '' };
  const at = outcome.stdout.indexOf(MARK);
  if (outcome.exitCode !== 0 || at < 0) return { kind: 'refused', stderr: outcome.stderr, exitCode: outcome.exitCode, assumed, headers: `the headers of libbpf are missing on ${on.name} (${installCommand('libbpf', facts) ?? 'install the package libbpf-dev or libbpf-devel'})` };
  return { kind: 'built', object: Buffer.from(outcome.stdout.slice(at + MARK.length), 'base64'), stderr: outcome.stderr, assumed };
}
