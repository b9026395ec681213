import * as z from 'zod';

/** What stands in `knowledge/`. Unknown keys are refused: a misspelt one would be lost silently. */

const sentence = z.string().trim().min(1).max(2_000);
const list = z.array(sentence).max(60).default([]);

const argSchema = z.strictObject({
  name: z.string().min(1),
  meaning: sentence,
  /** `bytes`, `ns`, … where it is a quantity. */
  unit: z.string().optional(),
  byteOrder: z.enum(['network', 'host', 'little', 'big']).optional(),
  nullable: z.boolean().optional(),
});

export const specSchema = z.strictObject({
  /** As one would type it in a program. */
  id: z.string().regex(/^\S(.{0,198}\S)?$/, 'must be 1 to 200 characters without blanks at its ends'),
  kind: z.enum(['attach-point', 'helper', 'bpftrace', 'field']),
  proto: z.string().max(2_000),
  summary: sentence,
  meaning: z.string().max(4_000),
  args: z.array(argSchema).max(60).default([]),
  returns: z.string().optional(),
  pre: list,
  post: list,
  /** Everyday words people use for it. */
  words: list,
  /** What to use instead, and when. */
  prefer: sentence.optional(),
  /** Oldest kernel, or bpftrace for what belongs to bpftrace. */
  since: z.string().optional(),
  needs: z.array(z.string()).optional(),
});

export const exampleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'must be kebab-case'),
  description: sentence,
  also: list,
  tags: z.array(z.string().min(1)).max(30).default([]),
  language: z.enum(['bpftrace', 'c']),
  kernel: z.strictObject({
    min: z.string().regex(/^\d+\.\d+/, 'must be a kernel version such as 5.15'),
    needs: z.array(z.string()).default([]),
    checked: z.array(z.string()).default([]),
  }),
  bpftrace: z.strictObject({ min: z.string() }).optional(),
  prints: z.string().default(''),
  notes: z.string().default(''),
});

export type Spec = z.infer<typeof specSchema>;
export type ExampleRecord = z.infer<typeof exampleSchema>;
