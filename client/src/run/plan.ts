/** The question before a run: what the user agrees to. */
import { printable } from '../../../server/src/base/text.ts';
import type { RunPlan } from '../../../server/src/protocol.ts';

/** Attach points listed by name; a wildcard probe can have thousands. */
const MAX_LISTED = 12;

export interface Question {
  readonly message: string;
  readonly detail: string;
}

function list(items: readonly string[]): string[] {
  const shown = items.slice(0, MAX_LISTED).map((item) => `  • ${printable(item)}`);
  return items.length > MAX_LISTED ? [...shown, `  • … and ${items.length - MAX_LISTED} more`] : shown;
}

export function questionFor(name: string, plan: RunPlan, limitSeconds: number): Question {
  const powers = plan.powers.length === 0
    ? ['It only observes.']
    : ['Before you agree:', ...list(plan.powers)];
  const detail = [
    ...(plan.attachPoints.length === 0 ? ['It attaches to nothing that could be told beforehand.'] : ['It attaches to:', ...list(plan.attachPoints)]),
    '',
    ...powers,
    '',
    `It runs as root until you stop it, at most ${limitSeconds} seconds.`,
  ];
  return { message: `Run ${printable(name)} on ${printable(plan.target)}?`, detail: detail.join('\n') };
}
