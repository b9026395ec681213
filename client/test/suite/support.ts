/** What the suites of the editor share: the extension under test, documents, waiting without sleeping. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension.ts';
import type { TargetState } from '../../../server/src/protocol.ts';
import type { LiveChoice, LiveOptions, Ui } from '../../src/ui.ts';
import { ModelServer, type Script } from '../../../server/test/support/model-server.ts';

/** A start of bpftrace on an emulated machine takes ten seconds, on a busy one more. */
const PATIENCE_MS = 100_000;

export async function api(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi | undefined>('kgent.kgent');
  if (!extension) throw new Error('The extension kgent.kgent is not installed.');
  const exported = await extension.activate();
  if (!exported) throw new Error('The extension does not run in test mode.');
  return exported;
}

/** Resolves with what `look` finds, looking at once and after every event; rejects when it takes too long. */
export function eventually<R>(event: vscode.Event<unknown>, what: string, look: () => R | undefined, patienceMs = PATIENCE_MS): Promise<R> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      subscription.dispose();
      settle();
    };
    const attempt = (): void => {
      const found = look();
      if (found !== undefined) end(() => resolve(found));
    };
    const timer = setTimeout(() => end(() => reject(new Error(`Not seen in ${patienceMs / 1000} s: ${what}`))), patienceMs);
    const subscription = event(attempt);
    attempt();
  });
}

const opened = new Set<vscode.Uri>();

/** A new file of the workspace, open in an editor. */
export async function openFile(name: string, text: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new Error('The suite needs a folder.');
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  opened.add(uri);
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

export async function closeEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  // The editor keeps a document that an extension opened for minutes, unless it deletes the file itself: it would be checked on every further target.
  const edit = new vscode.WorkspaceEdit();
  for (const uri of opened) edit.deleteFile(uri, { ignoreIfNotExists: true });
  await vscode.workspace.applyEdit(edit);
  const isOpened = ({ uri }: vscode.TextDocument): boolean => [...opened].some((one) => one.toString() === uri.toString());
  await eventually(vscode.workspace.onDidCloseTextDocument, 'closed documents', () => (vscode.workspace.textDocuments.some(isOpened) ? undefined : true));
  opened.clear();
}

/** The document's diagnostics as soon as they satisfy `wanted`. */
export function diagnostics(uri: vscode.Uri, what: string, wanted: (found: readonly vscode.Diagnostic[]) => boolean, patienceMs = PATIENCE_MS): Promise<readonly vscode.Diagnostic[]> {
  return eventually(vscode.languages.onDidChangeDiagnostics, `${what}; there are: ${JSON.stringify(vscode.languages.getDiagnostics(uri))}`, () => {
    const found = vscode.languages.getDiagnostics(uri);
    return wanted(found) ? found : undefined;
  }, patienceMs);
}

export const isError = (d: vscode.Diagnostic): boolean => d.severity === vscode.DiagnosticSeverity.Error;

/** What the kernel's verifier said. */
export const ofLoad = (found: readonly vscode.Diagnostic[]): vscode.Diagnostic[] => found.filter(({ source }) => source === 'kgent load');

/** A code that has a page is an object. */
export function codeOf(found: vscode.Diagnostic | undefined): string {
  const code = found?.code;
  return String(typeof code === 'object' ? code.value : code);
}

/** What the light bulb offers for a place, by everybody. */
export function actionsAt(uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, vscode.CodeActionKind.QuickFix.value);
}

export interface Said {
  readonly message: string;
  readonly detail?: string;
  readonly buttons: readonly string[];
}

/**
 * A person who answers. Questions nobody prepared an answer for are declined, as the product does by
 * default; everything said is kept. Only what the person would see is replaced: the question is asked.
 */
export class Person implements Ui {
  readonly said: Said[] = [];
  readonly #heard = new vscode.EventEmitter<void>();
  answers: { input?: string | ((question: Said) => string | undefined); pick?: string; file?: vscode.Uri; ask?: (question: Said) => string | undefined; tell?: (message: Said) => string | undefined; live?: { readonly text: string; readonly choose: string | RegExp; readonly button?: string } } = {};

  input(options: vscode.InputBoxOptions): Thenable<string | undefined> {
    const question = { message: options.prompt ?? '', detail: options.value ?? '', buttons: [] };
    this.#hear(question);
    const { input } = this.answers;
    return Promise.resolve(typeof input === 'function' ? input(question) : input);
  }

  async pick<T extends vscode.QuickPickItem>(items: readonly T[] | Thenable<readonly T[]>, options: vscode.QuickPickOptions): Promise<T | undefined> {
    const shown = await items;
    this.#hear({ message: options.placeHolder ?? '', buttons: shown.map((item) => item.label) });
    return shown.find((item) => this.answers.pick !== undefined && item.label.endsWith(this.answers.pick));
  }

  /** Takes all that are proposed. */
  pickMany<T extends vscode.QuickPickItem>(items: readonly T[], options: vscode.QuickPickOptions): Promise<readonly T[]> {
    this.#hear({ message: options.placeHolder ?? '', buttons: items.map(({ label }) => label) });
    return Promise.resolve(items.filter(({ picked }) => picked === true));
  }

  /** Types a text, looks at the proposal to choose, and chooses it or presses a button beside it. */
  async live<T extends vscode.QuickPickItem>({ title, items, look }: LiveOptions<T>): Promise<LiveChoice<T> | undefined> {
    const { text = '', choose = /^$/, button } = this.answers.live ?? {};
    const shown = await items(text, new vscode.CancellationTokenSource().token);
    this.#hear({ message: title, buttons: shown.map(({ label }) => label) });
    const item = shown.find(({ label }) => (typeof choose === 'string' ? label.endsWith(choose) : choose.test(label)));
    if (!item) return undefined;
    look(item);
    const pressed = button === undefined ? undefined : item.buttons?.find(({ tooltip }) => tooltip === button);
    return { item, ...(pressed && { button: pressed }) };
  }

