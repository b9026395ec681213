import type { Connection } from 'vscode-languageserver/node';
import type { Engine } from '../engine.ts';
import { generateEvent, generateRequest } from '../protocol.ts';
import { abortOn, forUser } from './request.ts';

/** Answers `kgent/generate`: streams the agent's events until the last one. */
export function registerGenerate(connection: Connection, engine: Engine, configured: () => Promise<void>): void {
  connection.onRequest(generateRequest, (params, token) =>
    forUser(async () => {
      await configured();
      await engine.author.generate(params, (event) => void connection.sendNotification(generateEvent, { id: params.id, event }), abortOn(token));
    }),
  );
}
