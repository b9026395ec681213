import { breathing } from './breathe.ts';
import { callsNamed } from './calls.ts';
import { Covering } from './covering.ts';
import type { Embedder } from './embed.ts';
import { spread } from './families.ts';
import { nameOf, type ItemTable } from './index/item-table.ts';
import type { Records } from './index/records.ts';
import { ITEM_KINDS, type Example, type ItemKind, type Knowledge, type SearchHit } from './knowledge.ts';
import { PartSearch, type Part, type Question } from './part.ts';
import { preferring } from './preferred.ts';
import { Topics } from './topics.ts';

const MAX_K = 1_000;
/** What is an answer when nobody says what is wanted: topics only lead to answers. */
const ANSWERS = ITEM_KINDS.filter((kind) => kind !== 'topic');
const NO_HINTS: ReadonlyMap<string, number> = new Map();
/** Hits behind the wanted ones among which a better one is looked for: each is read. */
const BETTER_BEHIND = 10;
/** Hits of which the best are taken: of a family of attach points not all come first. */
const MIN_SPREAD = 50;

interface MadeTopics {
  readonly topics: Topics;
  readonly covering: Covering;
}

/** The memory: what comes with Kgent, and beside it what a kernel has that nobody described. */
export class LocalKnowledge implements Knowledge {
  readonly index: 'hnsw' | 'exact';
  readonly #embedder: Embedder;
  readonly #parts: readonly PartSearch[];
  readonly #own: PartSearch;
  readonly #items: ItemTable;
  readonly #records: Records;
  #madeTopics: Promise<MadeTopics> | undefined;

  /** The items of `own` are the records' specs, then their examples. */
  constructor(records: Records, embedder: Embedder, own: Part, others: readonly Part[] = []) {
    this.index = own.index.kind;
    this.#embedder = embedder;
    this.#own = new PartSearch(own, embedder);
    this.#items = own.items;
    this.#parts = [this.#own, ...others.map((part) => new PartSearch(part, embedder))];
    this.#records = records;
  }

  /** `vector`: the question as another embedder sees it, by which the own part's vectors were made. */
  async search(query: string, options: { k: number; kinds?: readonly ItemKind[]; vector?: Float32Array }): Promise<readonly SearchHit[]> {
    const k = Math.min(Math.max(Math.floor(options.k) || 0, 0), MAX_K);
    const kinds = options.kinds ?? ANSWERS;
    if (k === 0) return [];
    const words = this.#embedder.questionWords(query);
    const vector = this.#embedder.query(query);
    const asked = { text: query, asked: this.#embedder.asked(words), words, vector };
    const askedOwn = options.vector ? { ...asked, vector: options.vector } : asked;
    // Among themselves examples are told apart by their own words; topics only place them among attach points.
    const hints = onlyExamples(kinds) ? NO_HINTS : await this.#hints({ ...askedOwn, hints: NO_HINTS }, vector);
    const most = Math.max(k, MIN_SPREAD);
    const hits = this.#parts.flatMap((part) => part.search({ ...(part === this.#own ? askedOwn : asked), hints }, most, kinds));
    return preferring(spread(hits).slice(0, k + BETTER_BEHIND), (id) => this.#records.spec(id)?.prefer).slice(0, k);
  }

  /** `vector`: as this embedder sees the question. */
  async #hints(question: Question, vector: Float32Array): Promise<ReadonlyMap<string, number>> {
    // Made when somebody asks: an index that is only opened does without.
    const { topics, covering } = await (this.#madeTopics ??= this.#makeTopics());
    const hints = topics.hints(question.words, vector, this.#own.every(question, covering));
    return new Map([...hints, ...callsNamed(question.words, this.#embedder, (id) => this.#items.named(nameOf(id)).length > 0).map(([id, hint]) => [id, Math.max(hint, hints.get(id) ?? 0)] as const)]);
  }

  async #makeTopics(): Promise<MadeTopics> {
    const breathe = breathing();
    const covering = await Covering.make(this.#items, 'topic', breathe);
    return { covering, topics: await Topics.make(this.#records, this.#embedder, (id) => covering.placeOf(id), breathe) };
  }

  coverage(query: string, exampleId: string): number {
    const label = this.#records.labelOf(exampleId);
    return label === undefined ? 0 : this.#own.coverage(this.#embedder.asked(this.#embedder.questionWords(query)), label);
  }

  example(id: string): Example | undefined {
    return this.#records.example(id);
  }

  spec(id: string): Readonly<Record<string, unknown>> | undefined {
    return this.#records.spec(id);
  }
}

function onlyExamples(kinds: readonly ItemKind[]): boolean {
  return kinds.every((kind) => kind === 'example');
}
