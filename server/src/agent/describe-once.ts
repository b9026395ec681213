import { describeError, UserError } from '../base/error.ts';
import type { WrittenSpecs } from '../knowledge/index/written.ts';
import { describePoint, prototypeIn, type DescribeDeps } from './describe-point.ts';

/** What became of an attach point that was to be described. */
export interface DescribedPoint {
  readonly id: string;
  /** `known`: it was described before; `failed`: see `message`. */
  readonly state: 'written' | 'known' | 'failed';
  /** The model that wrote it; absent for what comes with Kgent. */
  readonly model?: string;
  readonly summary?: string;
  readonly message?: string;
}

/** Describes an attach point unless somebody or some model did. What is wrong with one is told and does not keep others from being described. */
export async function describeOnce(id: string, deps: DescribeDeps, written: WrittenSpecs): Promise<DescribedPoint> {
  const summary = deps.knowledge.spec(id)?.['summary'];
  const proto = prototypeIn(deps.inventory, id);
  if (proto === undefined) return { id, state: 'failed', message: `${deps.inventory.label} has no ${id}. Name functions as kprobe:NAME and tracepoints as tracepoint:CATEGORY:EVENT.` };
  const before = await written.of({ id, proto });
  if (before) return { id, state: 'known', model: before.model, summary: before.spec.summary };
  if (typeof summary === 'string') return { id, state: 'known', summary };
  try {
    const spec = await describePoint(id, proto, deps);
    await written.keep({ spec, model: deps.model.name, at: Date.now() });
    return { id, state: 'written', model: deps.model.name, summary: spec.summary };
  } catch (error) {
    deps.signal.throwIfAborted();
    // Without the model none of the others can be described either.
    if (!(error instanceof UserError && error.code === 'bad-description')) throw error;
    return { id, state: 'failed', message: describeError(error) };
  }
}
