/** The explanation, and the way of the fact through the log: each step with its role, which is the legend too. */
import type { LogMark, LogSummary } from '../messages.ts';
import { byId, element, fill } from './dom.ts';
import { ROLES } from './roles.ts';

export class Steps {
  readonly #go: (mark: LogMark) => void;
  readonly #list = byId('steps');
  #marks: readonly LogMark[] = [];
  /** The step one is at; -1 at none. */
  at = -1;

  constructor(go: (mark: LogMark) => void) {
    this.#go = go;
    byId('previous').addEventListener('click', () => this.step(-1));
    byId('next').addEventListener('click', () => this.step(1));
  }

  show({ rejection, marks, truncated }: LogSummary): void {
    this.#marks = marks;
    this.at = -1;
    fill(byId('class'), rejection?.class ?? 'unknown');
    fill(byId('message'), rejection?.message ?? (truncated ? 'The log ends before the verifier says why.' : 'Nothing in this log says why the program was refused.'));
    this.#list.replaceChildren(...marks.map((mark, i) => this.#item(mark, i)));
    drawRuler(marks);
    this.#place();
  }

  get current(): LogMark | undefined {
    return this.#marks[this.at];
  }

  step(by: number): void {
    const { length } = this.#marks;
    if (length === 0) return;
    this.#choose(this.at < 0 ? (by > 0 ? 0 : length - 1) : Math.min(Math.max(0, this.at + by), length - 1));
  }

  /** The cursor went elsewhere. */
  moved(line: number): void {
    this.at = this.#marks.findIndex((mark) => mark.line === line);
    this.#place();
  }

  #choose(index: number): void {
    const mark = this.#marks[index];
    if (!mark) return;
    this.at = index;
    this.#go(mark);
    this.at = index;
    this.#place();
  }

  #place(): void {
    [...this.#list.children].forEach((item, i) => item.classList.toggle('current', i === this.at));
    [...this.#list.querySelectorAll('button')].forEach((button, i) => {
      if (i === this.at) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
    });
  }

  #item(mark: LogMark, index: number): HTMLElement {
    const { sign, name } = ROLES[mark.role];
    const item = element('li', mark.role);
    const button = element('button', 'step');
    button.append(element('span', 'sign', sign), element('span', 'role', name), element('span', 'where', mark.sourceLine === undefined ? '' : String(mark.sourceLine)), element('span', 'note', mark.note));
    button.setAttribute('aria-label', `${name}${mark.sourceLine === undefined ? '' : `, line ${mark.sourceLine}`}: ${mark.note}. ${mark.text}`);
    button.title = mark.text;
    button.addEventListener('click', () => this.#choose(index));
    item.append(button);
    return item;
  }
}

/** Ticks beside the scroll bar, where the steps are in the whole log. */
function drawRuler(marks: readonly LogMark[]): void {
  const ticks = marks.flatMap((mark) => {
    if (mark.line === undefined) return [];
    const tick = element('div', `tick ${mark.role}`);
    tick.dataset['line'] = String(mark.line);
    return [tick];
  });
  fill(byId('ruler'), ...ticks);
}

/** Ticks by the log's length. */
export function placeTicks(lines: number): void {
  for (const tick of byId('ruler').querySelectorAll<HTMLElement>('.tick')) tick.style.top = `${(Number(tick.dataset['line']) / Math.max(1, lines)) * 100}%`;
}
