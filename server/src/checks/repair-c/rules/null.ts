import { all, around, calls, childIn, find, isStatement, rootOf, withoutParentheses, type CNode, type CSource } from '../c-source.ts';
import { after, before, candidate, inBlock, instead, replace, statementOf, type Candidate } from '../edit.ts';
import { bailOut, waysOut } from '../leave.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';

type S = RepairSituation<NeedOf<'non-null'>>;

/** A check for NULL behind the call that may give it, or before the use. */
export const nullCheck: RepairRule<NeedOf<'non-null'>> = (s) => {
  const { value, madeBy } = s.need;
  const turned = s.need.inverted ? inverted(s) : [];
  const variable = value.variable;
  if (variable === undefined || !/^[\w.>[\]*()&-]+$/.test(value.words)) return [...turned, ...unnamed(s, madeBy), ...inMacro(s, madeBy)];
  const path = /^&/.test(value.words) || value.words.includes('(') ? variable : value.words;
  return [...turned, ...unnamed(s, madeBy), ...bothOf(s), ...otherName(s, path), ...inCaller(s), ...beforeMoving(s), ...afterMaking(s, path, variable), ...handedOn(s, variable), ...beforeUse(s, path), ...otherPointers(s, path), ...aroundUse(s, path), ...inMacro(s, madeBy)];
};

/** The pointer meant may be another one of the line: one that was read from what is named. */
function otherPointers(s: S, path: string): Candidate[] {
  const names = new Set(all(s.rejected, ({ type }) => type === 'identifier').map((node) => s.source.of(node)));
  const locals = s.source.locals(s.rejectedFn).filter(({ name, pointers, declaration }) => pointers > 0 && name !== path && names.has(name) && declaration.end <= s.rejected.start);
  const declared = s.source.locals(s.rejectedFn).filter(({ declaration, pointers, name }) => declaration === s.rejected && pointers > 0 && name !== path);
  const behind = declared.flatMap(({ name }) => waysOut(s.source, s.rejectedFn, s.rejected).map((way) => candidate(title(name, way), after(s.source, s.rejected, [`if (!${name})`, `${s.source.indent}${way}`]))));
  return [...locals.flatMap(({ name }) => beforeUse(s, name)), ...behind];
}

function title(words: string, way: string): string {
  return way.startsWith('return') ? `Return when \`${words}\` is NULL` : `${way.startsWith('break') ? 'Leave the loop' : 'Go on with the next'} when \`${words}\` is NULL`;
}

function afterMaking({ source, fn, cause, rejected }: S, path: string, variable: string): Candidate[] {
  if (cause === rejected || !assigns(source, cause, variable) || !inBlock(cause)) return [];
  return waysOut(source, fn, cause, 'break').map((way) => candidate(title(path, way), after(source, cause, [`if (!${path})`, `${source.indent}${way}`])));
}

/** The check is of another pointer than the one meant. */
function otherName({ source, fn, cause }: S, path: string): Candidate[] {
  const condition = cause.type === 'if_statement' ? childIn(cause, 'condition') : undefined;
  const inner = condition && withoutParentheses(condition);
  const name = inner && /^!\s*(\w+)$/.exec(source.of(inner))?.[1];
  return inner && name !== undefined && name !== path && (source.typeOf(fn, name)?.pointers ?? 0) > 0 ? [candidate(`Check \`${path}\`, not \`${name}\``, replace(inner, `!${path}`))] : [];
}

/** A function gives back what may be NULL as it got it: it is checked where its callers keep it. */
function inCaller({ source, fn, cause }: S): Candidate[] {
  if (cause.type !== 'return_statement' || fn.item.section) return [];
  return source.functions.filter((each) => each !== fn).flatMap((caller) => {
    const kept = calls(source, caller.body, fn.item.name).flatMap((call) => {
      const statement = statementOf(call);
      const local = statement && inBlock(statement) ? source.locals(caller).find(({ name, pointers }) => pointers > 0 && assigns(source, statement, name)) : undefined;
      return statement && local ? [{ statement, name: local.name }] : [];
    });
    const [only] = kept;
    return only && kept.length === 1 ? waysOut(source, caller, only.statement, 'break').map((way) => candidate(title(only.name, way), after(source, only.statement, [`if (!${only.name})`, `${source.indent}${way}`]))) : [];
  });
}

