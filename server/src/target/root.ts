import { printable } from '../base/text.ts';
import { Opening, type Closed } from './opening.ts';
import type { Secrets } from './secrets.ts';
import { CONNECTION_LOST, OpenError, supervise, type Channel } from './supervise.ts';
import { IS_ROOT, PASSWORD_PROMPT, ROOT_BOOTSTRAP, SUDO_BOOTSTRAP } from './supervisor.ts';
import { needsRoot, SudoWantsPassword } from './root-failures.ts';
import type { ExecRequest, Execution, Failed, Outcome } from './target.ts';

/** Starts a command line on the target. */
export type OpenChannel = (command: string, signal: AbortSignal) => Promise<Channel>;

/** Time for sudo to answer, not counting what a person needs. It may ask a directory server. */
const SUDO_TIMEOUT_MS = 30_000;

/**
 * How one target runs commands as root. At first sudo and doas may not ask, which is all it takes where they let the user through.
 * When sudo wants a password, a person is asked once; it goes through standard input, each time anew.
 */
export class RootAccess {
  readonly #open: OpenChannel;
  readonly #secrets: Secrets;
  readonly #label: () => string;
  #wantsPassword = false;
  /** Nobody gave a password, or it does not help: answered from memory, because an editor comes with each change. */
  #refusal: Failed | undefined;

  /** `label` tells the host apart from others: `user@host:port`. */
  constructor(open: OpenChannel, secrets: Secrets, label: () => string) {
    this.#open = open;
    this.#secrets = secrets;
    this.#label = label;
  }

  start(request: ExecRequest): Execution {
    let current = this.#begin(request);
    const done = (async (): Promise<Outcome> => {
      const outcome = await current.done;
      if (outcome.kind !== 'failed' || !(outcome.cause instanceof SudoWantsPassword)) return outcome;
      this.#wantsPassword = true;
      current = this.#begin(request);
      return current.done;
    })();
    return { done, stop: (graceMs) => current.stop(graceMs) };
  }

  /** The next request asks again, and tries without a password first: the host's rules may have changed. */
  forgetRefusal(): void {
    this.#refusal = undefined;
    this.#wantsPassword = false;
  }

  #begin(request: ExecRequest): Execution {
    return supervise(request, (signal) => (this.#wantsPassword ? this.#withPassword(signal) : this.#open(ROOT_BOOTSTRAP, signal)));
  }

  async #withPassword(signal: AbortSignal): Promise<Channel> {
    if (this.#refusal) throw new OpenError(this.#refusal);
    try {
      // Before sudo is started: it does not wait long for a person.
      const password = await this.#password(undefined);
      signal.throwIfAborted();
      const channel = await this.#open(SUDO_BOOTSTRAP, signal);
      return await this.#pass(new Opening(channel, SUDO_TIMEOUT_MS, signal), password);
    } catch (error) {
      if (error instanceof OpenError && error.failure.reason === 'needs-root') this.#refusal = error.failure;
      throw error;
    }
  }

  async #pass(opening: Opening, first: string): Promise<Channel> {
    let password: string | undefined;
    const key = this.#key();
    for (;;) {
      const event = await opening.next([PASSWORD_PROMPT, IS_ROOT]);
      if (event === PASSWORD_PROMPT) {
        const refused = password;
        if (refused !== undefined) this.#secrets.judge(key, refused, 'wrong');
        password = refused === undefined ? first : await opening.person(() => this.#password(refused));
        opening.send(password);
      } else if (event === IS_ROOT) {
        if (password !== undefined) this.#secrets.judge(key, password, 'right');
        return opening.channel();
      } else {
        if (password !== undefined && /incorrect password/.test(event.said)) this.#secrets.judge(key, password, 'wrong');
        throw new OpenError(refusal(event, password !== undefined));
      }
    }
  }

  /** Rejects when none is given, or the same as before: then nobody is there who could know better. */
  async #password(refused: string | undefined): Promise<string> {
    const label = this.#label();
    const again = refused === undefined ? '' : ' (the last one was wrong)';
    const password = await this.#secrets.answer({ what: `Password of ${printable(label)} for sudo${again}`, key: this.#key(), refused });
    if (!password || password === refused) throw new OpenError(needsRoot(refused === undefined ? 'sudo: a password is required' : 'sudo: incorrect password attempt', true));
    return password;
  }

  #key(): string {
    return `sudo ${this.#label()}`;
  }
}

function refusal({ said, exitCode, expired }: Closed, asked: boolean): Failed {
  if (expired) return needsRoot(`sudo: no answer within ${SUDO_TIMEOUT_MS / 1000} s`, asked);
  return exitCode === undefined ? CONNECTION_LOST : needsRoot(said, asked);
}
