import type { Example, Knowledge } from '../knowledge/knowledge.ts';
import type { Draft, Drafter, DraftRequest } from './drafter.ts';
import type { DrafterInfo } from './events.ts';
import { languageNames } from './prompt.ts';
import { whyUnsuitable } from './suits.ts';

/** Examples looked at, best first: more than the language filter and the target can take away. */
const LOOKED_AT = 60;
/**
 * An example must speak of at least this share of what the sentence asks for; the tests of this file
 * hold everyday questions that must pass it and nonsense that must not.
 */
export const MIN_COVERAGE = 0.5;

/** And be this near: an example may share a rare word with a sentence about something else ("python"). */
const MIN_SCORE = 0.31;

/**
 * And be at least this near compared with the best one: when that does not fit the target or fails, an
 * example about something else is no answer.
 */
const MIN_OF_BEST = 0.75;

const CONFIGURE = 'Configure a model to have programs written: the settings kgent.model.name and kgent.model.baseUrl, or KGENT_MODEL, KGENT_BASE_URL and KGENT_API_KEY.';

interface Match {
  readonly example: Example;
  readonly unsuitable: string | undefined;
}

/** The embedded default: retrieves the best-matching checked example. It generates nothing, and says so. */
export class OfflineDrafter implements Drafter {
  readonly info: DrafterInfo = { kind: 'offline' };
  readonly #knowledge: Knowledge;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  async draft(request: DraftRequest): Promise<Draft> {
    const matches = await this.#matches(request);
    const tried = new Set(request.history.map((turn) => turn.text));
    const next = matches.find((m) => m.unsuitable === undefined && !tried.has(m.example.text));
    if (!next) return { kind: 'none', message: whyNone(matches, request) };
    const { id, description, text } = next.example;
    const nearer = matches.slice(0, matches.indexOf(next)).find((m) => m.unsuitable !== undefined);
    const note = nearer ? { note: `The nearest example, '${nearer.example.id}', does not fit the target: ${nearer.unsuitable}.` } : {};
    return { kind: 'program', text, origin: { kind: 'retrieved', example: id, description, ...note } };
  }

  /** Examples that answer the sentence well enough, best first. */
  async #matches({ sentence, language, facts }: DraftRequest): Promise<Match[]> {
    const hits = await this.#knowledge.search(sentence, { k: LOOKED_AT, kinds: ['example'] });
    const best = hits.find(({ id }) => this.#knowledge.example(id)?.language === language)?.score ?? 0;
    return hits.flatMap(({ id, score }): Match[] => {
      const example = this.#knowledge.example(id);
      const coverage = this.#knowledge.coverage(sentence, id);
      if (!example || example.language !== language || coverage < MIN_COVERAGE || score < Math.max(MIN_SCORE, best * MIN_OF_BEST)) return [];
      return [{ example, unsuitable: whyUnsuitable(example, facts) }];
    });
  }
}

function whyNone(matches: readonly Match[], request: DraftRequest): string {
  const blocked = matches.find((m) => m.unsuitable !== undefined);
  if (request.history.length > 0) return `There is no further example that matches. ${CONFIGURE}`;
  if (blocked) return `The example that matches, '${blocked.example.id}' (${blocked.example.description}), does not fit the target: ${blocked.unsuitable}. ${CONFIGURE}`;
  return `No ${languageNames[request.language]} example matches this description, and no model is configured. ${CONFIGURE}`;
}
