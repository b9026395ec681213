/** Composes all about targets in the sidebar. */
import type { Ctx } from '../ctx.ts';
import { registerTargetCommands } from './commands.ts';
import { TargetStore } from './store.ts';
import { registerTargetView } from './view.ts';

export function registerTargets(ctx: Ctx): TargetStore {
  const store = new TargetStore(ctx);
  registerTargetView(ctx, store);
  registerTargetCommands(ctx, store);
  return store;
}
