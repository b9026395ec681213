import * as z from 'zod';
import type { Facts } from '../kernel/facts.ts';

/** What was known of a target when it was last asked. */
export interface Remembered {
  readonly name: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly facts: Facts;
}

const text = z.record(z.string(), z.string());
const tool = z.looseObject({ command: z.string(), text: z.string(), version: z.array(z.number()), stamp: z.string().optional() });

/** What files of an older Kgent may lack decides whether they can be used: then they are as if they were not there. */
const schema = z.object({
  name: z.string(),
  at: z.number(),
  facts: z.looseObject({
    ...{ release: z.string(), arch: z.string(), distribution: z.string(), distributionId: z.string(), distributionLike: z.array(z.string()) },
    ...{ buildId: z.string(), kernelId: z.string(), lockdown: z.enum(['none', 'integrity', 'confidentiality', 'unknown']), config: text, modules: text },
    limits: z.record(z.string(), z.number()),
    user: z.string(),
    root: z.string(),
    ...{ btf: z.boolean(), kprobes: z.boolean(), tracefs: z.boolean(), bpffs: z.boolean(), debugfs: z.boolean() },
    tools: z.record(z.string(), tool),
  }),
});

/** Undefined for what is damaged, or of another Kgent. */
export function readRemembered(json: string): Remembered | undefined {
  try {
    // The names of flags, tools and ways to root are ours; one we no longer know does no harm.
    return schema.parse(JSON.parse(json)) as Remembered;
  } catch {
    return undefined;
  }
}
