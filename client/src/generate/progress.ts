/** The running step in one line, for the progress notification. */
import type { AgentEvent } from '../../../server/src/protocol.ts';
import { plural } from '../../../server/src/base/text.ts';

/** Undefined: the event changes nothing in what is shown. */
export function progressMessage(event: AgentEvent): string | undefined {
  switch (event.event) {
    case 'started':
      return 'searching examples and specs…';
    case 'retrieved':
      return `${plural(event.hits.length, 'example and spec', 'examples and specs')} found, drafting…`;
    case 'drafting':
      return event.attempt === 1 ? 'drafting…' : `attempt ${event.attempt}: repairing…`;
    case 'comprehending':
      return `attempt ${event.attempt}: saying what it must do…`;
    case 'checking':
      return `attempt ${event.attempt}: ${event.check} check…`;
    case 'waiting':
      return `attempt ${event.attempt}: waiting ${Math.max(1, Math.round(event.ms / 1000))} s (${event.reason})`;
    case 'delta':
    case 'drafted':
    case 'comprehended':
    case 'checked':
    case 'feedback':
    case 'cancelled':
    case 'accepted':
    case 'rejected':
      return undefined;
  }
}
