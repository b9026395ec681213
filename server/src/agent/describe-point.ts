import { UserError } from '../base/error.ts';
import type { Inventory } from '../kernel/inventory.ts';
import { declareFunction } from '../kernel/ctype.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { parametersOf } from '../knowledge/parameters.ts';
import { specSchema, type Spec } from '../knowledge/schema.ts';
import type { ChatModel, Message } from './model/chat.ts';
import { fence, fill } from './prompt.ts';

const MAX_NEIGHBOURS = 3;
const MAX_NAMES = 12;
const MAX_RECORD = 2_000;
const MAX_MEMBERS = 24;

export interface DescribeDeps {
  readonly model: ChatModel;
  /** The text of `prompts/describe.md`. */
  readonly prompt: string;
  readonly knowledge: Knowledge;
  readonly inventory: Inventory;
  readonly signal: AbortSignal;
}

/** The prototype of an attach point as this kernel has it: of a function, or the fields of a tracepoint. Undefined when it has none of that name. */
export function prototypeIn(inventory: Inventory, id: string): string | undefined {
  const [provider = '', first = '', second = ''] = id.split(':');
  if (provider === 'tracepoint') return inventory.probes.has('tracepoint', first, second) ? (inventory.tracepoint(first, second)?.fields ?? []).map(({ typeText, name }) => `${typeText} ${name}`).join('; ') : undefined;
  const known = provider === 'kprobe' && second === '' && inventory.probes.has('kprobe', first) ? inventory.func(first) : undefined;
  return known && declareFunction(known.proto, first);
}

/**
 * Asks the model for the spec of an attach point that nobody described; an answer that is not right is sent back once, with what is wrong.
 * Throws UserError `bad-description` when the second one is not right either.
 */
export async function describePoint(id: string, proto: string, deps: DescribeDeps): Promise<Spec> {
  const messages: Message[] = [{ role: 'user', content: await question(id, proto, deps) }];
  let problems: readonly string[] = [];
  for (let turn = 0; turn < 2; turn++) {
    const reply = await deps.model.chat(messages, deps.signal, () => undefined);
    const judged = judge(reply.text, id, proto);
    if ('spec' in judged) return judged.spec;
    problems = judged.problems;
    messages.push({ role: 'assistant', content: reply.text }, { role: 'user', content: `That cannot be used:\n${fence(problems.join('\n'))}\nAnswer with the whole object again, in one fenced code block.` });
  }
  throw new UserError('bad-description', `${deps.model.name} did not describe ${id} in a way that can be used: ${problems.join('; ')}`);
}

async function question(id: string, proto: string, { prompt, knowledge, inventory }: DescribeDeps): Promise<string> {
  const point = `${id}\n${proto === '' ? '(no fields)' : proto}`;
  return fill(prompt, { point: fence(point), types: fence(typesOf(proto, inventory) || 'Nothing further is known.', 'c'), neighbours: fence(await neighbours(id, knowledge, inventory)) });
}

/** The first members of the structs that it is given. */
function typesOf(proto: string, { types }: Inventory): string {
  const names = new Set(parametersOf(proto).flatMap(({ type }) => /\bstruct (\w+) \*/.exec(type)?.[1] ?? []));
  return [...names].flatMap((name) => {
    const members = types.struct(name)?.fields() ?? [];
    return members.length === 0 ? [] : [`struct ${name} { ${members.slice(0, MAX_MEMBERS).map((member) => member.name).filter((member) => member !== '').join(', ')} … }`];
  }).join('\n');
}

/** Described ones near to it by their words, and the names of its kernel that begin as its own. */
async function neighbours(id: string, knowledge: Knowledge, { probes }: Inventory): Promise<string> {
  const name = id.replace(/^\w+:/, '').replaceAll(/[_:]+/g, ' ');
  const hits = await knowledge.search(name, { k: MAX_NEIGHBOURS * 4, kinds: ['attach-point'] });
  const records = hits.flatMap((hit) => knowledge.spec(hit.id) ?? []).slice(0, MAX_NEIGHBOURS).map((spec) => JSON.stringify(spec).slice(0, MAX_RECORD));
  const own = id.slice(id.indexOf(':') + 1);
  const same = id.startsWith('kprobe:') ? probes.matches('kprobe', [`${own.split('_').slice(0, 2).join('_')}*`], MAX_NAMES) : probes.matches('tracepoint', [own.split(':')[0] ?? '', '*'], MAX_NAMES);
  return [...records, same.filter((other) => other !== id).join(' ')].join('\n');
}

/** What a record must be, beyond its shape. */
function judge(reply: string, id: string, proto: string): { readonly spec: Spec } | { readonly problems: readonly string[] } {
  const raw = objectIn(reply);
  if (!raw) return { problems: ['There is no JSON object in the answer.'] };
  // What the kernel says is not the model's to say.
  const parsed = specSchema.safeParse({ ...raw, id, kind: 'attach-point', proto });
  if (!parsed.success) return { problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).slice(0, 12) };
  const problems = lint(parsed.data, proto);
  return problems.length === 0 ? { spec: parsed.data } : { problems };
}

function objectIn(reply: string): Readonly<Record<string, unknown>> | undefined {
  const block = /```(?:json)?\s*\n([^]*?)\n\s*```/.exec(reply)?.[1] ?? reply.slice(reply.indexOf('{'), reply.lastIndexOf('}') + 1);
  try {
    const value: unknown = JSON.parse(block);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const MAX_SUMMARY = 140;
const MIN_MEANING_WORDS = 12;
const PLACEHOLDER = /\b(?:todo|tbd|placeholder|lorem ipsum|not sure|unknown purpose|as an ai)\b|\.\.\.$|<[a-z ]+>/i;
const ONLY_NOT_NULL = /^\s*\w+\s*!=\s*(?:NULL|0)\s*$/;

function lint({ summary, meaning, args, words, pre, post }: Spec, proto: string): string[] {
  const names = parametersOf(proto).map(({ name }) => name).filter((name) => name !== '');
  const described = new Set(args.map(({ name }) => name));
  const texts = [summary, meaning, ...args.map((arg) => arg.meaning)];
  return [
    ...(summary.length > MAX_SUMMARY ? [`summary: longer than ${MAX_SUMMARY} characters`] : []),
    ...(meaning.split(/\s+/).length < MIN_MEANING_WORDS ? [`meaning: fewer than ${MIN_MEANING_WORDS} words`] : []),
    ...texts.filter((text) => PLACEHOLDER.test(text)).map((text) => `'${text.slice(0, 60)}' says nothing`),
    ...names.filter((name) => !described.has(name)).map((name) => `args: ${name} is not described`),
    ...args.filter(({ name }) => !names.includes(name)).map(({ name }) => `args: there is no ${name}`),
    ...(words.length === 0 ? ['words: everyday phrases are missing'] : []),
    ...[...pre, ...post].filter((condition) => ONLY_NOT_NULL.test(condition)).map((condition) => `'${condition}' says too little for a condition`),
  ];
}
