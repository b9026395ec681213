import { all, around, childIn, loopAround, withoutParentheses, type CNode, type CSource } from '../c-source.ts';
import { candidate, insert, replace, type Candidate } from '../edit.ts';
import type { NeedOf, RepairRule, RepairSituation } from '../situation.ts';
import { declaredKfuncs } from './kfuncs.ts';
import { freshName } from './null.ts';

/** Turns tried for a loop whose own limit nobody knows, the most first. */
const TURNS = [1024, 128, 32];
const LOOP = /^(?:for|while|do)_statement$/;

/** A loop that the verifier cannot follow to its end: with a limit, or as an iterator that it follows once. */
export const boundedLoop: RepairRule<NeedOf<'bounded-loop'>> = (s) => {
  const { source, cause, rejected, fn, rejectedFn } = s;
  const loops = [cause, rejected].flatMap((node) => (LOOP.test(node.type) ? [node] : (loopAround(node) ?? [])));
  const every = [...new Set([fn, rejectedFn])].flatMap(({ body }) => all(body, ({ type }) => LOOP.test(type)));
  const others = source.functions.flatMap(({ body }) => all(body, ({ type }) => LOOP.test(type)));
  const wanted = [...new Set([...loops, ...every, ...others])].slice(0, 4);
  return [...loops.flatMap((loop) => movedOn(source, loop)), ...wanted.flatMap((loop) => asIterator(s, loop)), ...wanted.flatMap((loop) => limited(source, fn, loop)), ...backwards(s)];
};

/** `while (i < n) { if (x) continue; i++; }`: what is left out is the step that all other turns make. */
function movedOn(source: CSource, loop: CNode): Candidate[] {
  const condition = loop.type === 'while_statement' ? childIn(loop, 'condition') : undefined;
  const step = condition && childIn(loop, 'body')?.children.findLast((each) => {
    const counter = /^(?:(?:\+\+|--)(\w+)|(\w+)\s*(?:\+\+|--|[-+]=\s*\w+));$/.exec(source.of(each));
    return counter !== null && new RegExp(`\\b${counter[1] ?? counter[2] ?? ''}\\b`).test(source.of(condition));
  });
  const skips = step ? all(loop, (node) => node.type === 'continue_statement' && node.start < step.start && loopAround(node) === loop) : [];
  if (!step || skips.length === 0) return [];
  const edits = skips.map((skip) => {
    const code = [source.of(step), source.of(skip)];
    const indent = source.indentAt(skip.start);
    return replace(skip, skip.parent?.type === 'compound_statement' ? code.join(`\n${indent}`) : `{ ${code.join(' ')} }`);
  });
  return [candidate(`Do \`${source.of(step).replace(/;$/, '')}\` before \`continue\` too`, ...edits)];
}

/** `for (i = 0; i < n; i++)` by the kernel's iterator for numbers: each turn is verified once, however many there are. */
function asIterator(s: RepairSituation, loop: CNode): Candidate[] {
  const { source, context } = s;
  const body = childIn(loop, 'body');
  const fn = source.functions.find((each) => each.body.start <= loop.start && loop.end <= each.body.end);
  if (!body || !fn || context.kfunc?.('bpf_iter_num_new') !== true) return [];
  if (all(body, ({ type }) => /^(?:return|goto|case)_statement$/.test(type)).length > 0) return [];
  const counted = counting(source, loop);
  const condition = childIn(loop, 'condition');
  if (!counted && loop.type !== 'while_statement') return [];
  const [it, at] = [freshName(source, fn.body, 'it'), freshName(source, fn.body, 'turn')];
  const indent = source.indentAt(loop.start);
  const step = indent + source.indent;
  const inner = body.type === 'compound_statement' ? source.of(body).slice(1, -1).trimEnd().replace(/^\n*/, '') : `${step}${source.of(body)}`;
  const set = counted ? `${step}${counted.declared ? `${counted.type} ` : ''}${counted.name} = *${at};` : `${step}if (!${source.of(condition ?? loop)})\n${step}${source.indent}break;`;
  const to = counted?.to ?? String(1 << 20);
  const text = [`struct bpf_iter_num ${it};`, `int *${at};`, '', `bpf_iter_num_new(&${it}, ${counted?.from ?? '0'}, ${to});`, `while ((${at} = bpf_iter_num_next(&${it}))) {`].join(`\n${indent}`);
  const whole = `{\n${step}${text.replaceAll(`\n${indent}`, `\n${step}`)}\n${source.indent}${set}\n${inner.replaceAll(/^(?=.)/gm, source.indent)}\n${step}}\n${step}bpf_iter_num_destroy(&${it});\n${indent}}`;
  return [candidate(counted ? `Count with the kernel's iterator, bpf_iter_num, from ${counted.from} to ${to}` : `Turn at most ${to} times, by the kernel's iterator bpf_iter_num`, replace(loop, whole.replaceAll('\n\n\n', '\n\n')), ...declaredKfuncs(source, ITERATOR))];
}

