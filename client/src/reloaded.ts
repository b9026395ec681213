/** A program that is again what is on disk (reloaded, reverted, undone) is checked as one that was saved. */
import { DidSaveTextDocumentNotification, type LanguageClient, type Middleware } from 'vscode-languageclient/node';

export function reloaded(client: () => LanguageClient): Middleware {
  return {
    async didChange(event, next) {
      await next(event);
      const { document } = event;
      if (document.isDirty || document.isUntitled || event.contentChanges.length === 0) return;
      const running = client();
      await running.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: running.code2ProtocolConverter.asTextDocumentIdentifier(document) });
    },
  };
}
