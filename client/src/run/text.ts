/** What a run prints in its terminal. Text from the host is data: its control characters are shown, not obeyed. */
import { plural, printable } from '../../../server/src/base/text.ts';
import type { RunEnded, RunEvent } from '../../../server/src/protocol.ts';
import { tableOf } from '../../../server/src/base/map-table.ts';

const style = (code: number) => (text: string): string => `\x1b[${code}m${text}\x1b[0m`;
const bold = style(1);
const dim = style(2);
const red = style(31);
const green = style(32);
const yellow = style(33);
const cyan = style(36);

/** A terminal's lines end with CR LF; a lone LF would only move the cursor down. */
function lines(...texts: readonly string[]): string {
  return texts.map((line) => `${line}\r\n`).join('');
}

/** Host text line by line. */
function hostLines(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/).map(printable);
}

/** Probes named in the first line; the question before the run named more. */
const MAX_NAMED = 3;

function attaching(points: readonly string[]): string {
  if (points.length === 0) return '';
  const more = points.length > MAX_NAMED ? ` and ${points.length - MAX_NAMED} more` : '';
  return `; attaching to ${points.slice(0, MAX_NAMED).map(printable).join(', ')}${more}`;
}

/** Turns the events of one run into terminal text; remembers which maps it has shown. */
export class RunText {
  readonly #shown = new Map<string, string>();

  of(event: RunEvent): string {
    switch (event.event) {
      case 'starting':
        return lines(dim(`Running on ${printable(event.target)}${attaching(event.attachPoints)}…`));
      case 'attached':
        return lines(dim(`Attached ${plural(event.probes, 'probe')}. Press Ctrl+C to stop.`), '');
      case 'line':
        return lines(...hostLines(event.text));
      case 'map':
        return this.#map(event.name, event.value);
      case 'warning':
        return lines(...hostLines(event.text).map(yellow));
      case 'ended':
        return this.#ended(event);
    }
  }

  #map(name: string, value: unknown): string {
    this.#shown.set(name, JSON.stringify(value));
    return lines('', bold(cyan(printable(name))), ...tableOf(value));
  }

  /** Maps that were printed on the way with the same content are not repeated. */
  #ended(ended: RunEnded): string {
    const maps = Object.entries(ended.maps).filter(([name, value]) => this.#shown.get(name) !== JSON.stringify(value));
    return maps.map(([name, value]) => this.#map(name, value)).join('') + lines('', summary(ended));
  }
}

const HOW: Readonly<Record<RunEnded['outcome'], (text: string) => string>> = {
  finished: green,
  stopped: green,
  'timed-out': yellow,
  missing: red,
  failed: red,
};

const WORDS: Readonly<Record<RunEnded['outcome'], string>> = {
  finished: 'Finished',
  stopped: 'Stopped',
  'timed-out': 'Ended at its time limit',
  missing: 'Could not run',
  failed: 'Failed',
};

function summary({ outcome, message, exitCode, lines: printed, dropped, maps }: RunEnded): string {
  const count = [plural(printed, 'line'), ...(dropped > 0 ? [`${dropped} of them dropped`] : []), plural(Object.keys(maps).length, 'map')].join(', ');
  const why = message ? `: ${hostLines(message).join('\r\n')}` : exitCode !== undefined && exitCode !== 0 ? ` with exit status ${exitCode}` : '';
  return `${HOW[outcome](WORDS[outcome])}${why} ${dim(`(${count})`)}`;
}

/** The request itself failed. */
export function failureText(message: string): string {
  return lines('', red('Could not run: ') + hostLines(message).join('\r\n'));
}

export const closingHint: string = lines(dim('Press Enter to close this terminal.'));
