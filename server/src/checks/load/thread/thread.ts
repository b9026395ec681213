/** The thread that reads logs: one of 50 MB takes seconds, during which the server must answer. */
import { parentPort } from 'node:worker_threads';
import { describeError } from '../../../base/error.ts';
import { explainText, type ExplainContext, type Explanation } from '../../../verifier-log/explain/explain.ts';
import { readLineInfo } from '../../../verifier-log/parse/line-info.ts';
import { LogView } from '../../../verifier-log/view/view.ts';
import type { FromThread, Opened, Question, ToThread } from './messages.ts';

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
    case 'explain':
      answer(message.call, () => explain(message));
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

function explain(message: Extract<ToThread, { kind: 'explain' }>): readonly Explanation[] {
  return explainText(taken(message.id), contextOf(message));
}

/** The text that was handed over. */
function taken(id: string): string {
  const text = (pieces.get(id) ?? []).join('');
  pieces.delete(id);
  return text;
}

function contextOf({ source, object }: { readonly source?: string; readonly object?: Uint8Array }): ExplainContext {
  const lineInfo = object && readLineInfo(object);
  return { ...(source === undefined ? {} : { source }), ...(lineInfo ? { lineInfo } : {}) };
}

function open(message: Extract<ToThread, { kind: 'open' }>): Opened {
  const { id } = message;
  const view = new LogView(taken(id), contextOf(message));
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
