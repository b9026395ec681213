import type { Connection } from 'vscode-languageserver/node';
import type { ClientFeatures } from './client.ts';

/** Asks the editor to ask again: the target, or a setting that answers depend on, changed. */
export function refreshEditor(connection: Connection, { refresh }: ClientFeatures): void {
  const asked = [
    ...(refresh.hints ? [connection.languages.inlayHint.refresh()] : []),
    ...(refresh.lenses ? [connection.sendRequest('workspace/codeLens/refresh')] : []),
    ...(refresh.tokens ? [connection.languages.semanticTokens.refresh()] : []),
  ];
  // An editor that is closing does not answer, and nothing depends on it.
  void Promise.allSettled(asked);
}
