import type { Example, ItemKind } from './knowledge.ts';
import type { Spec } from './schema.ts';
import type { Field } from './terms.ts';

/** A thing to be found, with the texts it is found by. */
export interface Item {
  readonly kind: ItemKind;
  readonly id: string;
  readonly summary: string;
  readonly fields: readonly Field[];
  /** What a question has to speak of to be answered by it. */
  readonly about: string;
}

/** Specs first, then examples, in the order of the files: the numbers of the vectors depend on it. */
export function itemsOf(specs: readonly Spec[], examples: readonly Example[]): Item[] {
  return [...specs.map(specItem), ...examples.map(exampleItem)];
}

function specItem({ kind, id, summary, words, meaning, args, returns }: Spec): Item {
  const fields: Field[] = [
    { text: id, weight: 1 },
    { text: summary, weight: 2 },
    { text: words.join('. '), weight: 2 },
    { text: meaning, weight: 0.5 },
    { text: args.map((a) => `${a.name} ${a.meaning}`).join('. '), weight: 0.3 },
    { text: returns?.meaning ?? '', weight: 0.3 },
  ];
  return { kind, id, summary, fields, about: [id, summary, ...words].join('\n') };
}

function exampleItem({ id, description, also, tags, notes }: Example): Item {
  const fields: Field[] = [
    { text: id, weight: 1 },
    { text: description, weight: 2 },
    { text: also.join('. '), weight: 1.5 },
    { text: tags.join('. '), weight: 0.7 },
    { text: notes, weight: 0.2 },
  ];
  return { kind: 'example', id, summary: description, fields, about: [id, description, ...also, ...tags].join('\n') };
}
