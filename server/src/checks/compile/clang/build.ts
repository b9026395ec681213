import type { Facts, Tool } from '../../../kernel/facts.ts';
import type { ExecFile, FactsOutcome, Outcome, Target } from '../../../target/target.ts';
import type { CheckContext } from '../../pipeline.ts';
import type { Program } from '../../program.ts';
import { missingTool, skipReason } from '../../skip.ts';
import { clangArguments, OBJECT_FILE, SOURCE_FILE } from './arguments.ts';
import { VmlinuxHeaders } from './vmlinux.ts';

/** How a compilation ended: with an object (base64 would be in the way: bytes), with clang's words, or not at all. */
export type Built =
  | { readonly kind: 'built'; readonly object: Uint8Array; readonly stderr: string }
  | { readonly kind: 'refused'; readonly stderr: string; readonly exitCode: number }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Between clang's words and the object on standard output. */
const MARK = 'KGENT-OBJECT\n';

/** Compiles BPF C for a target: by clang on this machine when there is one, else by the target's. */
export class ClangBuilder {
  readonly #local: Target;
  readonly #headers: VmlinuxHeaders;
  #last: { readonly key: string; readonly built: Built } | undefined;

  constructor(local: Target, headers: VmlinuxHeaders) {
    this.#local = local;
    this.#headers = headers;
  }

  /** Builds; the last program's result is remembered, since compile, load and run follow each other. */
  async build({ text }: Program, context: CheckContext): Promise<Built> {
    const key = `${context.target.name}\n${context.facts?.release ?? ''}\n${text}`;
    if (this.#last?.key === key) return this.#last.built;
    const built = await this.#build(text, context);
    if (built.kind !== 'skipped') this.#last = { key, built };
    return built;
  }

  async #build(text: string, context: CheckContext): Promise<Built> {
    const { facts, target } = context;
    if (!facts) return { kind: 'skipped', reason: context.whyNoFacts ?? 'Nothing is known of the target.' };
    const compiler = await this.#compiler(facts, context);
    if ('reason' in compiler) return { kind: 'skipped', reason: compiler.reason };
    const files: ExecFile[] = [{ name: SOURCE_FILE, content: text }];
    if (/^\s*#\s*include\s*["<]vmlinux\.h[">]/m.test(text)) {
      const header = await this.#headers.get(target, facts, await context.inventory());
      if ('reason' in header) return { kind: 'skipped', reason: header.reason };
      files.push({ name: 'vmlinux.h', content: header.text });
    }
    const script = `"$@" && { printf '${MARK.replace('\n', '\\n')}'; base64 ${OBJECT_FILE}; }`;
    const outcome = await compiler.on.exec({
      argv: ['sh', '-c', script, 'sh', compiler.command, ...clangArguments(facts.arch)],
      files,
      timeoutMs: context.timeoutMs,
      signal: context.signal,
    });
    return read(outcome, compiler.on.name, facts);
  }

  async #compiler(facts: Facts, context: CheckContext): Promise<{ on: Target; command: string } | { reason: string }> {
    const here: FactsOutcome = context.target === this.#local ? { kind: 'known', facts } : await this.#local.facts({ signal: context.signal });
    const tool: Tool = 'clang';
    if (here.kind === 'known' && here.facts.tools[tool]) return { on: this.#local, command: here.facts.tools[tool].command };
    if (facts.tools[tool]) return { on: context.target, command: facts.tools[tool].command };
    const where = context.target === this.#local ? 'this machine' : `this machine and on ${context.target.name}`;
    return { reason: missingTool('clang', where, facts) };
  }
}

function read(outcome: Outcome, where: string, facts: Facts): Built {
  if (outcome.kind !== 'ran') return { kind: 'skipped', reason: skipReason(outcome, 'clang', where, facts) ?? '' };
  const at = outcome.stdout.indexOf(MARK);
  if (outcome.exitCode !== 0 || at < 0) return { kind: 'refused', stderr: outcome.stderr, exitCode: outcome.exitCode };
  return { kind: 'built', object: Buffer.from(outcome.stdout.slice(at + MARK.length), 'base64'), stderr: outcome.stderr };
}
