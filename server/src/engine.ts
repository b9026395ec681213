import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Author } from './agent/author.ts';
import type { JudgeContract } from './agent/comprehend.ts';
import { describeOnce, type DescribedPoint } from './agent/describe-once.ts';
import { loadPrompts, type Prompts } from './agent/prompt.ts';
import { UserError } from './base/error.ts';
import type { Log } from './base/log.ts';
import { judgedAgainst } from './checks/against.ts';
import { bpftraceCompile } from './checks/compile/bpftrace/check.ts';
import { ClangBuilder } from './checks/compile/clang/build.ts';
import { clangCompile } from './checks/compile/clang/check.ts';
import { VmlinuxHeaders } from './checks/compile/clang/vmlinux.ts';
import type { CheckName } from './checks/finding.ts';
import { bpftraceLoad } from './checks/load/bpftrace.ts';
import { contractCheck } from './checks/contract/check.ts';
import { cTranslator } from './checks/contract/compile-c.ts';
import { judgeConditions } from './checks/contract/conditions.ts';
import { Prover, type ProofEngine, type Proven } from './checks/contract/prover.ts';
import { Replayer } from './checks/contract/replay/replayer.ts';
import { seahornEngine } from './checks/contract/seahorn/engine.ts';
import { ownC } from './checks/contract/seahorn/own-c.ts';
import { translator } from './checks/contract/translate.ts';
import { objectLoad } from './checks/load/object.ts';
import { repairedCompile, repairedLoad } from './checks/repair-c/check.ts';
import { runPipeline, type Check, type CheckContext, type CheckReport, type PipelineObserver } from './checks/pipeline.ts';
import { extensionOf, type Language, type Program } from './checks/program.ts';
import { reader, type Read } from './checks/read.ts';
import { semanticsCheck } from './checks/semantics.ts';
import { semanticsOfC } from './checks/semantics-c.ts';
import { syntaxCheck } from './checks/syntax.ts';
import { compareNeeds, type NeedDifference } from './kernel/compare/compare.ts';
import { mergeNeeds, type Need } from './kernel/compare/need.ts';
import { objectNeeds } from './kernel/compare/object/needs.ts';
import type { AnalysisOptions } from './language/bpftrace/analysis/analysis.ts';
import { analyze } from './language/bpftrace/analysis/analyze.ts';
import { needsOf } from './language/bpftrace/queries/needs.ts';
import { binariesOf } from './language/bpftrace/queries/binaries.ts';
import type { Document } from './language/bpftrace/syntax/document.ts';
import { createParser, type BpftraceParser } from './language/bpftrace/syntax/parser.ts';
import { createCParser, type CParser } from './language/bpfc/syntax/parser.ts';
import { Described } from './knowledge/described.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import { kernelOf, Memory, type BuildOptions as IndexOptions, type Built, type Kernel } from './knowledge/index/memory.ts';
import type { TextEmbedder } from './knowledge/index/text-embedder.ts';
import type { RunEnded, RunEvent } from './run/events.ts';
import { needsUnsafe, planRun, type RunPlan } from './run/plan.ts';
import { buildForRun, runProgram } from './run/run.ts';
import type { Settings } from './settings.ts';
import { Inventories, type KnownTarget } from './target/inventories.ts';
import { InventoryStore } from './target/store.ts';
import { Targets } from './target/targets.ts';
import type { Ask, Target } from './target/target.ts';

export interface EngineOptions {
  /** Directory of the built product: holds `knowledge/` and `prompts/`. */
  readonly assets: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ask: Ask;
  readonly log: Log;
  /** The settings as they are now. */
  readonly settings: () => Settings;
  readonly apiKey: () => Promise<string | undefined>;
}

