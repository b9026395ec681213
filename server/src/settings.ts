import * as z from 'zod';

/**
 * Every setting, declared once. The editor's manifest is tested against this; the terminal reads
 * the same names from the environment (`KGENT_MODEL` for `model.name`, see `settingsFromEnvironment`).
 * API keys are no settings: they live in the editor's secret store or in `KGENT_API_KEY`.
 */
export const settingsSchema = z.object({
  target: z.string().default('local').describe('Target that programs are checked against and run on: `local`, the name of a saved target, an SSH destination such as `user@host`, or `none`: no machine, programs are judged by the kernel that comes with Kgent.'),
  'model.baseUrl': z.string().default('').describe('Base URL of an OpenAI-compatible server, for example `http://localhost:11434/v1`. Empty: the default of the OpenAI client.'),
  'model.name': z.string().default('').describe('Model that drafts programs. Empty: no model; the offline drafter picks a checked example instead.'),
  'model.timeoutSeconds': z.number().min(5).max(3600).default(120).describe('Seconds one answer of the model may take.'),
  'embeddings.model': z.string().default('').describe('Model that compares questions with descriptions of attach points, helpers and examples, on an OpenAI-compatible server: every description and every question is sent there. Empty: nothing is sent, Kgent compares by itself.'),
  'embeddings.baseUrl': z.string().default('').describe('Base URL of the server with the embeddings model. Empty: the one of `#kgent.model.baseUrl#`.'),
  'agent.maxAttempts': z.number().int().min(1).max(20).default(4).describe('Drafts the agent makes at most before it gives up.'),
  'agent.conditions': z.boolean().default(true).describe('Have the model say in conditions what a program it wrote must do, and prove them: a counterexample is sent back to it. One more request for each program that passes the other checks.'),
  'agent.language': z.enum(['bpftrace', 'c']).default('bpftrace').describe('Language of generated programs.'),
  'check.onType': z.boolean().default(true).describe('Run tools while typing. Off: only when a file is opened or saved; mistakes that no tool is needed for are always shown.'),
  'check.timeoutSeconds': z.number().min(1).max(600).default(60).describe('Seconds one tool may take for one check.'),
  'contracts.enabled': z.boolean().default(true).describe('Prove contracts and built-in properties (no division by zero, no use of absent entries, byte order, …) when a file is opened or saved.'),
  'contracts.timeoutMs': z.number().int().min(100).max(600_000).default(2_000).describe('Milliseconds the solver may take for one question; a program has several.'),
  'seahorn.command': z.string().default('').describe('What has SeaHorn, as a command that a shell is started with: `docker run --rm -i --network none seahorn/seahorn-llvm14:nightly`. Empty: the program `sea` of this machine, else of the target.'),
  'seahorn.timeoutSeconds': z.number().int().min(1).max(3600).default(20).describe('Seconds of processor time SeaHorn may take for one question.'),
  'seahorn.events': z.number().int().min(1).max(8).default(5).describe('Events in a row that SeaHorn looks at where maps are shared between them; each more makes it much slower.'),
  'inlayHints.types': z.boolean().default(true).describe('Show inferred types behind variables and maps where they are first assigned.'),
  'inlayHints.contracts': z.boolean().default(true).describe('Show the conditions of the knowledge base that proofs take for granted.'),
  'inlayHints.matches': z.boolean().default(true).describe('Show how many probes a wildcard matches on the target.'),
  'codeLens.enabled': z.boolean().default(true).describe('Show above each probe how to run the program, and how many probes it matches on the target.'),
  'run.limitSeconds': z.number().min(1).max(86400).default(600).describe('Seconds after which a run is ended.'),
  'run.maxLines': z.number().int().min(10).max(1_000_000).default(10_000).describe('Lines of output a run keeps; further lines are counted and dropped.'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Settings as they came from outside; a value that does not fit falls back to its default and is told about. */
export function readSettings(raw: Readonly<Record<string, unknown>>): { settings: Settings; problems: string[] } {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    const parsed = schema.safeParse(raw[name] ?? undefined);
    if (parsed.success) settings[name] = parsed.data;
    else {
      settings[name] = schema.parse(undefined);
      problems.push(`The setting kgent.${name} is not usable (${parsed.error.issues[0]?.message ?? 'invalid'}); its default is used.`);
    }
  }
  return { settings: settings as Settings, problems };
}

/** The editor gives settings nested (`{model: {name: …}}`); here they have dotted names. */
export function flattenSettings(raw: unknown, prefix = ''): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null) return {};
  const entries = Object.entries(raw).flatMap(([key, value]: [string, unknown]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return name in settingsSchema.shape ? [[name, value] as const] : Object.entries(flattenSettings(value, name));
  });
  return Object.fromEntries(entries);
}

/** The terminal's settings: `KGENT_TARGET`, `KGENT_BASE_URL`, `KGENT_MODEL`, `KGENT_EMBEDDINGS_MODEL`, `KGENT_EMBEDDINGS_BASE_URL`, `KGENT_MAX_ATTEMPTS`, `KGENT_CONDITIONS` (`true` or `false`). */
export function settingsFromEnvironment(env: Readonly<Record<string, string | undefined>>): { settings: Settings; problems: string[] } {
  const raw: Record<string, unknown> = {};
  if (env['KGENT_TARGET']) raw['target'] = env['KGENT_TARGET'];
  if (env['KGENT_BASE_URL']) raw['model.baseUrl'] = env['KGENT_BASE_URL'];
  if (env['KGENT_MODEL']) raw['model.name'] = env['KGENT_MODEL'];
  if (env['KGENT_EMBEDDINGS_MODEL']) raw['embeddings.model'] = env['KGENT_EMBEDDINGS_MODEL'];
  if (env['KGENT_EMBEDDINGS_BASE_URL']) raw['embeddings.baseUrl'] = env['KGENT_EMBEDDINGS_BASE_URL'];
  if (env['KGENT_MAX_ATTEMPTS']) raw['agent.maxAttempts'] = Number(env['KGENT_MAX_ATTEMPTS']);
  const conditions = env['KGENT_CONDITIONS'];
  if (conditions) raw['agent.conditions'] = { true: true, false: false }[conditions] ?? conditions;
  if (env['KGENT_SEAHORN']) raw['seahorn.command'] = env['KGENT_SEAHORN'];
  return readSettings(raw);
}
