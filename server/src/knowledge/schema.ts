import * as z from 'zod';

/** What stands in `knowledge/`. Unknown keys are refused: a misspelt one would be lost silently. */

const sentence = z.string().trim().min(1).max(2_000);
const list = z.array(sentence).max(60).default([]);

const valueKeys = {
  meaning: sentence,
  /** `bytes`, `ns`, `pages`, … where it is a quantity. */
  unit: z.string().optional(),
  byteOrder: z.enum(['network', 'host', 'little', 'big']).optional(),
  nullable: z.boolean().optional(),
  /** `0..65535`. */
  range: z.string().optional(),
  /** What single values mean: `{"2": "AF_INET"}`. */
  values: z.record(z.string().min(1), sentence).optional(),
  /** The values are bits that are combined. */
  flags: z.boolean().optional(),
};

const valueSchema = z.strictObject(valueKeys);
const argSchema = z.strictObject({ name: z.string().min(1), ...valueKeys });

/**
 * What an argument means wherever nothing else is said: one of that type, of that name, or both. `in` narrows it to ids that begin so: the fields
 * of the events of a category.
 */
export const sharedArgumentSchema = z
  .strictObject({ in: z.string().min(1).optional(), type: z.string().min(1).optional(), name: z.string().min(1).optional(), ...valueKeys })
  .refine(({ type, name }) => type !== undefined || name !== undefined, 'needs a type, a name or both');

/** A `topic` is no thing of the kernel but a kind of trouble people have, and where an expert looks then. */
export const SPEC_KINDS = ['attach-point', 'helper', 'kfunc', 'bpftrace', 'field', 'program-type', 'map-type', 'topic'] as const;

export const specSchema = z.strictObject({
  /** As one would type it in a program. */
  id: z.string().regex(/^\S(.{0,198}\S)?$/, 'must be 1 to 200 characters without blanks at its ends'),
  kind: z.enum(SPEC_KINDS),
  proto: z.string().max(2_000),
  summary: sentence,
  meaning: z.string().max(4_000),
  /** Who is `current` when it fires: the cause (`process`), some other thread, or whoever was interrupted. */
  context: z.enum(['process', 'process-other', 'softirq', 'hardirq', 'nmi', 'any']).optional(),
  /** How often it fires on a busy server: below 10, below 10,000, up to 1,000,000 times a second, or more. */
  heat: z.enum(['rare', 'moderate', 'hot', 'extreme']).optional(),
  args: z.array(argSchema).max(60).default([]),
  returns: valueSchema.optional(),
  pre: list,
  post: list,
  caveats: list,
  /** Everyday words people use for it. */
  words: list,
  /** What to use instead, and when. */
  prefer: sentence.optional(),
  /** Ids of what does nearly the same. */
  alternatives: list,
  /** Of a topic: ids of the attach points to look at, the most telling first. */
  points: z.array(sentence).max(30).optional(),
  /** Oldest kernel, or bpftrace for what belongs to bpftrace. */
  since: z.string().optional(),
  until: z.string().optional(),
  needs: z.array(z.string()).optional(),
});

export const exampleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'must be kebab-case'),
  /** A heading for lists of examples. */
  title: z.string().trim().min(1).max(60).optional(),
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
  /** Shell commands that make it print, one a line; they may leave files in the folder they run in. */
  workload: z.array(z.string().max(1_000)).max(40).default([]),
  /** Regular expressions over lines, each of which its output matches after that workload. */
  shows: z.array(z.string().min(1)).max(12).default([]),
  /** The same, for what its output must not have. */
  hides: z.array(z.string().min(1)).max(12).default([]),
});

export type SharedArgument = z.infer<typeof sharedArgumentSchema>;
export type Spec = z.infer<typeof specSchema>;
export type ExampleRecord = z.infer<typeof exampleSchema>;