export interface CheckOptions {
  /** Name of the target; the setting's when absent. */
  readonly target?: string | undefined;
  readonly only?: readonly CheckName[] | undefined;
  readonly unsafe?: boolean | undefined;
  /** Whether to wait until the target's kernel was read (the default), or to judge by what is there `now`. */
  readonly inventory?: 'wait' | 'now' | undefined;
  /** Reports of checks that were done already: they are not done again, and their errors block what they would block. */
  readonly earlier?: readonly CheckReport[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RunOptions {
  readonly target?: string | undefined;
  readonly forMs?: number | undefined;
  readonly unsafe?: boolean | undefined;
  readonly stop?: AbortSignal | undefined;
}

const NO_MODEL_DESCRIBES = 'No model is configured, so nothing can be described. Name an OpenAI-compatible server and its model: the settings kgent.model.baseUrl and kgent.model.name (KGENT_BASE_URL, KGENT_MODEL).';

/** Time to read a kernel that nobody read before; an emulated machine needs 10 s, a slow line longer. */
const INDEX_READ_MS = 120_000;

/** Everything the product does, composed once; the language server and the terminal are its two faces. */
export class Engine {
  readonly targets: Targets;
  readonly inventories: Inventories;
  /** Directory of the built product. */
  readonly assets: string;
  readonly #options: EngineOptions;
  readonly #builder: ClangBuilder;
  readonly #checks: readonly Check[];
  readonly #read: Read;
  readonly #prover: Prover;
  /** What a model writes. */
  readonly author: Author;
  #described: Promise<Described> | undefined;
  readonly memory: Memory;
  /** The kernels of which an index is there, by the target's name. */
  readonly #indexed = new Map<string, Kernel>();
  #parser: Promise<BpftraceParser> | undefined;
  #cParser: Promise<CParser> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.assets = options.assets;
    const home = options.env['HOME'] || homedir();
    const cache = options.env['XDG_CACHE_HOME'] || join(home, '.cache');
    const store = new InventoryStore({ dir: join(cache, 'kgent'), log: options.log });
    this.targets = new Targets({ home, env: options.env, ask: options.ask, log: options.log, store });
    this.inventories = new Inventories({ dir: join(options.assets, 'knowledge/kernels'), log: options.log, store });
    this.memory = new Memory({ shipped: join(options.assets, 'knowledge'), cache: join(cache, 'kgent', 'index'), log: options.log, embeddings: () => this.#embeddings() });
    const headers = new VmlinuxHeaders(join(cache, 'kgent'));
    this.#builder = new ClangBuilder(this.targets.get('local'), headers);
    this.#read = reader(() => this.parser());
    this.#prover = new Prover({
      translate: translator({ read: this.#read, described: () => this.described(), c: cTranslator({ builder: new ClangBuilder(this.targets.get('local'), headers), parser: () => this.cParser(), described: () => this.described() }) }),
      seahorn: seahornEngine({ local: this.targets.get('local'), settings: this.#options.settings, own: ownC({ local: this.targets.get('local'), headers, parser: () => this.cParser() }) }),
      replayer: new Replayer({ builder: this.#builder, marked: new ClangBuilder(this.targets.get('local'), headers), log: options.log }),
    });
    this.#checks = [syntaxCheck(this.#read), semanticsCheck(this.#read), semanticsOfC(() => this.cParser()), bpftraceCompile(this.#read), repairedCompile(clangCompile(this.#builder), this.#builder, () => this.cParser()), bpftraceLoad(this.#read), repairedLoad(objectLoad(this.#builder), this.#builder, () => this.cParser()), contractCheck(this.#prover, this.#options.settings, { real: true })];
    // What a model wrote does not run before somebody allowed it.
    this.author = this.#author(this.#checks.map((check) => (check.name === 'contract' ? contractCheck(this.#prover, this.#options.settings, { real: false }) : check)));
  }

  #author(checksOfDrafts: readonly Check[]): Author {
    const { settings, apiKey } = this.#options;
    return new Author({
      settings,
      apiKey,
      prompts: () => this.#prompts(),
      knowledge: (name) => this.knowledge(name),
      context: (options) => this.#context(options),
      check: (program, context, observer) => runPipeline(checksOfDrafts, program, context, observer),
      judge: (language, context, asked) => this.#judge(language, context, asked),
    });
  }

  #prompts(): Promise<Prompts> {
    return loadPrompts(join(this.#options.assets, 'prompts'));
  }

  /** The named target, or the one of the settings. Throws UserError for a name nobody knows. */
  target(name?: string): Target {
    return this.targets.get(name ?? this.#options.settings().target);
  }

  /**
   * What is known of the named target, or the one of the settings: never waits for a machine. Asking for the rest begins;
   * `inventories.onMore` tells when there is more.
   */
  known(name?: string): Promise<KnownTarget> {
    return this.inventories.known(this.target(name));
  }

  /** The parser of bpftrace; started once. Rejects when the product is not whole. */
  parser(): Promise<BpftraceParser> {
    return (this.#parser ??= this.#grammars('tree-sitter-bpftrace.wasm').then(([runtime, grammar]) => createParser(runtime, grammar)));
  }

  /** The parser of C; started once, after that of bpftrace: tree-sitter must not be started twice at once. */
  cParser(): Promise<CParser> {
    return (this.#cParser ??= this.parser()
      .then(() => this.#grammars('tree-sitter-c.wasm'))
      .then(([runtime, grammar]) => createCParser(runtime, grammar)));
  }

  #grammars(name: string): Promise<readonly [Uint8Array, Uint8Array]> {
    const read = (file: string): Promise<Uint8Array> => readFile(join(this.#options.assets, 'grammars', file));
    return Promise.all([read('web-tree-sitter.wasm'), read(name)]);
  }

  /** What programs are judged against now, without waiting for a machine. Another object when more became known. */
  async against(name?: string): Promise<AnalysisOptions> {
    const { facts, inventory } = await this.known(name);
    return judgedAgainst(this.target(name).name, facts, inventory);
  }

  /** What the local memory says of attach points, functions and fields; nothing when it was never built. */
  described(): Promise<Described> {
    return (this.#described ??= new Described().read(join(this.#options.assets, 'knowledge')));
  }

  /**
   * The local memory, with what the target's kernel has beside where that was indexed: that of the setting when no name is given, as far as it is known
   * without waiting. Throws UserError when the memory was never built.
   */
  async knowledge(name?: string): Promise<Knowledge> {
    if (name !== undefined && !this.#indexed.has(this.target(name).name)) await this.adoptIndex(name);
    return this.memory.knowledge(this.#indexed.get(this.target(name).name));
  }

  /** Builds the index of what only this target's kernel has, unless it is there. Throws UserError when the target cannot be asked. */
  async index(name: string, options: IndexOptions = {}): Promise<Built & { readonly inventory: string }> {
    const target = this.target(name);
    const known = target.kind === 'none' ? undefined : await this.inventories.ask(target, { signal: options.signal });
    if (known && known.kind !== 'known') throw new UserError('target', whyNotKnown(known, target.name));
    const inventory = await this.inventories.own(target, known?.facts, { timeoutMs: INDEX_READ_MS, signal: options.signal });
    const kernel = kernelOf(inventory, known?.facts);
    const built = await this.memory.build(kernel, inventory, options);
    this.#indexed.set(target.name, kernel);
    return { ...built, inventory: inventory.label };
  }

  /** Searches with the index of the target's kernel from now on when it is there; false when it is not. */
  async adoptIndex(name: string): Promise<boolean> {
    const target = this.target(name);
    const { facts, inventory } = target.kind === 'none' ? { facts: undefined, inventory: await this.inventories.bundled() } : await this.inventories.known(target);
    const kernel = kernelOf(inventory, facts);
    if (!(await this.memory.has(kernel))) return false;
    this.#indexed.set(target.name, kernel);
    return true;
  }

  /**
   * Has the model describe attach points of a target that nobody described, one after the other; each is asked for once and kept. Throws UserError `no-model`
   * where none is configured.
   */
  async describe(ids: readonly string[], options: { readonly target?: string | undefined; readonly signal: AbortSignal }): Promise<readonly DescribedPoint[]> {
    const model = await this.author.model();
    if (!model) throw new UserError('no-model', NO_MODEL_DESCRIBES);
    const target = this.target(options.target);
    const known = target.kind === 'none' ? undefined : await this.inventories.ask(target, { signal: options.signal });
    const inventory = await this.inventories.own(target, known?.kind === 'known' ? known.facts : undefined, { timeoutMs: INDEX_READ_MS, signal: options.signal });
    const { describe: prompt } = await this.#prompts();
    const knowledge = await this.knowledge(target.name);
    const described: DescribedPoint[] = [];
    for (const id of ids) described.push(await describeOnce(id, { model, prompt, knowledge, inventory, signal: options.signal }, this.memory.written));
    return described;
  }

  /** Runs every check for the program's language, or the named ones. */
  async check(program: Program, options: CheckOptions = {}, observer: PipelineObserver = {}): Promise<readonly CheckReport[]> {
    const { only, earlier = [] } = options;
    const wanted = this.#checks.filter(({ name }) => (only?.includes(name) ?? true) && !earlier.some((report) => report.check === name));
    const context = await this.#context(options);
    // Somebody edits it: what its probes attach to is read meanwhile. A terminal's check is done before that would help.
    if (options.inventory === 'now') void this.#noticeBinaries(program, context, wanted.some(({ name }) => name === 'load'));
    return runPipeline(wanted, program, context, observer, earlier);
  }

  /** Proves a program's contracts and what every program is expected to keep; `timeoutMs` is for one question to the engine. */
  async prove(program: Program, request: { readonly engine: ProofEngine; readonly timeoutMs?: number | undefined }, options: CheckOptions = {}): Promise<Proven> {
    const context = await this.#context(options);
    return this.#prover.prove(program, context, { engine: request.engine, timeoutMs: request.timeoutMs ?? this.#options.settings()['contracts.timeoutMs'], real: true });
  }

  async #noticeBinaries(program: Program, { target, facts }: CheckContext, saved: boolean): Promise<void> {
    const document = facts && (await this.#document(program));
    if (document) await this.inventories.notice(target, facts, binariesOf(document), saved);
  }

  /**
   * What a program needs that not all of the targets' kernels have, or have alike, as far as they are known by now: it waits
   * for no machine. BPF C is compiled for that; where it does not compile, nothing is told of it.
   */
  async differences(program: Program, targets: readonly string[]): Promise<readonly NeedDifference[]> {
    const judged = await Promise.all(targets.map(async (name) => ({ name, against: await this.against(name) })));
    const known = judged.filter(({ against }) => against.inventory.source === 'target');
    if (known.length < 2) return [];
    const document = await this.#document(program);
    const needs = document ? known.map(({ against }) => needsOf(analyze(document, against))) : await Promise.all(known.map(({ name }) => this.#objectNeeds(program, name)));
    return compareNeeds(mergeNeeds(needs), known.map(({ against }) => against.inventory));
  }

  async #objectNeeds(program: Program, target: string): Promise<readonly Need[]> {
    const context = await this.#context({ target, inventory: 'now' });
    const built = await this.#builder.build(program, context);
    return built.kind === 'built' ? objectNeeds(built.object, (await context.inventory()).types) : [];
  }

  #judge(language: Language, context: CheckContext, asked: boolean): JudgeContract {
    const semantics = language === 'c' ? semanticsOfC(() => this.cParser()) : semanticsCheck(this.#read);
    const timeoutMs = this.#options.settings()['contracts.timeoutMs'];
    return (text) => judgeConditions({ uri: `kgent-conditions:///program${extensionOf[language]}`, version: 1, text, language }, context, { prover: this.#prover, semantics, timeoutMs, asked });
  }

  async planRun(program: Program, target?: string): Promise<RunPlan> {
    return planRun(program, await this.#document(program), this.target(target).name);
  }

  /** Runs a program on a target; the caller asked the user. */
  async run(program: Program, options: RunOptions, emit: (event: RunEvent) => void): Promise<RunEnded> {
    const document = await this.#document(program);
    if (needsUnsafe(document) && options.unsafe !== true) {
      throw new UserError('unsafe', `This program uses functions that change the system (${planRun(program, document, '').powers.join('; ')}). Allow it with --unsafe.`);
    }
    const settings = this.#options.settings();
    const context = await this.#context({ target: options.target, signal: options.stop });
    if (!context.facts) throw new UserError('target', context.whyNoFacts ?? 'Nothing is known of the target.');
    const request = {
      target: context.target,
      facts: context.facts,
      attachPoints: planRun(program, document, context.target.name).attachPoints,
      forMs: options.forMs,
      limitMs: settings['run.limitSeconds'] * 1000,
      maxLines: settings['run.maxLines'],
      unsafe: options.unsafe ?? false,
      stop: options.stop,
    };
    return runProgram({ ...request, program: await buildForRun(program, this.#builder, context) }, emit);
  }

  async dispose(): Promise<void> {
    this.inventories.dispose();
    await this.#prover.dispose();
    await this.memory.dispose();
    await this.targets.dispose();
  }

  async #document(program: Program): Promise<Document | undefined> {
    return program.language === 'bpftrace' ? (await this.#read(program)).document : undefined;
  }

  async #context(options: CheckOptions): Promise<CheckContext> {
    const target = this.target(options.target);
    const known = await this.inventories.ask(target, { signal: options.signal });
    const facts = known.kind === 'known' ? known.facts : undefined;
    const about = known.kind === 'known' ? { facts: known.facts } : { whyNoFacts: whyNotKnown(known, target.name), factsBefore: await this.inventories.factsBefore(target) };
    const timeoutMs = this.#options.settings()['check.timeoutSeconds'] * 1000;
    const inventory = () => (options.inventory === 'now' ? this.inventories.now(target, facts) : this.inventories.own(target, facts, { timeoutMs, signal: options.signal }));
    return { target, ...about, inventory, timeoutMs, unsafe: options.unsafe ?? false, signal: options.signal };
  }

  /** The server that embeds; undefined when none is configured: then nothing is sent anywhere. */
  async #embeddings(): Promise<TextEmbedder | undefined> {
    const settings = this.#options.settings();
    const model = settings['embeddings.model'];
    if (model === '') return undefined;
    const baseUrl = settings['embeddings.baseUrl'] || settings['model.baseUrl'];
    // The model's key is shown to no other server.
    const apiKey = baseUrl === settings['model.baseUrl'] ? await this.#options.apiKey() : this.#options.env['KGENT_EMBEDDINGS_API_KEY'];
    const { OpenAiEmbeddings } = await import('./agent/model/embeddings.ts');
    return new OpenAiEmbeddings({ model, baseUrl, apiKey, timeoutMs: settings['model.timeoutSeconds'] * 1000 });
  }
}

/** A sentence for the user: why a target could not be asked. */
export function whyNotKnown(outcome: Exclude<Awaited<ReturnType<Target['facts']>>, { kind: 'known' }>, name: string): string {
  switch (outcome.kind) {
    case 'failed':
      return outcome.message;
    case 'missing':
      return `There is no ${outcome.tool} on ${name}.`;
    case 'cancelled':
      return 'Cancelled.';
    case 'timed-out':
      return `${name} did not answer within ${outcome.afterMs / 1000} s.`;
  }
}
