import type { Span } from '../../../base/span.ts';
import { nearest } from '../../../base/near.ts';
import type { Problem } from '../../../language/bpftrace/problem.ts';
import type { TypeRef } from '../../../language/bpftrace/syntax/ast.ts';
import { KEYWORDS, type Expr, type Keyword, type Language, type Subject } from '../ast.ts';
import { findClauses, type ClauseText } from '../clauses.ts';
import { tokenize, type Token } from '../tokens.ts';
import { complain, peek, type Cursor } from './cursor.ts';
import { expression } from './expression.ts';
import { subject } from './subject.ts';
import { typeRef } from './types.ts';

/** A clause as it was read. Half-typed ones are clauses too; their expressions have nodes of kind `missing`. */
export interface Clause extends ClauseText {
  /** Of an invariant. */
  readonly subject?: Subject;
  readonly expr: Expr;
  /** `// why` behind the condition, one of each line. */
  readonly remarks: readonly Span[];
  /** What is wrong with its text. */
  readonly problems: readonly Problem[];
}

/** Longer ones are not read: no person wrote them. */
const MAX_TOKENS = 1_000;

/** The clauses in a text's comments. Linear; never throws. */
export function readClauses(text: string, comments: readonly Span[], language: Language): Clause[] {
  return findClauses(text, comments).map((clause) => readClause(text, clause, language));
}

function readClause(text: string, clause: ClauseText, language: Language): Clause {
  const { tokens, remarks } = tokenize(text, clause.body, MAX_TOKENS + 1);
  const c = cursorOver(tokens, clause.body[0]?.start ?? clause.end, language);
  if (clause.keyword === undefined) noKeyword(c, text, clause);
  const of = clause.keyword === 'invariant' ? subject(c) : undefined;
  const expr = expression(c);
  atEnd(c);
  return { ...clause, ...(of && { subject: of }), expr, remarks, problems: c.problems };
}

/** The condition of a clause on one line, without its remarks: for messages and lists. */
export function conditionText({ subject, expr, body }: Clause, text: string): string {
  const whole = { start: subject?.start ?? expr.start, end: expr.end };
  return body.flatMap(({ start, end }) => {
    const { tokens } = tokenize(text, [{ start: Math.max(start, whole.start), end: Math.min(end, whole.end) }]);
    const [first, last] = [tokens[0], tokens.at(-1)];
    return first && last ? [text.slice(first.start, last.end)] : [];
  }).join(' ');
}

/** A condition by itself, as specs have them; `spans` are the parts of the text it stands in. */
export function readExpression(text: string, language: Language, spans: readonly Span[] = [{ start: 0, end: text.length }]): { readonly expr: Expr; readonly problems: readonly Problem[] } {
  const c = cursorOver(tokenize(text, spans, MAX_TOKENS + 1).tokens, spans[0]?.start ?? 0, language);
  const expr = expression(c);
  atEnd(c);
  return { expr, problems: c.problems };
}

function cursorOver(all: readonly Token[], start: number, language: Language): Cursor {
  const c: Cursor = { language, tokens: all.slice(0, MAX_TOKENS), start, problems: [], at: 0, depth: 0, confused: false };
  const behind = all[MAX_TOKENS];
  if (behind) complain(c, behind, `A contract of more than ${MAX_TOKENS} words and signs is not read. Split it into several.`, { code: 'contract-too-long' });
  return c;
}

const FORMS: Readonly<Record<Keyword, string>> = {
  assume: 'what is taken for granted from here on', assert: 'what holds here', requires: 'what holds when the probe is entered', ensures: 'what holds when it is left', invariant: 'what holds for every entry of a map',
};

function noKeyword(c: Cursor, text: string, { word, lines }: ClauseText): void {
  const written = text.slice(word.start, word.end);
  const near = nearest(written, KEYWORDS)[0];
  const at = word.end > word.start ? word : (lines[0] ?? word);
  const repair = near === undefined ? undefined : { title: `Replace with ${near}`, sure: false, edits: [{ span: { start: word.start, end: word.end }, newText: near }] };
  const hint = near === undefined ? ` Begin with ${KEYWORDS.map((k) => `${k} (${FORMS[k]})`).join(', ')}.` : ` Did you mean ${near}?`;
  complain(c, at, `${written === '' ? 'This contract is empty.' : `${written} begins no contract, and no line above goes on here.`}${hint}`, { code: 'unknown-contract', ...(repair && { repair }) });
}

/** What other languages write. */
const WRITTEN: ReadonlyMap<string, string> = new Map([['and', '&&'], ['or', '||'], ['implies', '==>'], ['=>', '==>']]);

/** Reports what stands behind the condition. */
function atEnd(c: Cursor): void {
  const token = peek(c);
  if (!token) return;
  const { text } = token;
  const replace = (newText: string, title = `Replace with ${newText}`): { title: string; sure: false; edits: { span: Span; newText: string }[] } => ({ title, sure: false, edits: [{ span: { start: token.start, end: token.end }, newText }] });
  const instead = WRITTEN.get(text);
  if (text === ';' && c.at === c.tokens.length - 1) return complain(c, token, 'A contract ends with its line: leave the ; out.', { severity: 'warning', repair: replace('', 'Remove the ;') });
  if (text === '=') return complain(c, token, 'A contract assigns nothing: == compares.', { repair: replace('==') });
  if (instead !== undefined) return complain(c, token, `${text} is written ${instead} here.`, { repair: replace(instead) });
  if (/^(?:\+\+|--|[-+*/%&|^]=|<<=|>>=)$/.test(text)) return complain(c, token, `A contract changes nothing: ${text} cannot stand in it.`);
  const near = token.kind === 'word' ? [text, ...nearest(text, KEYWORDS)].find((word) => KEYWORDS.some((k) => k === word)) : undefined;
  const hint = near === undefined ? '' : ` A new contract begins on a line of its own with //@ ${near}.`;
  const what = c.tokens[c.at - 1];
  complain(c, token, what ? `An operator is missing between ${what.text} and ${text}.${hint}` : `${text} cannot stand here.${hint}`);
}

/** A type as a declaration writes it, without the name: `const struct sock *`. Undefined for what is no plain type. */
export function readType(text: string): TypeRef | undefined {
  const c = cursorOver(tokenize(text, [{ start: 0, end: text.length }]).tokens, 0, 'c');
  const type = typeRef(c);
  return c.problems.length === 0 && c.at === c.tokens.length ? type : undefined;
}
