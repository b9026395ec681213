import type { Connection } from 'vscode-languageserver/node';
import type { Program } from '../checks/program.ts';
import type { Engine } from '../engine.ts';
import { planRunRequest, runEvent, runRequest, stopRunNotification, type RunParams } from '../protocol.ts';
import { abortOn, forUser } from './request.ts';

/** Answers `kgent/planRun` and `kgent/run`; `kgent/stopRun` and cancellation ask a run to finish. */
export function registerRun(connection: Connection, engine: Engine, configured: () => Promise<void>): void {
  const running = new Map<string, AbortController>();
  connection.onNotification(stopRunNotification, ({ id }) => running.get(id)?.abort());
  connection.onRequest(planRunRequest, (params) =>
    forUser(async () => {
      await configured();
      return engine.planRun(programOf(params));
    }),
  );
  connection.onRequest(runRequest, (params, token) =>
    forUser(async () => {
      const stop = new AbortController();
      abortOn(token).addEventListener('abort', () => stop.abort());
      running.set(params.id, stop);
      try {
        await configured();
        const emit = (event: Parameters<Parameters<Engine['run']>[2]>[0]): void => void connection.sendNotification(runEvent, { id: params.id, event });
        await engine.run(programOf(params), { unsafe: params.unsafe ?? false, stop: stop.signal }, emit);
      } finally {
        running.delete(params.id);
      }
    }),
  );
}

function programOf({ uri, text, language }: Omit<RunParams, 'id'>): Program {
  return { uri, version: 0, text, language };
}
