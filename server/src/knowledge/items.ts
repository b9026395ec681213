import type { Field } from './embed.ts';
import type { Example, ItemKind } from './knowledge.ts';
import type { Spec } from './schema.ts';
import { wordsOf } from './words.ts';

/** A thing to be found, with the texts it is found by. */
export interface Item {
  readonly kind: ItemKind;
  readonly id: string;
  readonly summary: string;
  /**
   * Each becomes a vector of its own: a question is near to one way of putting it, not to the mean of all.
   * The first holds everything the item is about.
   */
  readonly passages: readonly (readonly Field[])[];
  /** What a question has to speak of to be answered by it. */
  readonly about: string;
}

/** Specs first, then examples, in the order of the files: the numbers of the vectors depend on it. */
export function itemsOf(specs: readonly Spec[], examples: readonly Example[]): Item[] {
  return [...specs.map(specItem), ...examples.map(exampleItem)];
}

function specItem(spec: Spec): Item {
  const { kind, id, summary } = spec;
  const whole: Field[] = [
    { text: id, weight: 1 },
    { text: summary, weight: 2 },
    { text: spec.words.join('. '), weight: 2 },
    { text: spec.meaning, weight: 0.5 },
    { text: spec.args.map((a) => `${a.name} ${a.meaning}`).join('. '), weight: 0.3 },
    { text: spec.returns ?? '', weight: 0.3 },
  ];
  return { kind, id, summary, passages: [whole, ...passagesOf([summary, ...spec.words])], about: [id, summary, ...spec.words].join('\n') };
}

function exampleItem(example: Example): Item {
  const { id, description, also } = example;
  const whole: Field[] = [
    { text: id, weight: 1 },
    { text: description, weight: 2 },
    { text: also.join('. '), weight: 1.5 },
    { text: example.tags.join('. '), weight: 0.7 },
    { text: example.notes, weight: 0.2 },
  ];
  return { kind: 'example', id, summary: description, passages: [whole, ...passagesOf([description, ...also])], about: [id, description, ...also, ...example.tags].join('\n') };
}

/** A single word makes no passage: every question with that word in it would be near to it. */
function passagesOf(phrases: readonly string[]): Field[][] {
  return phrases.filter((text) => wordsOf(text).filter((w) => !w.stop).length > 1).map((text) => [{ text, weight: 1 }]);
}
