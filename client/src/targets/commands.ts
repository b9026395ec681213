/** What one can do with a target: from the tree, where the target is given, and from the palette, where it is asked for. */
import * as vscode from 'vscode';
import { printable } from '../../../server/src/base/text.ts';
import { copyBpftraceRequest, refreshTargetRequest, removeTargetRequest, targetRowsRequest, type TargetRow, type TargetState } from '../../../server/src/protocol.ts';
import type { Ctx } from '../ctx.ts';
import { setting, writeSetting } from '../settings.ts';
import { addTarget } from './add.ts';
import { checkOnTargets } from './check.ts';
import type { Item } from './items.ts';
import { whileConnecting } from './progress.ts';
import type { TargetStore } from './store.ts';

/** An item of the tree, a name, or nothing when it comes from the palette. */
type Given = Pick<Item, 'target' | 'copies'> | string | undefined;

const REMOVE = 'Remove';
const TRY_AGAIN = 'Try Again';
const USE = 'Use It';

export function registerTargetCommands(ctx: Ctx, store: TargetStore): void {
  const commands = new TargetCommands(ctx, store);
  const failing = (work: (given: Given) => Promise<void>) => (given?: Given) => work(given).catch((error: unknown) => ctx.fail(error));
  ctx.command('kgent.addTarget', failing(() => commands.add()));
  ctx.command('kgent.checkOnTargets', failing(() => checkOnTargets(ctx, store)));
  ctx.command('kgent.connectTarget', failing((given) => commands.connect(given)));
  ctx.command('kgent.refreshTarget', failing((given) => commands.connect(given)));
  ctx.command('kgent.useTarget', failing((given) => commands.use(given)));
  ctx.command('kgent.removeTarget', failing((given) => commands.remove(given)));
  ctx.command('kgent.copyRemedy', failing((given) => commands.copyRemedy(given)));
  ctx.command('kgent.copyBpftrace', failing((given) => commands.copyBpftrace(given)));
}

class TargetCommands {
  readonly #ctx: Ctx;
  readonly #store: TargetStore;

  constructor(ctx: Ctx, store: TargetStore) {
    this.#ctx = ctx;
    this.#store = store;
  }

  async add(): Promise<void> {
    const name = await addTarget(this.#ctx, this.#store);
    if (name === undefined) return;
    const state = await this.#look(name);
    if (state?.state !== 'connected') return;
    const chosen = await this.#ctx.ui.tell('info', `${printable(name)} is added: ${printable(state.summary)}`, USE);
    if (chosen === USE) await this.use(name);
  }

  /** Asks the target for everything, whatever is known of it. */
  async connect(given: Given): Promise<void> {
    const name = await this.#which(given, 'Kgent: Refresh a target', ({ kind }) => kind !== 'none');
    if (name !== undefined) await this.#look(name);
  }

  async use(given: Given): Promise<void> {
    const name = await this.#which(given, 'Kgent: Use a target', ({ current }) => !current);
    if (name !== undefined) await vscode.commands.executeCommand('kgent.connect', name);
  }

  async remove(given: Given): Promise<void> {
    const name = await this.#which(given, 'Kgent: Remove a target', ({ saved }) => saved);
    if (name === undefined) return;
    const chosen = await this.#ctx.ui.ask(`Remove the target ${printable(name)}?`, 'Kgent forgets how to reach it. Nothing changes on the host.', REMOVE);
    if (chosen !== REMOVE) return;
    await (await this.#ctx.client()).sendRequest(removeTargetRequest, { target: name });
    if (setting('target', 'local') === name) await writeSetting('target', undefined);
  }

  async copyRemedy(given: Given): Promise<void> {
    const command = typeof given === 'object' ? given.copies : undefined;
    if (command === undefined) return;
    await vscode.env.clipboard.writeText(command);
    vscode.window.setStatusBarMessage(`$(check) Copied: ${printable(command).replaceAll('$(', '$ (')}`, 5000);
  }

  async copyBpftrace(given: Given): Promise<void> {
    const { ui } = this.#ctx;
    const name = await this.#which(given, 'Kgent: Copy a bpftrace binary to a target', ({ kind }) => kind !== 'none');
    if (name === undefined) return;
    const file = await ui.file({ title: `A statically linked bpftrace for ${printable(name)}`, openLabel: 'Copy to the Target' });
    if (!file) return;
    const client = await this.#ctx.client();
    const copied = await whileConnecting(this.#store, name, `Kgent: copying bpftrace to ${name}`, (token) => client.sendRequest(copyBpftraceRequest, { target: name, file: file.fsPath }, token));
    if (!copied) return;
    const other = copied.used === copied.version ? '' : ` Programs are still checked with the one that is installed there: ${printable(copied.used)}.`;
    await ui.tell('info', `${printable(copied.version)} is copied to ${printable(name)}.${other}`);
  }

  /** Connects and reads everything; says what is wrong. Undefined when the person cancelled. */
  async #look(name: string): Promise<TargetState | undefined> {
    const client = await this.#ctx.client();
    const state = await whileConnecting(this.#store, name, `Kgent: ${name}`, (token) => client.sendRequest(refreshTargetRequest, { target: name }, token));
    if (state?.state !== 'unusable') return state;
    const chosen = await this.#ctx.ui.tell('error', `${printable(name)}: ${printable(state.summary)}`, TRY_AGAIN);
    return chosen === TRY_AGAIN ? this.#look(name) : state;
  }

  async #which(given: Given, title: string, fits: (row: TargetRow) => boolean): Promise<string | undefined> {
    if (typeof given === 'string') return given;
    if (given?.target !== undefined) return given.target;
    const client = await this.#ctx.client();
    const items = client.sendRequest(targetRowsRequest).then((rows) => rows.filter(fits).map(({ name, detail, current }) => ({ label: name, description: current ? `${detail} (current)` : detail })));
    return (await this.#ctx.ui.pick(items, { title, placeHolder: 'Which target?' }))?.label;
  }
}
