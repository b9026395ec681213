import type { Ask, SecretUse } from '../../src/target/target.ts';

/** What was asked of the person, and what they answer. */
export class Person implements Ask {
  readonly questions: string[] = [];
  readonly uses: SecretUse[] = [];
  readonly verdicts: string[] = [];
  secrets: readonly (string | undefined)[] = [];
  trusts = false;
  trustHostKey(...question: string[]): Promise<boolean> {
    this.questions.push(question.join(' '));
    return Promise.resolve(this.trusts);
  }
  secret(what: string, use: SecretUse = {}): Promise<string | undefined> {
    const answer = this.secrets[this.questions.length];
    this.questions.push(what);
    this.uses.push(use);
    return Promise.resolve(answer);
  }
  judged(key: string, verdict: string): void {
    this.verdicts.push(`${key}: ${verdict}`);
  }
}
