/** The thread that reads logs: one of 50 MB takes seconds, during which the server must answer. */
import { parentPort } from 'node:worker_threads';
import { describeError } from '../../base/error.ts';
import { readLineInfo } from '../../verifier-log/parse/line-info.ts';
import { LogView } from '../../verifier-log/view/view.ts';
import type { FromThread, Opened, Question, ToThread } from './thread-messages.ts';

const pieces = new Map<string, string[]>();
const views = new Map<string, LogView>();

parentPort?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'text':
      pieces.set(message.id, [...(pieces.get(message.id) ?? []), message.piece]);
      break;
    case 'open':
      answer(message.call, () => open(message));
      break;
    case 'ask':
      answer(message.call, () => ask(message.id, message.question));
      break;
    case 'close':
      views.delete(message.id);
      pieces.delete(message.id);
      break;
  }
});

function answer(call: number, work: () => unknown): void {
  let said: FromThread;
  try {
    said = { call, value: work() };
  } catch (error) {
    said = { call, error: describeError(error) };
  }
  parentPort?.postMessage(said);
}

function open({ id, source, object }: Extract<ToThread, { kind: 'open' }>): Opened {
  const text = (pieces.get(id) ?? []).join('');
  pieces.delete(id);
  const lineInfo = object && readLineInfo(object);
  const view = new LogView(text, { source, ...(lineInfo ? { lineInfo } : {}) });
  views.set(id, view);
  const { explanation } = view;
  return {
    lines: view.count,
    truncated: view.truncated,
    ...(explanation ? { rejection: { class: explanation.class, message: explanation.message, complaint: explanation.complaint } } : {}),
    marks: view.marks(),
  };
}

function ask(id: string, question: Question): unknown {
  const view = views.get(id);
  if (!view) throw new Error('The log was closed.');
  switch (question[0]) {
    case 'lines':
      return view.lines(question[1], question[2]);
    case 'state':
      return view.state(question[1]);
    case 'find':
      return view.find(question[1], question[2], question[3]);
    case 'ofSource':
      return view.ofSource(question[1], question[2]);
  }
}
