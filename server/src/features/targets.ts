import type { Connection } from 'vscode-languageserver/node';
import { describeError, UserError } from '../base/error.ts';
import type { Engine } from '../engine.ts';
import { addTargetRequest, checkOnTargetsRequest, connectRequest, copyBpftraceRequest, forgetSecretsNotification, judgeTargetRequest, refreshTargetRequest, removeTargetRequest, sshHostsRequest, targetRowsNotification, targetRowsRequest, targetStateNotification, type NewTarget, type TargetState } from '../protocol.ts';
import { copyBpftrace, type Copied } from '../target/install.ts';
import { checkOnTargets } from './check-on-targets.ts';
import { abortOn, forUser } from './request.ts';
import { TargetRows } from './target-rows.ts';

/** The rows are told at most this often, in milliseconds: progress comes in many small steps. */
const TELL_MS = 100;

/** Answers all about targets, and tells the editor their state. */
export class TargetFeature {
  readonly #connection: Connection;
  readonly #engine: Engine;
  readonly #rows: TargetRows;
  #shown = 'local';
  #timer: NodeJS.Timeout | undefined;

  /** `isKgent`: the editor has our extension, which knows our messages. */
  constructor(connection: Connection, engine: Engine, isKgent: () => boolean) {
    this.#connection = connection;
    this.#engine = engine;
    this.#rows = new TargetRows({ engine, current: () => this.#shown, changed: () => isKgent() && this.#tellSoon() });
    this.#listen();
  }

  /** Connects to the target of the settings, and tells how that went. */
  async show(name: string): Promise<void> {
    this.#shown = name;
    this.#tell({ name, kind: name === 'local' || name === 'none' ? name : 'ssh', state: 'connecting', summary: 'connecting' });
    const state = await this.#rows.ask(name).catch((error: unknown): TargetState => ({ name, kind: 'ssh', state: 'unusable', summary: describeError(error) }));
    if (this.#shown === name) this.#tell(state);
    // There is nothing to connect to, so its row is whole from the beginning.
    if (name !== 'none') await this.#rows.ask('none').catch(() => undefined);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #listen(): void {
    const connection = this.#connection;
    const { targets } = this.#engine;
    connection.onRequest(targetRowsRequest, () => forUser(() => Promise.resolve(this.#rows.rows())));
    connection.onRequest(connectRequest, ({ target }, token) => forUser(() => this.#rows.ask(target, { refresh: true, signal: abortOn(token) })));
    connection.onRequest(refreshTargetRequest, ({ target }, token) => forUser(() => this.#rows.ask(target, { refresh: true, whole: true, signal: abortOn(token) })));
    connection.onRequest(judgeTargetRequest, (given) => this.#judge(given));
    connection.onRequest(addTargetRequest, ({ name, destination }) =>
      forUser(async () => {
        await targets.add(name, { destination });
        this.#rows.forget(name);
      }),
    );
    connection.onRequest(removeTargetRequest, ({ target }) =>
      forUser(async () => {
        await targets.remove(target);
        this.#rows.forget(target);
      }),
    );
    connection.onRequest(sshHostsRequest, () => forUser(() => Promise.resolve(targets.configured())));
    connection.onRequest(copyBpftraceRequest, ({ target, file }, token) => forUser(() => this.#copyBpftrace(target, file, abortOn(token))));
    connection.onRequest(checkOnTargetsRequest, (params, token) => forUser(() => checkOnTargets(this.#engine, params, abortOn(token))));
    connection.onNotification(forgetSecretsNotification, ({ keys }) => targets.forgetSecrets(keys));
  }

  #judge(given: Partial<NewTarget>): string | null {
    try {
      this.#engine.targets.judge(given);
      return null;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  async #copyBpftrace(name: string, file: string, signal: AbortSignal): Promise<Copied> {
    const copied = await copyBpftrace(this.#engine.target(name), file, { signal });
    await this.#rows.ask(name, { signal });
    return copied;
  }

  #tell(state: TargetState): void {
    void this.#connection.sendNotification(targetStateNotification, state);
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      try {
        void this.#connection.sendNotification(targetRowsNotification, { rows: this.#rows.rows() });
      } catch (error) {
        this.#connection.console.error(`The targets cannot be listed: ${describeError(error)}`);
      }
    }, TELL_MS);
  }
}
