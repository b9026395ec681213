import type { Embedder } from './embed.ts';
import { ITEM_KINDS, type Example, type ItemKind, type Knowledge, type SearchHit } from './knowledge.ts';
import type { Records } from './index/records.ts';
import { Topics } from './topics.ts';
import { PartSearch, type Part, type Question } from './part.ts';

const MAX_K = 1_000;
/** What is given as an answer when nobody says what is wanted: topics only lead to answers. */
const ANSWERS = ITEM_KINDS.filter((kind) => kind !== 'topic');
/** Topics a question may be about. */
const TOPICS = 12;
const NO_HINTS: ReadonlyMap<string, number> = new Map();
export const T = { decay: 0.95, whole: 0.6, sharp: 1 };

/** The memory: what comes with Kgent, and beside it what a kernel has that nobody described. */
export class LocalKnowledge implements Knowledge {
  readonly index: 'hnsw' | 'exact';
  readonly #embedder: Embedder;
  readonly #parts: readonly PartSearch[];
  readonly #own: PartSearch;
  readonly #records: Records;
  readonly #topics: Topics;

  /** The items of `own` are the records' specs, then their examples. */
  constructor(records: Records, embedder: Embedder, own: Part, others: readonly Part[] = []) {
    this.index = own.index.kind;
    this.#embedder = embedder;
    this.#own = new PartSearch(own, embedder);
    this.#parts = [this.#own, ...others.map((part) => new PartSearch(part, embedder))];
    this.#records = records;
    this.#topics = new Topics(records, embedder);
  }

  /** `vector`: the question as another embedder sees it, by which the own part's vectors were made. */
  search(query: string, options: { k: number; kinds?: readonly ItemKind[]; vector?: Float32Array }): Promise<readonly SearchHit[]> {
    const k = Math.min(Math.max(Math.floor(options.k) || 0, 0), MAX_K);
    if (k === 0) return Promise.resolve([]);
    const asked = { text: query, words: this.#embedder.questionWords(query), vector: this.#embedder.query(query), hints: NO_HINTS };
    const question = { ...asked, hints: this.#hints(asked) };
    const kinds = options.kinds ?? ANSWERS;
    const hits = this.#parts.flatMap((part) => part.search(part === this.#own && options.vector ? { ...question, vector: options.vector } : question, k, kinds));
    return Promise.resolve(hits.sort((a, b) => b.score - a.score).slice(0, k));
  }

  /** Which attach points the topics name that the question is about. */
  #hints(question: Question): ReadonlyMap<string, number> {
    const hints = new Map<string, number>();
    const byPhrase = this.#topics.scores(question.words, question.vector);
    const whole = new Map(this.#own.search(question, 1000, ['topic']).map(({ id, score }) => [id, score]));
    const topics = [...byPhrase].map(([id, phrase]) => ({ id, score: T.whole * (whole.get(id) ?? 0) + (1 - T.whole) * phrase })).sort((a, b) => b.score - a.score).slice(0, TOPICS);
    if (process.env['TOP']) console.log(question.text, topics.slice(0, 3));
    const top = topics[0]?.score ?? 0;
    for (const { id, score: sc } of topics) {
      const score = sc * (sc / top) ** T.sharp;
      for (const [rank, point] of (this.#records.spec(id)?.points ?? []).entries()) {
        hints.set(point, Math.max(hints.get(point) ?? 0, score * T.decay ** rank));
      }
    }
    for (const [point, hint] of [...hints]) for (const id of this.#topics.examplesAt(point)) hints.set(id, Math.max(hints.get(id) ?? 0, hint));
    return hints;
  }

  coverage(query: string, exampleId: string): number {
    const label = this.#records.labelOf(exampleId);
    return label === undefined ? 0 : this.#own.coverage(this.#embedder.questionWords(query), label);
  }

  example(id: string): Example | undefined {
    return this.#records.example(id);
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#records.spec(id);
  }
}
