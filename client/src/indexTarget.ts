/** "Kgent: Build index for target": has the server index what only the current target's kernel has. */
import { randomUUID } from 'node:crypto';
import { printable } from '../../server/src/base/text.ts';
import { indexProgressNotification, indexTargetRequest } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';
import { whileWaiting } from './targets/progress.ts';

export function registerIndexTarget(ctx: Ctx): void {
  ctx.command('kgent.indexTarget', async () => {
    try {
      await indexTarget(ctx);
    } catch (error) {
      await ctx.fail(error);
    }
  });
}

async function indexTarget(ctx: Ctx): Promise<void> {
  const client = await ctx.client();
  const id = randomUUID();
  const indexed = await whileWaiting('Kgent: indexing the target', async (token, bar) => {
    let shown = 0;
    const listening = client.onNotification(indexProgressNotification, (progress) => {
      if (progress.id !== id) return;
      const percent = progress.percent ?? shown;
      // A new step begins anew, and the bar only goes forward.
      bar.report({ message: progress.percent === undefined ? progress.step : `${progress.step}, ${percent} %`, increment: Math.max(0, percent - shown) });
      shown = Math.max(shown, percent);
    });
    try {
      return await client.sendRequest(indexTargetRequest, { id }, token);
    } finally {
      listening.dispose();
    }
  });
  if (!indexed) return;
  const { built, items, inventory, messages } = indexed;
  const how = built ? 'Indexed' : 'The index is up to date:';
  await ctx.offer(messages.length > 0 ? 'warning' : 'info', [`${how} ${items} attach points that only ${printable(inventory)} has.`, ...messages.map(printable)].join(' '), []);
}
