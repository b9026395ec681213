import * as z from 'zod';

/** A condition a model wrote of a program. */
export interface Condition {
  /** 1-based line of the program before which it stands. */
  readonly line: number;
  /** `assert $x > 0`. */
  readonly clause: string;
  /** For people. */
  readonly meaning: string;
}

/** More say the same again, and each takes its time to be proved. */
const MAX_CONDITIONS = 12;
const MAX_CLAUSE = 400;

const schema = z.array(z.object({
  line: z.int().min(1),
  clause: z.string().trim().min(1).max(MAX_CLAUSE),
  meaning: z.string().trim().min(1).max(MAX_CLAUSE),
})).min(1).max(MAX_CONDITIONS);

/** The conditions in a model's reply: a JSON array, fenced or not. Never throws. */
export function conditionsIn(reply: string): { readonly conditions: readonly Condition[] } | { readonly problem: string; /** There is no list at all. */ readonly none?: true } {
  const block = /```(?:json)?\s*\n([^]*?)\n\s*```/.exec(reply)?.[1] ?? reply.slice(reply.indexOf('['), reply.lastIndexOf(']') + 1);
  let value: unknown;
  try {
    value = JSON.parse(block);
  } catch {
    return { problem: 'There is no JSON array in the answer.', ...(!/\[\s*\{/.test(block) && { none: true }) };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { problem: parsed.error.issues.slice(0, 6).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
  return { conditions: parsed.data.map((condition) => ({ ...condition, clause: oneLine(condition.clause) })) };
}

/** Models write the comment's mark as well, and break long lines. */
function oneLine(clause: string): string {
  return clause.replace(/^\/\/@?\s*/, '').replace(/\s+/g, ' ').replace(/;$/, '');
}

/** The same lines without the conditions among them: with others it is the same program. */
export function withoutClauses(text: string): string {
  return text.replace(/^[^\S\n]*\/\/@.*$/gm, '');
}

/** A program with its conditions as comments, and where each of them went. */
export interface Annotated {
  readonly text: string;
  /** 0-based lines in `text`, in the order of the conditions. */
  readonly lines: readonly number[];
}

/** Puts each condition on a line of its own, indented as the line it stands before. A line behind the end counts as the last one. */
export function annotate(text: string, conditions: readonly Condition[]): Annotated {
  const lines = text.split('\n');
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const places = conditions.map(({ line }, index) => ({ index, before: Math.min(line, Math.max(last, 1)) - 1 })).toSorted((a, b) => a.before - b.before || a.index - b.index);
  const out: string[] = [];
  const where: number[] = conditions.map(() => 0);
  let next = 0;
  for (const [at, line] of lines.entries()) {
    for (; places[next]?.before === at; next++) {
      const { index = 0 } = places[next] ?? {};
      where[index] = out.length;
      out.push(`${/^\s*/.exec(line)?.[0] ?? ''}//@ ${conditions[index]?.clause ?? ''}`);
    }
    out.push(line);
  }
  return { text: out.join('\n'), lines: where };
}

/** A program as it is shown to a model that answers with lines of it. */
export function numbered(text: string): string {
  const lines = text.trimEnd().split('\n');
  const width = String(lines.length).length;
  return lines.map((line, i) => `${String(i + 1).padStart(width)} | ${line}`).join('\n');
}
