/** What the verifier knew at the cursor: registers and the stack, in words. */
import type { LogRegister, LogState } from '../messages.ts';
import { byId, element, fill } from './dom.ts';

export function showState(state: LogState | null): readonly string[] {
  const section = byId('state');
  if (!state) {
    fill(section, element('p', 'quiet', 'No instruction stands above this line.'));
    return [];
  }
  const head = element('h2');
  head.append(`Before instruction ${state.instruction}`);
  if (state.frame > 0) head.append(` · called function, frame ${state.frame}`);
  if (state.sourceLine !== undefined) head.append(` · line ${state.sourceLine}`);
  // What the instruction is about comes first.
  const about = (one: LogRegister): number => (one.used ? 0 : one.after === undefined ? 2 : 1);
  const rows = [...state.registers, ...state.stack].sort((a, b) => about(a) - about(b));
  const table = element('table');
  table.append(...rows.map(rowOf));
  fill(section, head, element('code', 'source', state.sourceText), rows.length === 0 ? element('p', 'quiet', 'The log tells nothing of the registers here.') : table);
  return rows.map(({ name, variable, words }) => `${name}${variable === undefined ? '' : ` ${variable}`}: ${words}`);
}

function rowOf({ name, variable, words, printed, after, used }: LogRegister): HTMLElement {
  const row = element('tr', `${used ? 'used' : ''}${after === undefined ? '' : ' set'}`.trim());
  const head = element('th', 'name', name);
  head.scope = 'row';
  if (used) head.title = 'The instruction reads it.';
  const known = element('td', 'words');
  known.append(printed === '' && after !== undefined && !used ? '' : words);
  if (after !== undefined) {
    const then = element('span', 'after', `⇒ ${after}`);
    then.title = 'The instruction makes it this.';
    known.append(' ', then);
  }
  known.title = printed;
  row.append(head, element('td', 'variable', variable ?? ''), known, element('td', 'printed', printed));
  return row;
}
