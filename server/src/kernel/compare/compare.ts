import type { Inventory } from '../inventory.ts';
import { lookUp, type Found } from './look-up.ts';
import { describeNeed, type Need } from './need.ts';

/** A need that not every kernel meets, or not every one alike. */
export interface NeedDifference {
  readonly need: Need;
  /** Labels of the inventories that lack it, in their order. */
  readonly missingOn: readonly string[];
  /** Labels of those where it has another type, or stands at another place, than on the first that has it. */
  readonly changedOn: readonly string[];
  /** A sentence: `Works on a but not on b because struct sock has no field sk_x there.` */
  readonly note: string;
}

/** How one inventory meets a need. */
interface Answer {
  readonly label: string;
  readonly found: Found;
}

/**
 * The needs that at least one of the inventories does not meet, or meets otherwise than the first that does. What an
 * inventory cannot tell (functions read without root) counts neither way.
 */
export function compareNeeds(needs: readonly Need[], inventories: readonly Inventory[]): readonly NeedDifference[] {
  return needs.flatMap((need) => {
    const answers = inventories.map((inventory): Answer => ({ label: inventory.label, found: lookUp(need, inventory) }));
    const difference = differenceOf(need, answers);
    return difference ? [difference] : [];
  });
}

function differenceOf(need: Need, answers: readonly Answer[]): NeedDifference | undefined {
  const missing = answers.filter(({ found }) => found.kind === 'missing');
  const there = answers.filter(({ found }) => found.kind === 'there');
  const first = formOf(there[0]);
  const changed = there.filter((answer) => formOf(answer) !== first);
  if (missing.length === 0 && changed.length === 0) return undefined;
  const notes = [...(missing.length > 0 ? [missingNote(missing, there)] : []), ...(changed.length > 0 ? [changedNote(need, there)] : [])];
  return { need, missingOn: labels(missing), changedOn: labels(changed), note: notes.join(' ') };
}

function missingNote(missing: readonly Answer[], there: readonly Answer[]): string {
  const reasons = groups(missing, ({ found }) => (found.kind === 'missing' ? found.why : '')).map(([why, on]) => `on ${and(labels(on))} because ${why}`);
  return `${there.length > 0 ? `Works on ${and(labels(there))} but not` : 'Does not work'} ${reasons.join(', nor ')}.`;
}

function changedNote(need: Need, there: readonly Answer[]): string {
  const forms = groups(there, (answer) => formOf(answer) ?? '').map(([form, on]) => `${form} on ${and(labels(on))}`);
  const text = describeNeed(need);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} differs: ${forms.join(', ')}.`;
}

function formOf(answer: Answer | undefined): string | undefined {
  return answer?.found.kind === 'there' ? answer.found.form : undefined;
}

function groups(answers: readonly Answer[], by: (answer: Answer) => string): readonly (readonly [string, readonly Answer[]])[] {
  return [...new Set(answers.map(by))].map((key) => [key, answers.filter((answer) => by(answer) === key)]);
}

function labels(answers: readonly Answer[]): readonly string[] {
  return answers.map(({ label }) => label);
}

function and(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