  ask(message: string, detail: string, ...buttons: string[]): Thenable<string | undefined> {
    const question = { message, detail, buttons };
    this.#hear(question);
    return Promise.resolve(this.answers.ask?.(question));
  }

  tell(_gravity: 'info' | 'warning' | 'error', message: string, ...buttons: string[]): Thenable<string | undefined> {
    const said = { message, buttons };
    this.#hear(said);
    return Promise.resolve(this.answers.tell?.(said));
  }

  file(options: vscode.OpenDialogOptions): Thenable<vscode.Uri | undefined> {
    this.#hear({ message: options.title ?? '', buttons: [] });
    return Promise.resolve(this.answers.file);
  }

  #hear(said: Said): void {
    this.said.push(said);
    this.#heard.fire();
  }

  /** The first message that matches, now or soon. */
  hears(pattern: RegExp): Promise<Said> {
    return eventually((listener) => this.#heard.event(listener), `a message like ${pattern}; said was: ${JSON.stringify(this.said)}`, () => this.said.find((s) => pattern.test(s.message)));
  }
}

/** A person in the place of the editor's dialogues, until the test is over. */
export async function withPerson<T>(answers: Person['answers'], work: (person: Person) => Promise<T>): Promise<T> {
  const { ctx } = await api();
  const before = ctx.ui;
  const person = new Person();
  person.answers = answers;
  ctx.ui = person;
  try {
    return await work(person);
  } finally {
    ctx.ui = before;
  }
}

/** Settings for the length of `work`. */
export async function withSettings<T>(settings: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T> {
  const { ctx } = await api();
  await ctx.client();
  for (const [name, value] of Object.entries(settings)) await change(name, value);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(settings)) await change(name, undefined);
  }
}

/** A server that has new settings connects to their target: only then is the change done. */
async function change(name: string, value: unknown): Promise<void> {
  await settledTarget();
  await changedTarget(async () => vscode.workspace.getConfiguration('kgent').update(name, value, vscode.ConfigurationTarget.Global));
}

/** The target when the server is done with connecting to it. */
export async function settledTarget(): Promise<TargetState> {
  const { target } = await api();
  return eventually(target.onDidChange, 'the target', () => (target.state()?.state === 'connecting' ? undefined : target.state()));
}

/** Does what makes the server connect, and waits for what comes of it. */
export async function changedTarget(work: () => Promise<unknown>): Promise<TargetState> {
  const { target } = await api();
  let began = false;
  const listening = target.onDidChange(({ state }) => (began ||= state === 'connecting'));
  try {
    await work();
    await eventually(target.onDidChange, 'a connection', () => (began ? true : undefined));
    return await settledTarget();
  } finally {
    listening.dispose();
  }
}

/** Runs `work` with a model server that answers by script, and a person at the editor. */
export async function withModel(script: Script, answers: Person['answers'], work: (person: Person, model: ModelServer) => Promise<void>): Promise<void> {
  const model = await ModelServer.start(script);
  const { ctx } = await api();
  try {
    await ctx.extension.secrets.store('kgent.model.apiKey', 'right-key');
    await withSettings({ 'model.baseUrl': model.url, 'model.name': 'scripted', 'agent.conditions': false }, () => withPerson(answers, (person) => work(person, model)));
  } finally {
    await ctx.extension.secrets.delete('kgent.model.apiKey');
    await model.close();
  }
}

interface Vm {
  readonly host: string;
  readonly port: number;
  readonly key: string;
  readonly knownHosts: string;
}

function vm(): Vm {
  const given = process.env['KGENT_TEST_VM'];
  if (!given) throw new Error('KGENT_TEST_VM is not set: scripts/test.mjs boots a virtual machine and sets it.');
  return JSON.parse(given) as Vm;
}

/** The configuration the harness made for us. */
function savedTargets(): string {
  const config = process.env['XDG_CONFIG_HOME'];
  if (!config) throw new Error("XDG_CONFIG_HOME is not set: the suite would change the developer's targets.");
  mkdirSync(join(config, 'kgent'), { recursive: true });
  return join(config, 'kgent', 'targets.json');
}

export function forgetSavedTargets(): void {
  rmSync(savedTargets(), { force: true });
}

/** The one saved target, as `kgent target add` in a terminal writes it. */
export function saveTarget(name: string, spec: object): void {
  writeFileSync(savedTargets(), JSON.stringify({ targets: { [name]: spec } }));
}

/** The harness's virtual machine as the saved target `vm`. */
export function saveVmTarget(): void {
  const { host, port, key, knownHosts } = vm();
  saveTarget('vm', { destination: `root@${host}`, port, identity: key, knownHosts });
}

/** Runs a shell command in the virtual machine, past the product. */
export async function inVm(command: string): Promise<void> {
  const [ssh, ...more] = sshToVm(command);
  await promisify(execFile)(ssh, more, { timeout: PATIENCE_MS });
}

/** The command that runs a shell command in the virtual machine. */
export function sshToVm(command: string): readonly [string, ...string[]] {
  const { host, port, key, knownHosts } = vm();
  const options = ['-i', key, '-p', String(port), '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'BatchMode=yes'];
  return ['ssh', '-F', '/dev/null', ...options, `root@${host}`, command];
}
