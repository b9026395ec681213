import type { Knowledge } from '../knowledge/knowledge.ts';

/** A description is shown up to this length: a hover is read at a glance. */
const MAX_LENGTH = 600;

/** Texts of the knowledge base for hovers. A hover never waits: the first one starts reading, later ones have it. */
export class Described {
  readonly #open: () => Promise<Knowledge>;
  #knowledge: Knowledge | undefined;
  #opening: Promise<void> | undefined;

  constructor(open: () => Promise<Knowledge>) {
    this.#open = open;
  }

  text(id: string): string | undefined {
    if (!this.#knowledge) {
      // Never built is no problem here: there is only less to say. It is looked for again the next time.
      this.#opening ??= this.#open().then((knowledge) => void (this.#knowledge = knowledge)).catch(() => void (this.#opening = undefined));
      return undefined;
    }
    const spec = this.#knowledge.spec(id);
    const [summary, meaning] = [spec?.['summary'], spec?.['meaning']];
    const text = [summary, meaning].filter((part) => typeof part === 'string' && part !== '').join(' ');
    return text === '' ? undefined : shortened(text);
  }
}

/** Whole sentences up to the limit. */
function shortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const end = text.lastIndexOf('. ', MAX_LENGTH);
  return end > 0 ? text.slice(0, end + 1) : `${text.slice(0, MAX_LENGTH)}…`;
}
