import type { AgentEvent } from '../agent/events.ts';
import { plural } from '../base/text.ts';

/** One step of a generation for people; undefined for what needs no line of its own. */
export function stepText(event: AgentEvent): string | undefined {
  switch (event.event) {
    case 'started':
      return `${event.drafter.kind === 'model' ? `Model ${event.drafter.model}` : 'No model configured: the best checked example is retrieved'}, target ${event.target}`;
    case 'retrieved':
      return `Retrieved: ${event.hits.slice(0, 5).map((hit) => hit.id).join(', ') || 'nothing'}`;
    case 'drafting':
      return `Attempt ${event.attempt}: drafting`;
    case 'drafted':
      return event.origin.kind === 'generated' ? `Attempt ${event.attempt}: drafted by ${event.origin.model}` : `Attempt ${event.attempt}: retrieved the example ${event.origin.example} (not generated): ${event.origin.description}`;
    case 'checked':
      return `Attempt ${event.attempt}: ${event.check} ${event.outcome}${event.findings.length > 0 ? `, ${plural(event.findings.length, 'finding')}` : ''}${event.reason === undefined ? '' : ` (${event.reason})`} in ${event.ms} ms`;
    case 'comprehended':
      return `Attempt ${event.attempt}: ${event.conditions.length === 0 ? `no condition that can be used was written${event.why === undefined ? '' : ` (${event.why})`}` : `what it must do:\n${event.conditions.map(({ clause, meaning }) => `    ${clause}  (${meaning})`).join('\n')}`}`;
    case 'feedback':
      return `Attempt ${event.attempt}: fed back:\n${event.text.trimEnd().replaceAll(/^/gm, '    ')}`;
    case 'waiting':
      return `Attempt ${event.attempt}: ${event.reason}; waiting ${event.ms} ms`;
    case 'cancelled':
      return 'Cancelled.';
    case 'comprehending':
    case 'checking':
    case 'delta':
    case 'accepted':
    case 'rejected':
      return undefined;
  }
}
