/** The model's API key: kept in the editor's secret store, handed to the server when it asks. */
import { apiKeyRequest } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';

const SECRET = 'kgent.model.apiKey';

export function registerApiKey(ctx: Ctx): void {
  const { secrets } = ctx.extension;

  ctx.command('kgent.setApiKey', async () => {
    const key = await ctx.ui.input({
      title: "Kgent: API key of the model's server",
      prompt: 'Kept in the secret store of the editor, never in a file of the workspace.',
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) => (value.trim() === '' ? 'Paste the key, or press Escape.' : undefined),
    });
    if (key === undefined || key.trim() === '') return;
    await secrets.store(SECRET, key.trim());
    ctx.background(ctx.offer('info', 'The API key is stored.', []));
  });

  ctx.command('kgent.forgetApiKey', async () => {
    await secrets.delete(SECRET);
    ctx.background(ctx.offer('info', 'The API key is forgotten.', []));
  });

  ctx.onClient((client) => client.onRequest(apiKeyRequest, async () => (await secrets.get(SECRET)) ?? null));
}
