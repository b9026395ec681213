import { DIMENSIONS, type Embedder } from './embed.ts';
import type { Records } from './index/records.ts';
import type { Answering } from './part.ts';
import { pointsOf } from './points.ts';
import type { Breathe } from './svd.ts';
import type { Terms } from './terms.ts';
import { cosine, emptyVectors, setVector, type Vectors } from './vector-index.ts';
import type { Word } from './words.ts';

/** Topics a question may be about: beyond these their scores are noise. */
const MAX_TOPICS = 12;
/** What makes a question be about a topic, and what makes it resemble a phrase: best on the questions it was tuned with. */
const WEIGHTS = { whole: 0.6, phrase: 0.4 } as const;
const PHRASE_WEIGHTS = { near: 0.4, words: 0.6 } as const;
/** How much less each further point of a topic is worth. */
const DECAY = 0.95;
/** Records and phrases read in one turn: some milliseconds. */
const TOPICS_A_TURN = 50;
const PHRASES_A_TURN = 50;
/** A word that everything has tells next to nothing, but not less than nothing. */
const MIN_IDF = 0.1;

interface Topic {
  /** Where it is among the items that are topics. */
  readonly place: number;
  readonly points: readonly string[];
}

/** A phrase that people say. */
interface Phrase {
  readonly topic: number;
  readonly terms: Terms;
  /** How much its words tell, all together. */
  readonly all: number;
}

const NO_PHRASE: Phrase = { topic: -1, terms: new Map(), all: 0 };

/** A phrase, and what the words it shares with a question tell. */
interface Told {
  readonly phrase: number;
  readonly words: number;
}

const NO_PHRASES: readonly Told[] = [];

interface Scored {
  readonly topic: number;
  readonly score: number;
}

/**
 * The trouble people have, and where an expert looks then. A question resembles one phrase of a topic rather than all of them together, so it
 * is compared with each; and with the topic as a whole, as with any other item.
 */
export class Topics {
  readonly #embedder: Embedder;
  readonly #topics: readonly Topic[];
  readonly #phrases: readonly Phrase[];
  readonly #vectors: Vectors;
  /** Phrases whose vector was made: most are never needed. */
  readonly #made = new Set<number>();
  /** Phrases by their words. */
  readonly #having = new Map<string, number[]>();
  /** Examples by the attach points they use. */
  readonly #examples: ReadonlyMap<string, readonly string[]>;

  private constructor(topics: readonly Topic[], phrases: readonly Phrase[], examples: ReadonlyMap<string, readonly string[]>, embedder: Embedder) {
    this.#embedder = embedder;
    this.#topics = topics;
    this.#phrases = phrases;
    this.#vectors = emptyVectors(phrases.length, DIMENSIONS);
    this.#examples = examples;
    for (const [i, { terms }] of phrases.entries()) {
      for (const term of terms.keys()) {
        const having = this.#having.get(term);
        if (having) having.push(i);
        else this.#having.set(term, [i]);
      }
    }
  }

  /** Some hundred milliseconds of work, in turns. */
  static async make(records: Records, embedder: Embedder, placeOf: (id: string) => number, breathe: Breathe): Promise<Topics> {
    const topics: Topic[] = [];
    const said: { readonly topic: number; readonly text: string }[] = [];
    for (const id of records.ids('specs')) {
      const spec = id.startsWith('topic:') ? records.spec(id) : undefined;
      if (!spec) continue;
      for (const text of spec.words) said.push({ topic: topics.length, text });
      topics.push({ place: placeOf(id), points: spec.points ?? [] });
      if (topics.length % TOPICS_A_TURN === 0) await breathe();
    }
    const phrases: Phrase[] = [];
    for (const { topic, text } of said) {
      const terms = embedder.questionTerms(embedder.questionWords(text));
      phrases.push({ topic, terms, all: tells(embedder, terms.keys()) });
      if (phrases.length % PHRASES_A_TURN === 0) await breathe();
    }
    return new Topics(topics, phrases, await examplesByPoint(records, breathe), embedder);
  }

