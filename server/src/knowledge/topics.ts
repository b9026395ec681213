import type { Embedder } from './embed.ts';
import type { Records } from './index/records.ts';
import { cosine, emptyVectors, setVector, type Vectors } from './vector-index.ts';
import type { Word } from './words.ts';

export const W = { cos: 0.4, lex: 0.6, syn: 0.8, stop: 0.3 };

/** A phrase that people say, as it is compared with questions. */
interface Phrase {
  readonly topic: number;
  /** What tells something in it: a word's stem and how much it tells. */
  readonly stems: ReadonlyMap<string, number>;
  readonly all: number;
}

/** What people say when they are in some kind of trouble, phrase by phrase: a question resembles one of them rather than all of them together. */
export class Topics {
  readonly #embedder: Embedder;
  readonly #points: (readonly string[])[] = [];
  readonly #ids: string[] = [];
  readonly #phrases: Phrase[] = [];
  readonly #vectors: Vectors;
  readonly #examples = new Map<string, string[]>();

  constructor(records: Records, embedder: Embedder) {
    this.#embedder = embedder;
    const texts: string[] = [];
    for (const id of records.ids('examples')) {
      for (const point of pointsOf(records.example(id)?.text ?? '')) this.#examples.set(point, [...(this.#examples.get(point) ?? []), id]);
    }
    for (const id of records.ids('specs')) {
      if (!id.startsWith('topic:')) continue;
      const topic = records.spec(id);
      const number = this.#points.push(topic?.points ?? []) - 1;
      this.#ids.push(id);
      for (const phrase of topic?.words ?? []) {
        const stems = this.#stems(embedder.questionWords(phrase));
        this.#phrases.push({ topic: number, stems, all: sum(stems.values()) });
        texts.push(phrase);
      }
    }
    const vectors = emptyVectors(texts.length, embedder.query('').length);
    for (const [i, text] of texts.entries()) setVector(vectors, i, embedder.query(text));
    this.#vectors = vectors;
  }

  /** Examples by the attach points they use. */
  examplesAt(point: string): readonly string[] {
    return this.#examples.get(point) ?? [];
  }

  /** How much each topic's nearest phrase says what the question says, 0 to 1. */
  scores(words: readonly Word[], vector: Float32Array): ReadonlyMap<string, number> {
    const asked = this.#stems(words);
    const all = sum(asked.values());
    const best = new Float32Array(this.#points.length);
    for (const [i, phrase] of this.#phrases.entries()) {
      let shared = 0;
      for (const [stem, worth] of phrase.stems) if (asked.has(stem)) shared += worth;
      const lex = shared === 0 ? 0 : (2 * shared) / (all + phrase.all);
      const score = W.cos * Math.max(cosine(vector, this.#vectors, i), 0) + W.lex * lex;
      if (score > (best[phrase.topic] ?? 0)) best[phrase.topic] = score;
    }
    return new Map(this.#ids.map((id, i) => [id, best[i] ?? 0]));
  }

  #stems(words: readonly Word[]): Map<string, number> {
    return new Map(words.map((w) => [w.stem, w.stop ? W.stop : Math.max(this.#embedder.idf(`w:${w.stem}`), 0.1)]));
  }
}

function sum(values: Iterable<number>): number {
  let all = 0;
  for (const value of values) all += value;
  return all;
}

/** The attach points of a program, functions as `kprobe:`. */
function pointsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, provider = '', rest = ''] of text.matchAll(/\b(tracepoint|tp|tp_btf|raw_tp|rawtracepoint|kprobe|kretprobe|ksyscall|kretsyscall|fentry|fexit|kfunc|kretfunc|lsm|uprobe|profile|software)[:/]([\w:/.*]+)/g)) {
    const name = rest.replaceAll('/', ':');
    if (provider === 'tracepoint' || provider === 'tp') found.add(`tracepoint:${name}`);
    else if (/^(?:kprobe|kretprobe|fentry|fexit|kfunc|kretfunc)$/.test(provider)) found.add(`kprobe:${name.split(':').at(-1) ?? ''}`);
    else if (/^(?:ksyscall|kretsyscall)$/.test(provider)) found.add(`tracepoint:syscalls:sys_enter_${name}`);
    else if (provider === 'lsm') found.add(`kprobe:security_${name}`);
  }
  return found;
}
