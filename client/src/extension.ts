/** Composes the extension; every feature is one file with one register function. */
import * as vscode from 'vscode';
import { registerApiKey } from './apiKey.ts';
import { registerAsks } from './asks.ts';
import { registerClangd } from './clangd.ts';
import { registerConnect } from './connect.ts';
import { Ctx } from './ctx.ts';
import { registerExplain } from './explain.ts';
import { registerGenerate } from './generate/command.ts';
import type { GenerationStore } from './generate/store.ts';
import { registerIndexTarget } from './indexTarget.ts';
import { registerExamples } from './knowledge/examples.ts';
import { Preview } from './knowledge/preview.ts';
import { registerSearch } from './knowledge/search.ts';
import { registerLogView, type LogViews } from './log-view/command.ts';
import { registerProofs } from './proofs/command.ts';
import type { ProofView } from './proofs/view.ts';
import { registerRun, type Runs } from './run/command.ts';
import { createClient, registerServer, startForOpenDocuments } from './server.ts';
import { registerStatusBar, type CurrentTarget } from './statusBar.ts';
import { registerTargets } from './targets/register.ts';
import type { TargetStore } from './targets/store.ts';

/** What the editor suite gets. Not part of the product: see `activate`. */
export interface TestApi {
  readonly ctx: Ctx;
  readonly generation: GenerationStore;
  readonly runs: Runs;
  readonly logs: LogViews;
  readonly proofs: ProofView;
  readonly target: CurrentTarget;
  readonly targets: TargetStore;
}

let ctx: Ctx | undefined;

export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const started = performance.now();
  ctx = new Ctx(context, vscode.window.createOutputChannel('Kgent', { log: true }), createClient);
  registerServer(ctx);
  registerApiKey(ctx);
  registerAsks(ctx);
  registerExplain(ctx);
  registerClangd(ctx);
  registerIndexTarget(ctx);
  const target = registerStatusBar(ctx);
  const targets = registerTargets(ctx);
  registerConnect(ctx, targets);
  const generation = registerGenerate(ctx);
  const runs = registerRun(ctx);
  const logs = registerLogView(ctx);
  const proofs = registerProofs(ctx);
  const preview = new Preview(context.subscriptions);
  registerSearch(ctx, preview);
  registerExamples(ctx, preview);
  startForOpenDocuments(ctx);
  ctx.log.info(`Activated in ${Math.round(performance.now() - started)} ms.`);
  // Another extension must not be able to answer Kgent's questions in the user's place. A packaged
  // extension never runs in test mode: there the harness's variable says so.
  const isTest = context.extensionMode === vscode.ExtensionMode.Test || process.env['KGENT_TEST_RESULT'] !== undefined;
  return isTest ? { ctx, generation, runs, logs, proofs, target, targets } : undefined;
}

export async function deactivate(): Promise<void> {
  await ctx?.stop();
}