/** `q = &p->member;` where p may be NULL: that is what can be checked, and before. */
function beforeMoving({ source, fn, cause, need }: S): Candidate[] {
  const variable = need.value.variable;
  if (variable === undefined || !assigns(source, cause, variable) || !inBlock(cause)) return [];
  const name = new RegExp(`\\b${variable}\\s*=\\s*(?:\\([^()]*\\)\\s*)?&\\s*(\\w+)\\s*->`).exec(source.of(cause))?.[1];
  if (name === undefined || name === variable || (source.typeOf(fn, name)?.pointers ?? 0) === 0) return [];
  return waysOut(source, fn, cause, 'break').map((way) => candidate(title(name, way), before(source, cause, [`if (!${name})`, `${source.indent}${way}`])));
}

/** Another function's result, kept here, is what the cause is about: this one is followed without a look, so clang left out the check of the other. */
function handedOn({ source, fn, rejectedFn, cause }: S, variable: string): Candidate[] {
  if (fn === rejectedFn || !inBlock(cause)) return [];
  const kept = source.locals(fn).filter(({ name, pointers }) => pointers > 0 && name !== variable && assigns(source, cause, name));
  return kept.flatMap(({ name }) => waysOut(source, fn, cause, 'break').map((way) => candidate(title(name, way), after(source, cause, [`if (!${name})`, `${source.indent}${way}`]))));
}

function beforeUse({ source, rejectedFn, rejected }: S, path: string): Candidate[] {
  return waysOut(source, rejectedFn, rejected, 'continue').map((way) => candidate(title(path, way), before(source, rejected, [`if (!${path})`, `${source.indent}${way}`])));
}

/** The use alone is left out: leaving here could keep something locked or held. */
function aroundUse({ source, rejected }: S, path: string): Candidate[] {
  if (!/^(?:expression|if|for)_statement$/.test(rejected.type)) return [];
  return [candidate(`Do this only when \`${path}\` is not NULL`, instead(source, rejected, [`if (${path}) {`, `${source.indent}${source.of(rejected)}`, '}']))];
}

/** `a || b` where both are used behind it. */
function bothOf({ source, rejected, need }: S): Candidate[] {
  const name = need.value.variable ?? '';
  const guard = around(rejected.parent, (node) => node.type === 'if_statement' && new RegExp(`\\b${name}\\b`).test(source.of(childIn(node, 'condition') ?? node).slice(0, 200)));
  const condition = guard && childIn(guard, 'condition');
  const either = condition && all(condition, (node) => node.type === 'binary_expression' && source.of(childIn(node, 'operator') ?? node) === '||' && ['left', 'right'].every((side) => /^\w+$/.test(source.of(childIn(node, side) ?? node))) && ['left', 'right'].some((side) => source.of(childIn(node, side) ?? node) === name));
  const sign = either?.[0] && childIn(either[0], 'operator');
  return sign ? [candidate('Ask that both are there, not one of them', replace(sign, '&&'))] : [];
}

/** `if (v) return` leaves when there is something. */
function inverted({ source, cause, rejected, need }: S): Candidate[] {
  const name = need.value.words;
  for (const statement of [cause, ...all(around(rejected, ({ type }) => type === 'compound_statement') ?? rejected, isStatement)]) {
    const condition = statement.type === 'if_statement' ? childIn(statement, 'condition') : undefined;
    const inner = condition && withoutParentheses(condition);
    if (!inner || !source.of(inner).includes(name)) continue;
    const text = source.of(inner);
    const edit = text === name ? replace(inner, `!${name}`) : text === `!${name}` ? replace(inner, name) : undefined;
    if (edit) return [candidate(`Turn the check of \`${name}\` round`, edit)];
  }
  return [];
}

