import ssh2, { type AnyAuthMethod, type ParsedKey, type Prompt, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { plural } from '../../base/text.ts';
import type { OpenError } from '../supervise.ts';
import type { SshSettings } from './config.ts';
import { asErrorLike, failure, said } from './failures.ts';
import { gatherIdentities, type Identities, type Identity, type SecretSource } from './identities.ts';

/** What the server said after the last attempt. */
export interface Offer {
  readonly methods: readonly string[];
  /** The attempt was right but is not enough: a further method is wanted. */
  readonly partial: boolean;
}

type Methods = AsyncGenerator<AnyAuthMethod, void, Offer>;

const PASSWORD_TRIES = 3;
/** More factors than any server asks for; a guard against one that never ends. */
const MAX_FACTORS = 5;

/** The login on one connection: which methods to try in turn, and why it failed in the end. */
export class Login {
  readonly #settings: SshSettings;
  readonly #secrets: SecretSource;
  readonly #methods: Methods;
  #offered: readonly string[] = [];
  /** What was tried, as half sentences. */
  readonly #tried: string[] = [];
  readonly #problems: string[] = [];
  #password: 'refused' | 'not-given' | undefined;
  /** The answers of the present attempt that may be kept, not judged yet. */
  #given: string[] = [];

  constructor(settings: SshSettings, secrets: SecretSource) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#methods = this.#plan();
  }

  /** The next method, or false when nothing is left. `offered` is null on the first call. */
  async next(offered: readonly string[] | null, partial: boolean | null): Promise<AnyAuthMethod | false> {
    if (offered) this.#offered = offered;
    const { value } = await this.#methods.next({ methods: offered ?? [], partial: partial === true });
    return value ?? false;
  }

  /** `none` first: the answer tells what the server offers, and nobody is asked for what it does not take. */
  async *#plan(): Methods {
    const { username } = this.#user();
    let offer = yield { type: 'none', username };
    let identities: Identities | undefined;
    for (let factor = 0; factor < MAX_FACTORS; factor++) {
      if (offer.methods.includes('publickey')) {
        identities ??= await this.#gather();
        offer = yield* this.#keys(identities.list, offer);
      }
      if (offer.methods.includes('password')) offer = yield* this.#passwords(offer);
      else if (offer.methods.includes('keyboard-interactive')) offer = yield* this.#questions(offer);
      if (!offer.partial) return;
    }
  }

  async #gather(): Promise<Identities> {
    const identities = await gatherIdentities(this.#settings, this.#secrets);
    this.#problems.push(...identities.problems);
    return identities;
  }

  *#keys(list: readonly Identity[], before: Offer): Generator<AnyAuthMethod, Offer, Offer> {
    let offer = before;
    for (const identity of list) {
      const agent = new OneKey(identity, (problem) => this.#problems.push(problem));
      offer = yield { type: 'agent', ...this.#user(), agent };
      this.#tried.push(identity.name);
      if (!agent.signed) continue;
      // The host took the key and still wants more. ssh2 does not pass on what: ask with `none`.
      const next = yield { type: 'none', ...this.#user() };
      if (!next.methods.includes('publickey')) return { ...next, partial: true };
    }
    return { ...offer, partial: false };
  }

  async *#passwords(before: Offer): AsyncGenerator<AnyAuthMethod, Offer, Offer> {
    let offer = before;
    let last: string | undefined;
    for (let attempt = 0; attempt < PASSWORD_TRIES; attempt++) {
      const password = await this.#passwordFor(last);
      if (password === undefined || password === last) break;
      this.#given = [password];
      offer = yield { type: 'password', ...this.#user(), password };
      this.#judge(offer.partial);
      if (offer.partial) return offer;
      last = password;
    }
    return { ...offer, partial: false };
  }

  async #passwordFor(refused: string | undefined): Promise<string | undefined> {
    const again = refused === undefined ? '' : ' (the last one was refused)';
    const password = (await this.#secrets.answer({ what: `Password of ${this.#settings.label}${again}`, key: this.#passwordKey(), refused })) || undefined;
    if (password === undefined) this.#password ??= 'not-given';
    return password;
  }

  #passwordKey(): string {
    return `password ${this.#settings.label}`;
  }

  /** The login is done: what was answered last was right. */
  succeeded(): void {
    this.#judge(true);
  }

  #judge(right: boolean): void {
    for (const answer of this.#given) this.#secrets.judge(this.#passwordKey(), answer, right ? 'right' : 'wrong');
    this.#given = [];
    if (right) return;
    this.#password = 'refused';
    if (!this.#tried.includes('a password')) this.#tried.push('a password');
  }

  /** One attempt may ask several times, several things each time (PAM does: a password, then a code). */
  *#questions(before: Offer): Generator<AnyAuthMethod, Offer, Offer> {
    let offer = before;
    let last: string | undefined;
    for (let attempt = 0; attempt < PASSWORD_TRIES; attempt++) {
      const answers: string[] = [];
      let missing = false;
      const answer = async (instructions: string, prompts: readonly Prompt[]): Promise<string[]> => {
        const given = missing ? undefined : await this.#answers(instructions, prompts, last);
        missing ||= given === undefined;
        answers.push(...(given ?? []));
        return given ?? prompts.map(() => '');
      };
      offer = yield {
        type: 'keyboard-interactive',
        ...this.#user(),
        prompt: (_name, instructions, _language, prompts, finish) => void answer(instructions, prompts).then(finish),
      };
      if (!missing) this.#judge(offer.partial);
      if (offer.partial) return offer;
      const all = answers.join('\0');
      if (missing || all === last) break;
      last = all;
    }
    return { ...offer, partial: false };
  }

  /** Undefined when one answer was not given. The questions are the host's own words. `refused`: what was answered before, wrongly. */
  async #answers(instructions: string, prompts: readonly Prompt[], refused: string | undefined): Promise<string[] | undefined> {
    const { label } = this.#settings;
    const answers: string[] = [];
    for (const { prompt, echo = false } of prompts) {
      const question = [said(instructions), said(prompt)].filter((part) => part !== '').join(' ');
      const what = `${label} asks: ${question}${refused === undefined ? '' : ' (the last answer was refused)'}`;
      // The same password that the method `password` would take. Anything else may be a code, good for once.
      const isPassword = prompts.length === 1 && !echo && /password/i.test(prompt);
      const answer = await this.#secrets.answer({ what, echo, ...(isPassword ? { key: this.#passwordKey(), refused } : {}) });
      if (answer === undefined) {
        this.#password ??= 'not-given';
        return undefined;
      }
      if (isPassword) this.#given.push(answer);
      answers.push(answer);
    }
    return answers;
  }

  #user(): { username: string } {
    return { username: this.#settings.user };
  }

  /** The login failed: what was tried, what the host takes, what to do. */
  failure(cause: unknown): OpenError {
    const { label, user } = this.#settings;
    const tried = this.#tried.length === 0 ? 'There was nothing to try it with' : `Tried: ${this.#triedText()}`;
    const offers = this.#offered.length === 0 ? '' : ` The host takes: ${this.#offered.join(', ')}.`;
    const problems = this.#problems.length === 0 ? '' : ` Also: ${this.#problems.join('; ')}.`;
    return failure('auth', `${label} did not let '${user}' in. ${this.#headline(cause)}${tried}.${offers}${problems} ${this.#advice()}`, cause);
  }

  #headline(cause: unknown): string {
    if (/too many authentication/i.test(asErrorLike(cause).message)) {
      return 'The host ended the login after too many attempts; with a full agent, name the key (IdentityFile) and set IdentitiesOnly yes. ';
    }
    if (this.#password === 'refused') return 'The password was wrong. ';
    return this.#password === 'not-given' ? 'It asks for a password, and none was given. ' : '';
  }

  #triedText(): string {
    const shown = this.#tried.slice(0, 5);
    const more = this.#tried.length - shown.length;
    return shown.join(', ') + (more > 0 ? ` and ${plural(more, 'more key')}` : '');
  }

  #advice(): string {
    const password = this.#offered.some((method) => method === 'password' || method === 'keyboard-interactive');
    if (this.#password === 'refused') return 'Try again with the right one, or add your public key there with ssh-copy-id.';
    const key = `Name the right key (IdentityFile in ~/.ssh/config, or the target's identity), or start an agent that holds it (ssh-add).`;
    return password ? `${key} Or connect where Kgent can ask for the password.` : key;
  }
}

/**
 * One identity in the shape of an agent: the one way by which ssh2 asks for a signature
 * asynchronously, so that a passphrase is asked for only after the host has taken the key.
 */
class OneKey extends ssh2.BaseAgent<ParsedKey> {
  signed = false;
  readonly #identity: Identity;
  readonly #problem: (text: string) => void;

  constructor(identity: Identity, problem: (text: string) => void) {
    super();
    this.#identity = identity;
    this.#problem = problem;
  }

  override getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    callback(null, [this.#identity.publicKey]);
  }

  override sign(_key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    const callback = typeof options === 'function' ? options : done;
    const hash = typeof options === 'function' ? undefined : options.hash;
    this.#identity.sign(data, hash).then(
      (signature) => {
        this.signed = true;
        callback?.(null, signature);
      },
      (error: unknown) => {
        this.#problem(said(asErrorLike(error).message));
        callback?.(new Error('signing failed', { cause: error }));
      },
    );
  }
}
