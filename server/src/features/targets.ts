import type { Connection } from 'vscode-languageserver/node';
import { describeError, UserError } from '../base/error.ts';
import { whyNotKnown, type Engine } from '../engine.ts';
import { summarizeFacts } from '../kernel/facts.ts';
import { connectRequest, listTargetsRequest, targetStateNotification, type TargetState } from '../protocol.ts';
import { abortOn, forUser } from './request.ts';

/** Lists and connects targets, and tells the editor the state of the current one. */
export class TargetFeature {
  readonly #connection: Connection;
  readonly #engine: Engine;
  #shown: string | undefined;

  constructor(connection: Connection, engine: Engine) {
    this.#connection = connection;
    this.#engine = engine;
    connection.onRequest(listTargetsRequest, () => forUser(() => Promise.resolve([...engine.targets.list()])));
    connection.onRequest(connectRequest, ({ target }, token) => forUser(() => this.#connect(target, { refresh: true, signal: abortOn(token) })));
  }

  /** Connects to the target of the settings, and tells how that went. */
  async show(name: string): Promise<void> {
    this.#shown = name;
    this.#tell({ name, kind: name === 'local' || name === 'none' ? name : 'ssh', state: 'connecting', summary: 'connecting' });
    const state = await this.#connect(name, {}).catch((error: unknown): TargetState => ({ name, kind: 'ssh', state: 'unusable', summary: describeError(error) }));
    if (this.#shown === name) this.#tell(state);
  }

  async #connect(name: string, options: { refresh?: boolean; signal?: AbortSignal }): Promise<TargetState> {
    if (name.trim() === '') throw new UserError('usage', 'A target needs a name: local, a saved target, or user@host.');
    const target = this.#engine.target(name);
    if (target.kind === 'none') return { name, kind: 'none', state: 'connected', summary: `no machine; programs are checked against ${(await this.#engine.known(name)).inventory.label}` };
    const known = await target.facts(options);
    const { kind } = target;
    if (known.kind !== 'known') return { name, kind, state: 'unusable', summary: whyNotKnown(known, name) };
    return { name, kind, state: 'connected', summary: summarizeFacts(known.facts), release: known.facts.release };
  }

  #tell(state: TargetState): void {
    void this.#connection.sendNotification(targetStateNotification, state);
  }
}