  /**
   * Ids of attach points, and of examples that use them, that answer what the question is about, and how surely, 0 to 1.
   * `whole`: how well each topic as a whole answers it.
   */
  hints(words: readonly Word[], vector: Float32Array, whole: Answering): ReadonlyMap<string, number> {
    const best = this.#best(words, vector, whole);
    const hints = new Map<string, number>();
    const hint = (id: string, value: number): void => void hints.set(id, Math.max(hints.get(id) ?? 0, value));
    for (const { topic, score } of best) {
      // The surest topic keeps its score, others lose by how far they are behind it.
      const sure = score * (score / (best[0]?.score ?? score));
      for (const [rank, point] of (this.#topics[topic]?.points ?? []).entries()) {
        const value = sure * DECAY ** rank;
        hint(point, value);
        for (const example of this.#examples.get(point) ?? []) hint(example, value);
      }
    }
    return hints;
  }

  #near(vector: Float32Array, phrase: number): number {
    if (!this.#made.has(phrase)) {
      setVector(this.#vectors, phrase, this.#embedder.document(this.#phrases[phrase]?.terms ?? new Map()));
      this.#made.add(phrase);
    }
    return cosine(vector, this.#vectors, phrase);
  }

  /**
   * The topics a question is most likely about, the surest first. What words tell is known at once and bounds what a topic can reach: the few
   * topics and phrases that can still make a difference are compared by nearness.
   */
  #best(words: readonly Word[], vector: Float32Array, whole: Answering): readonly Scored[] {
    const told = this.#told(words);
    const waiting = this.#topics.map(({ place }, topic) => {
      const phrases = told.get(topic) ?? NO_PHRASES;
      const most = phrases.reduce((all, phrase) => Math.max(all, phrase.words), -PHRASE_WEIGHTS.near);
      return { place, topic, phrases, most: WEIGHTS.whole * whole.atMost(place) + WEIGHTS.phrase * (most + PHRASE_WEIGHTS.near) };
    });
    const best: Scored[] = [];
    for (const { place, topic, phrases, most } of waiting.sort((a, b) => b.most - a.most || a.topic - b.topic)) {
      if (most < (best[MAX_TOPICS - 1]?.score ?? 0)) break;
      best.push({ topic, score: WEIGHTS.whole * whole.exactly(place) + WEIGHTS.phrase * this.#nearest(phrases, vector) });
      best.sort((a, b) => b.score - a.score || a.topic - b.topic).splice(MAX_TOPICS);
    }
    return best.filter(({ score }) => score > 0);
  }

  /** How much the nearest of a topic's phrases says what the question says, 0 to 1. */
  #nearest(phrases: readonly Told[], vector: Float32Array): number {
    let best = 0;
    for (const { phrase, words } of phrases.toSorted((a, b) => b.words - a.words)) {
      if (words + PHRASE_WEIGHTS.near <= best) break;
      best = Math.max(best, words + PHRASE_WEIGHTS.near * Math.max(this.#near(vector, phrase), 0));
    }
    return best;
  }

  /** Phrases that have words of the question, by topic. Without any a phrase is not what was said, however near it is: the whole topic's nearness tells that. */
  #told(words: readonly Word[]): Map<number, Told[]> {
    const terms = this.#embedder.questionTerms(words);
    const all = tells(this.#embedder, terms.keys());
    const shared = new Map<number, number>();
    for (const term of terms.keys()) {
      const telling = tells(this.#embedder, [term]);
      for (const phrase of this.#having.get(term) ?? []) shared.set(phrase, (shared.get(phrase) ?? 0) + telling);
    }
    const told = new Map<number, Told[]>();
    for (const [phrase, both] of shared) {
      const { topic, all: own } = this.#phrases[phrase] ?? NO_PHRASE;
      const one = { phrase, words: (PHRASE_WEIGHTS.words * both * 2) / Math.max(all + own, MIN_IDF) };
      const others = told.get(topic);
      if (others) others.push(one);
      else told.set(topic, [one]);
    }
    return told;
  }
}

/** How much terms tell, all together. */
function tells(embedder: Embedder, terms: Iterable<string>): number {
  let all = 0;
  for (const term of terms) all += Math.max(embedder.idf(`w:${term}`), MIN_IDF);
  return all;
}

async function examplesByPoint(records: Records, breathe: Breathe): Promise<ReadonlyMap<string, readonly string[]>> {
  const examples = new Map<string, string[]>();
  let read = 0;
  for (const id of records.ids('examples')) {
    for (const point of pointsOf(records.example(id)?.text ?? '')) examples.set(point, [...(examples.get(point) ?? []), id]);
    if (++read % TOPICS_A_TURN === 0) await breathe();
  }
  return examples;
}
