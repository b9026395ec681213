/** "Kgent: Run on target": asks once, then streams the run into a terminal. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { UserError } from '../../../server/src/base/error.ts';
import { planRunRequest, runEvent, type RunEvent, type RunParams } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { programOf } from '../program.ts';
import { setting } from '../settings.ts';
import { questionFor } from './plan.ts';
import { RunTerminal } from './terminal.ts';

const RUN = 'Run';
const RUN_ANYWAY = 'Run Anyway';
const SHOW = 'Show Program';

interface Run {
  readonly uri: vscode.Uri;
  readonly pty: RunTerminal;
  readonly terminal: vscode.Terminal;
}

/** What the editor suite sees of runs. */
export interface Runs {
  readonly onEvent: vscode.Event<{ readonly id: string; readonly event: RunEvent }>;
  readonly onText: vscode.Event<string>;
}

export function registerRun(ctx: Ctx): Runs {
  const runner = new Runner(ctx);
  ctx.extension.subscriptions.push(runner);
  ctx.onClient((client) => client.onNotification(runEvent, ({ id, event }) => runner.on(id, event)));
  ctx.command('kgent.run', (uri?: unknown) => runner.run(uri));
  ctx.command('kgent.stopRun', (uri?: unknown) => runner.stop(uri));
  return runner;
}

/** Menus hand over a Uri, code lenses its text. */
function uriOf(argument: unknown): vscode.Uri | undefined {
  if (typeof argument === 'string') return vscode.Uri.parse(argument);
  return argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
}

class Runner implements Runs, vscode.Disposable {
  readonly #ctx: Ctx;
  readonly #runs = new Map<string, Run>();
  readonly #events = new vscode.EventEmitter<{ id: string; event: RunEvent }>();
  readonly #texts = new vscode.EventEmitter<string>();
  readonly onEvent: Runs['onEvent'] = this.#events.event;
  readonly onText: Runs['onText'] = this.#texts.event;

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  on(id: string, event: RunEvent): void {
    this.#runs.get(id)?.pty.on(event);
    this.#events.fire({ id, event });
  }

  async run(argument: unknown): Promise<void> {
    try {
      const uri = uriOf(argument);
      if (!uri) throw new UserError('no-program', 'Open a bpftrace (.bt) or BPF C (.bpf.c) program first.');
      const running = this.#runningOf(uri);
      if (running) return running.terminal.show();
      const document = await vscode.workspace.openTextDocument(uri);
      // What was asked about is what runs, whatever is typed meanwhile.
      const program = programOf(document);
      const agreed = await this.#ask(document, program);
      if (agreed) await this.#start(uri, { id: randomUUID(), ...program, unsafe: agreed.unsafe });
    } catch (error) {
      await this.#ctx.fail(error);
    }
  }

  stop(argument: unknown): void {
    const uri = uriOf(argument);
    if (uri) this.#runningOf(uri)?.pty.stop();
  }

  #runningOf(uri: vscode.Uri): Run | undefined {
    return [...this.#runs.values()].find((run) => run.uri.toString() === uri.toString() && !run.pty.isOver);
  }

  /** Undefined: the user did not agree. */
  async #ask(document: vscode.TextDocument, program: Omit<RunParams, 'id'>): Promise<{ unsafe: boolean } | undefined> {
    const client = await this.#ctx.client();
    const plan = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Kgent: preparing the run' },
      () => client.sendRequest(planRunRequest, program),
    );
    const { message, detail } = questionFor(document.uri.path.split('/').at(-1) ?? '', plan, setting('run.limitSeconds', 600));
    const powerful = plan.powers.length > 0;
    // Enter must not run a program that does more than look: its first button is harmless.
    const chosen = await this.#ctx.ui.ask(message, detail, ...(powerful ? [SHOW, RUN_ANYWAY] : [RUN]));
    if (chosen === SHOW) await vscode.window.showTextDocument(document);
    return chosen === RUN || chosen === RUN_ANYWAY ? { unsafe: plan.unsafe } : undefined;
  }

  async #start(uri: vscode.Uri, params: RunParams): Promise<void> {
    const client = await this.#ctx.client();
    this.#forgetEnded(uri);
    const pty = new RunTerminal(client, params);
    const name = uri.path.split('/').at(-1) ?? 'run';
    const terminal = vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('pulse'), isTransient: true });
    this.#runs.set(params.id, { uri, pty, terminal });
    pty.onDidWrite((text) => this.#texts.fire(text));
    pty.onDidEnd(() => this.#showRunning());
    this.#showRunning();
    terminal.show();
  }

  /** A new run of a program takes the place of its old ones. */
  #forgetEnded(uri: vscode.Uri): void {
    for (const [id, run] of this.#runs) {
      if (run.uri.toString() !== uri.toString() || !run.pty.isOver) continue;
      run.terminal.dispose();
      this.#runs.delete(id);
    }
  }

  /** The editor's title shows Stop instead of Run for these. */
  #showRunning(): void {
    const running = [...this.#runs.values()].filter((run) => !run.pty.isOver).map((run) => run.uri);
    void vscode.commands.executeCommand('setContext', 'kgent.running', running);
  }

  dispose(): void {
    for (const { pty, terminal } of this.#runs.values()) {
      pty.close();
      terminal.dispose();
    }
    this.#events.dispose();
    this.#texts.dispose();
  }
}
