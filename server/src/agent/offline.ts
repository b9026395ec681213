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
    return { kind: 'program', text, origin: { kind: 'retrieved', example: id, description } };
  }

  /** Examples that answer the sentence well enough, best first. */
  async #matches({ sentence, language, facts }: DraftRequest): Promise<Match[]> {
    const hits = await this.#knowledge.search(sentence, { k: LOOKED_AT, kinds: ['example'] });
    return hits.flatMap(({ id }): Match[] => {
        const example = this.#knowledge.example(id);
        const coverage = this.#knowledge.coverage(sentence, id);
        if (!example || example.language !== language || coverage < MIN_COVERAGE) return [];
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
