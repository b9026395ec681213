import { printable } from '../base/text.ts';
import type { RunEvent } from '../run/events.ts';
import { tableOf } from '../base/map-table.ts';
import { EXIT } from './command.ts';

/** A run for people; undefined for what needs no line. */
export function runText(event: RunEvent): { out?: string; err?: string } {
  switch (event.event) {
    case 'starting':
      return { err: `Starting on ${event.target}: ${event.attachPoints.join(', ')}` };
    case 'attached':
      return { err: `Attached ${event.probes} probes.` };
    case 'line':
      return { out: printable(event.text) };
    case 'map':
      return { out: [`${printable(event.name)}:`, ...tableOf(event.value).map((line) => `  ${line}`)].join('\n') };
    case 'warning':
      return { err: printable(`Warning: ${event.text}`) };
    case 'ended':
      return { err: printable(`Ended: ${event.outcome}${event.message ? `. ${event.message}` : ''} (${event.lines} lines${event.dropped ? `, ${event.dropped} dropped` : ''})`) };
  }
}

export function exitOfRun(outcome: Extract<RunEvent, { event: 'ended' }>['outcome']): number {
  if (outcome === 'missing') return EXIT.couldNotRun;
  if (outcome === 'timed-out') return EXIT.timedOut;
  return outcome === 'failed' ? EXIT.found : EXIT.fine;
}