const ITERATOR = ['int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end)', 'int *bpf_iter_num_next(struct bpf_iter_num *it)', 'void bpf_iter_num_destroy(struct bpf_iter_num *it)'];

interface Counted {
  readonly name: string;
  readonly type: string;
  readonly declared: boolean;
  readonly from: string;
  readonly to: string;
}

/** A loop that counts up by one to something fixed. */
function counting(source: CSource, loop: CNode): Counted | undefined {
  if (loop.type !== 'for_statement') return undefined;
  const [init, condition, update] = ['initializer', 'condition', 'update'].map((field) => childIn(loop, field));
  const start = init && /^(?:(?<type>[\w ]+)\s+)?(?<name>\w+)\s*=\s*(?<from>[^,;]+);?$/.exec(source.of(init).trim());
  const { name, from, type } = start?.groups ?? {};
  const end = condition && name !== undefined ? new RegExp(`^${name}\\s*(<=?)\\s*([^&|]+)$`).exec(source.of(condition)) : undefined;
  if (!end || !update || name === undefined || from === undefined || !new RegExp(`^(?:\\+\\+${name}|${name}\\+\\+|${name} \\+= 1)$`).test(source.of(update))) return undefined;
  return { name, type: type ?? 'int', declared: type !== undefined, from: from.trim(), to: end[1] === '<=' ? `(${end[2] ?? ''}) + 1` : (end[2] ?? '') };
}

/** One more condition: a counter that ends the loop. */
function limited(source: CSource, { body }: RepairSituation['fn'], loop: CNode): Candidate[] {
  const condition = childIn(loop, 'condition');
  const inner = childIn(loop, 'body');
  if (!inner) return [];
  const name = freshName(source, body, 'turns');
  return TURNS.map((most) => {
    const title = `Turn at most ${most} times`;
    if (loop.type === 'while_statement' && condition) {
      const test = withoutParentheses(condition);
      const text = source.of(test);
      const plain = /^(?:1|true)$/.test(text) ? '' : ` && ${test.type === 'binary_expression' && /\|\|/.test(text) ? `(${text})` : text}`;
      return candidate(title, replace({ start: loop.start, end: condition.end }, `for (int ${name} = 0; ${name} < ${most}${plain}; ${name}++)`));
    }
    if (loop.type === 'for_statement') {
      const put = condition ? replace(condition, `${name} < ${most} && (${source.of(condition)})`) : insert(source.text.indexOf(';', childIn(loop, 'initializer')?.end ?? loop.start) + (childIn(loop, 'initializer')?.type === 'declaration' ? 0 : 1), ` ${name} < ${most}`);
      return candidate(title, insert(loop.start, `int ${name} = 0;\n${source.indentAt(loop.start)}`), put, insert(inner.start, ''), ...counted(source, inner, name));
    }
    return condition ? candidate(title, insert(loop.start, `int ${name} = 0;\n${source.indentAt(loop.start)}`), replace(condition, `(++${name} < ${most} && ${source.of(condition)})`)) : candidate(title);
  }).filter(({ edits }) => edits.length > 0);
}

function counted(source: CSource, inner: CNode, name: string): ReturnType<typeof insert>[] {
  if (inner.type === 'compound_statement') return [insert(inner.start + 1, `\n${source.indentAt(inner.start)}${source.indent}${name}++;`)];
  return [replace(inner, `{ ${name}++; ${source.of(inner)} }`)];
}

/** `again: … goto again;` goes back a limited number of times. */
function backwards({ source, fn }: RepairSituation): Candidate[] {
  return all(fn.body, ({ type }) => type === 'goto_statement').flatMap((jump) => {
    const label = childIn(jump, 'label');
    const target = label && all(fn.body, (node) => node.type === 'labeled_statement' && source.of(childIn(node, 'label') ?? node) === source.of(label)).at(0);
    const block = around(target, ({ type }) => type === 'compound_statement');
    const first = block?.children.find(({ type }) => type !== '{');
    if (!target || target.start > jump.start || !first) return [];
    const name = freshName(source, fn.body, 'turns');
    return TURNS.map((most) => candidate(`Go back at most ${most} times`, insert(first.start, `int ${name} = 0;\n${source.indentAt(first.start)}`), replace(jump, `if (${name}++ < ${most})\n${source.indentAt(jump.start)}${source.indent}${source.of(jump)}`)));
  });
}
