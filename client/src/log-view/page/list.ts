/** The log as a list of which only the visible rows exist. Lines come in pages when they are needed. */
import type { LogLine, LogMark } from '../messages.ts';
import { byId } from './dom.ts';
import { rowOf } from './row.ts';

/** Lines asked for at once, and pages kept. */
const PAGE = 200;
const KEPT_PAGES = 60;
/** Browsers lay nothing out beyond some millions of points; a longer list is scrolled in larger steps. */
const MAX_HEIGHT = 8_000_000;
const LINE_HEIGHT = 1.5;

export interface ListHost {
  /** Asks for lines; they come through `add`. */
  need(from: number, count: number): void;
  /** A person chose a line. */
  chosen(line: number, how: 'click' | 'key' | 'open'): void;
  rendered(): void;
}

export class LogList {
  readonly #host: ListHost;
  readonly #box = byId('log');
  readonly #space = byId('space');
  readonly #rows = byId('rows');
  readonly #pages = new Map<number, readonly LogLine[]>();
  readonly #asked = new Set<number>();
  #marks: ReadonlyMap<number, LogMark> = new Map();
  #row = 20;
  /** Line at the top, with a fraction. */
  #top = 0;
  #scheduled = false;
  /** The cursor was on the screen when last drawn: it stays there when the room becomes smaller. */
  #sees = true;
  #height = 0;
  count = 0;
  cursor = 0;
  sourceLine: number | undefined;
  words = '';

  constructor(host: ListHost) {
    this.#host = host;
    this.#box.addEventListener('scroll', () => this.#scrolled());
    this.#box.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#rows.addEventListener('click', (event) => this.#click(event, 'click'));
    this.#rows.addEventListener('dblclick', (event) => this.#click(event, 'open'));
    new ResizeObserver(() => this.#resize()).observe(this.#box);
  }

  reset(count: number, marks: ReadonlyMap<number, LogMark>): void {
    this.#pages.clear();
    this.#asked.clear();
    this.#marks = marks;
    this.count = count;
    this.cursor = this.#top = 0;
    this.#resize();
  }

  /** Lines that were asked for and did not come shall be asked for anew. */
  askAgain(): void {
    this.#asked.clear();
    this.draw();
  }

  add(from: number, lines: readonly LogLine[]): void {
    const page = Math.floor(from / PAGE);
    this.#asked.delete(page);
    this.#pages.set(page, lines);
    for (const old of this.#pages.keys()) if (this.#pages.size > KEPT_PAGES) this.#pages.delete(old);
    this.draw();
  }

  /** Moves the cursor and shows it, with lines around it. */
  go(line: number): void {
    this.cursor = Math.min(Math.max(0, line), Math.max(0, this.count - 1));
    const visible = this.visible;
    if (this.cursor < this.#top + 1) this.#scrollTo(this.cursor - (this.cursor < this.#top - visible ? visible / 2 : 1));
    else if (this.cursor > this.#top + visible - 2) this.#scrollTo(this.cursor - (this.cursor > this.#top + 2 * visible ? visible / 2 : visible - 2));
    this.draw();
  }

  /** Lines that fit. */
  get visible(): number {
    return Math.max(1, this.#box.clientHeight / this.#row);
  }

  get drawn(): HTMLCollection {
    return this.#rows.children;
  }

  draw(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const first = Math.max(0, Math.floor(this.#top));
    const last = Math.min(this.count, Math.ceil(this.#top + this.visible) + 1);
    const rows: HTMLElement[] = [];
    for (let line = first; line < last; line++) {
      rows.push(rowOf(this.#line(line), { line, lines: this.count, current: line === this.cursor, mark: this.#marks.get(line), sourceLine: this.sourceLine, words: this.words }));
    }
    this.#rows.replaceChildren(...rows);
    this.#rows.style.transform = `translateY(${this.#box.scrollTop - (this.#top - first) * this.#row}px)`;
    this.#box.setAttribute('aria-activedescendant', `line-${this.cursor}`);
    // A frame draws before it tells of new sizes: what was seen is what counts then.
    if (this.#box.clientHeight === this.#height) this.#sees = this.cursor >= first && this.cursor < last;
    this.#host.rendered();
  }

  #line(line: number): LogLine | undefined {
    const page = Math.floor(line / PAGE);
    const lines = this.#pages.get(page);
    if (!lines && !this.#asked.has(page)) {
      this.#asked.add(page);
      this.#host.need(page * PAGE, PAGE);
    }
    return lines?.[line % PAGE];
  }

  #resize(): void {
    this.#height = this.#box.clientHeight;
    this.#row = Math.round(parseFloat(getComputedStyle(this.#box).fontSize) * LINE_HEIGHT);
    this.#rows.style.lineHeight = `${this.#row}px`;
    this.#space.style.height = `${Math.min(MAX_HEIGHT, this.count * this.#row)}px`;
    if (this.#sees) this.go(this.cursor);
    this.#scrollTo(this.#top);
    this.draw();
  }

  /** Points of the scroll bar a line takes. */
  get #step(): number {
    const lines = this.count - this.visible;
    return lines <= 0 ? this.#row : (Math.min(MAX_HEIGHT, this.count * this.#row) - this.#box.clientHeight) / lines;
  }

  #scrollTo(top: number): void {
    this.#top = Math.min(Math.max(0, top), Math.max(0, this.count - this.visible));
    this.#box.scrollTop = this.#top * this.#step;
  }

  #scrolled(): void {
    const top = this.#box.scrollTop / this.#step;
    // A scroll bar's point may be several lines: what was set exactly stays.
    if (Math.abs(top - this.#top) * this.#step >= 1) this.#top = top;
    this.draw();
  }

  #wheel(event: WheelEvent): void {
    if (this.#step >= this.#row || event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / this.#row;
    this.#scrollTo(this.#top + lines);
    this.draw();
  }

  #click(event: MouseEvent, how: 'click' | 'open'): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
    if (row) this.#host.chosen(Number(row.dataset['line']), how);
  }
}