/** The call's result is used where it stands: it gets a name first. */
function unnamed({ source, rejected, rejectedFn }: S, madeBy: string | undefined): Candidate[] {
  const call = calls(source, rejected, madeBy).find((each) => {
    const use = around(each.parent, ({ type }) => !/^(?:parenthesized|cast)_expression$/.test(type));
    return use !== undefined && /^(?:field_expression|pointer_expression|subscript_expression|argument_list)$/.test(use.type);
  });
  const statement = call && statementOf(call);
  if (!call || !statement) return [];
  const name = freshName(source, rejectedFn.body, 'found');
  const code = [`void *${name} = ${source.of(call)};`, `if (!${name})`, `${source.indent}${bailOut(source, rejectedFn, statement.start)}`];
  return [candidate(`Keep what ${madeBy ?? 'the call'}() gives in a variable and return when it is NULL`, before(source, statement, code), replace(call, name))].filter(({ edits }) => disjoint(edits));
}

function disjoint(edits: Candidate['edits']): boolean {
  return edits.every((a, i) => edits.every((b, j) => i === j || a.end <= b.start || b.end <= a.start));
}

/** The pointer is made and used within a macro of the program: what follows in it is done only when it is there. */
function inMacro({ source, rejected }: S, madeBy: string | undefined): Candidate[] {
  const bodies = new Map([...source.text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(?:\([^)]*\))?((?:[^\n\\]|\\\n|\\.)*)/gm)].map((m) => [m[1] ?? '', { text: m[2] ?? '', at: m.index + m[0].length - (m[2] ?? '').length }]));
  const makes = (text: string, depth = 0): boolean => (madeBy !== undefined && text.includes(madeBy)) || (depth < 4 && [...text.matchAll(/\b\w+\b/g)].some(([word]) => bodies.has(word) && makes(bodies.get(word)?.text ?? '', depth + 1)));
  return calls(source, rejected).flatMap((call) => {
    const body = bodies.get(source.of(childIn(call, 'function') ?? call));
    const set = body && [...body.text.matchAll(/(\w+)\s*=\s*([^;=][^;]*);/g)].find((m) => makes(m[2] ?? ''));
    if (!body || !set) return [];
    const from = set.index + set[0].length;
    const rest = /^([\s\\]*)((?:[^{}])*?;)(?=[\s\\]*(?:\}|$))/.exec(body.text.slice(from));
    if (!rest || rest[2] === undefined || /^\s*if\b/.test(rest[2])) return [];
    const start = body.at + from + (rest[1] ?? '').length;
    return [candidate(`Do this only when \`${set[1] ?? ''}\` is not NULL`, replace({ start, end: start + rest[2].length }, `if (${set[1] ?? ''}) { ${rest[2]} }`))];
  });
}

/** A name that nothing in the function has. */
export function freshName(source: CSource, body: CNode, wanted: string): string {
  const text = source.of(body);
  for (let i = 0; ; i++) {
    const name = i === 0 ? wanted : `${wanted}${i + 1}`;
    if (!new RegExp(`\\b${name}\\b`).test(text)) return name;
  }
}

/** Whether a statement declares or assigns the variable itself. */
export function assigns(source: CSource, statement: CNode, variable: string): boolean {
  if (!/^(?:declaration|expression_statement)$/.test(statement.type)) return false;
  return find(statement, (node) => {
    const target = node.type === 'assignment_expression' ? childIn(node, 'left') : node.type === 'init_declarator' ? childIn(node, 'declarator') : undefined;
    const named = target && (node.type === 'init_declarator' ? find(target, ({ type }) => type === 'identifier') : rootOf(target));
    return named !== undefined && source.of(named) === variable;
  }) !== undefined;
}
