/** The page of the verifier's log: what comes from the panel is shown, what a person does is told to it. */
import type { FromPage, LogSummary, ToPage } from '../messages.ts';
import { byId, element } from './dom.ts';
import { LogList } from './list.ts';
import { showState } from './state.ts';
import { placeTicks, Steps } from './steps.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const editor = acquireVsCodeApi();
const tell = (message: FromPage): void => editor.postMessage(message);

let log: LogSummary | undefined;
let registers: readonly string[] = [];
/** The state that was asked for and did not come yet, and whether the editor shall show its line. */
let asked: { readonly line: number; readonly reveal: boolean } | undefined;
let wanted: { readonly line: number; readonly reveal: boolean; readonly focus: boolean } | undefined;

const find = byId<HTMLInputElement>('find');
const box = byId('log');
const list = new LogList({
  need: (from, count) => log && tell({ kind: 'lines', id: log.id, from, count }),
  chosen: (line, how) => move(line, true, how === 'open'),
  rendered: report,
});
const steps = new Steps((mark) => {
  if (mark.line !== undefined) move(mark.line, true);
  else if (mark.sourceLine !== undefined) tell({ kind: 'reveal', sourceLine: mark.sourceLine, focus: false });
});

/** Puts the cursor on a line; the source follows when a person moved it here. */
function move(line: number, reveal: boolean, focus = false): void {
  if (!log) return;
  list.go(line);
  steps.moved(list.cursor);
  showPlace();
  wanted = { line: list.cursor, reveal, focus };
  if (focus) asked = undefined;
  askState();
}

/** One question at a time: of those that came up meanwhile only the last is asked. */
function askState(): void {
  if (!log || !wanted || asked) return;
  asked = wanted;
  tell({ kind: 'state', id: log.id, line: wanted.line });
}

function showPlace(): void {
  byId('place').textContent = `${(list.cursor + 1).toLocaleString('en')} / ${list.count.toLocaleString('en')}`;
}

function onState(message: Extract<ToPage, { kind: 'state' }>): void {
  const answered = wanted?.line === message.line ? wanted : undefined;
  asked = undefined;
  if (!answered) return askState();
  wanted = undefined;
  registers = showState(message.state);
  if (message.state?.sourceLine !== undefined) {
    if (answered.reveal) tell({ kind: 'reveal', sourceLine: message.state.sourceLine, focus: answered.focus });
    list.sourceLine = message.state.sourceLine;
    list.draw();
  }
  report();
}

/** But for what it is called by, and of which version of the program it is. */
function sameLog(a: LogSummary, b: LogSummary): boolean {
  const content = (one: LogSummary): string => JSON.stringify({ ...one, id: '', version: 0 });
  return content(a) === content(b);
}

function show({ log: shown, stale }: Extract<ToPage, { kind: 'show' }>): void {
  const again = log !== undefined && sameLog(log, shown);
  log = shown;
  asked = undefined;
  document.body.classList.remove('empty');
  byId('none').hidden = true;
  byId('stale').hidden = !stale;
  // Loaded again, and refused in the same way: one reads on where one is. What was asked by its former name comes no more.
  if (again) {
    list.askAgain();
    return askState();
  }
  wanted = undefined;
  const program = byId<HTMLSelectElement>('program');
  program.hidden = shown.programs.length < 2;
  program.replaceChildren(...shown.programs.map((name, i) => Object.assign(element('option', '', name || 'the whole object'), { value: String(i), selected: i === shown.chosen })));
  list.reset(shown.lines, new Map(shown.marks.flatMap((mark) => (mark.line === undefined ? [] : [[mark.line, mark] as const]))));
  steps.show(shown);
  placeTicks(shown.lines);
  byId('found').textContent = '';
  // The editor's cursor stays where a person works: nobody moved here yet.
  move(shown.marks.findLast(({ line }) => line !== undefined)?.line ?? shown.lines - 1, false);
}

function search(backwards: boolean): void {
  list.words = find.value;
  list.draw();
  if (!log || find.value === '') return void (byId('found').textContent = '');
  tell({ kind: 'find', id: log.id, words: find.value, from: list.cursor, backwards });
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.kind) {
    case 'show':
      return show(data);
    case 'none':
      log = undefined;
      document.body.classList.add('empty');
      byId('none').hidden = false;
      byId('none').textContent = data.message;
      return;
    case 'lines':
      if (data.id === log?.id) list.add(data.from, data.lines);
      return;
    case 'state':
      if (data.id === log?.id) onState(data);
      return;
    case 'found':
      byId('found').textContent = data.found ? `${data.found.nth} of ${data.found.total}` : 'nothing found';
      if (data.found) move(data.found.line, true);
      return;
    case 'go':
      return move(data.line, false);
    case 'stale':
      byId('stale').hidden = false;
      return;
    case 'source':
      list.sourceLine = data.line;
      return list.draw();
    case 'step':
      return steps.step(data.by);
  }
});

const KEYS: Readonly<Record<string, () => void>> = {
  ArrowDown: () => move(list.cursor + 1, true),
  j: () => move(list.cursor + 1, true),
  ArrowUp: () => move(list.cursor - 1, true),
  k: () => move(list.cursor - 1, true),
  PageDown: () => move(list.cursor + Math.floor(list.visible) - 1, true),
  PageUp: () => move(list.cursor - Math.floor(list.visible) + 1, true),
  Home: () => move(0, true),
  End: () => move(list.count - 1, true),
  Enter: () => move(list.cursor, true, true),
  n: () => steps.step(1),
  p: () => steps.step(-1),
  '/': () => find.focus(),
};

window.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
    find.focus();
    find.select();
    return event.preventDefault();
  }
  if (event.key === 'F3') {
    search(event.shiftKey);
    return event.preventDefault();
  }
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return;
  // Buttons have keys of their own.
  if (event.target instanceof HTMLButtonElement && event.key === 'Enter') return;
  const act = KEYS[event.key];
  if (!act) return;
  act();
  event.preventDefault();
});

find.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') search(event.shiftKey);
  if (event.key !== 'Escape') return;
  find.value = '';
  search(false);
  box.focus();
});
find.addEventListener('search', () => find.value === '' && search(false));
byId<HTMLSelectElement>('program').addEventListener('change', ({ target }) => tell({ kind: 'program', program: Number((target as HTMLSelectElement).value) }));

function report(): void {
  if (!log) return;
  const marked = [...list.drawn].flatMap((row) => (row.classList.contains('marked') ? [row.className.split(' ').at(row.className.split(' ').indexOf('marked') + 1) ?? ''] : []));
  tell({ kind: 'showing', showing: { log: log.id, line: list.cursor, rows: list.drawn.length, lines: list.count, registers, marked, ...(steps.current ? { step: steps.current.role } : {}) } });
}

tell({ kind: 'ready' });
