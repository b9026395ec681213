import type { Assign, Expr, Let } from '../../language/bpftrace/syntax/ast.ts';
import type { ProbeView } from '../../language/bpftrace/lints/view.ts';
import { valueOf } from '../../language/bpftrace/lints/fields.ts';
import type { Condition, Memory } from './site.ts';

const ALWAYS: Condition = { kind: 'true' };

/** A question about values that is answered where they are read, and remembered by the variables they go into. */
export interface Question {
  /** Ends the name of what is remembered: `$start present`. */
  readonly name: string;
  /** The answer for an expression (no variable, ternary, cast or parenthesis); undefined where it is not asked. */
  answer(expr: Expr): Condition | undefined;
  /** The part of an expression whose value is asked about: itself, or what a function shows in another form. */
  within?(expr: Expr): Expr;
}

/** Through casts and parentheses. */
function reach(question: Question, expr: Expr): Expr {
  const at = valueOf(expr);
  const inner = question.within?.(at) ?? at;
  return inner === at ? at : reach(question, inner);
}

/** Answers to one question in one probe. */
export interface Answers {
  /** The places the value of an expression comes from, with their answers: both branches of a ternary, each where it is computed. */
  leaves(expr: Expr): readonly { readonly node: Expr; readonly condition: Condition }[];
  /** What has to be kept so that variables can answer. */
  readonly memories: readonly Memory[];
}

export function answersOf(probe: ProbeView, question: Question): Answers {
  const given = givings(probe);
  const asked = variablesWith(given, question);
  const memoryOf = (name: string): Condition => ({ kind: 'remembered', name: `${name} ${question.name}` });
  const conditionOf = (expr: Expr): Condition => {
    const at = reach(question, expr);
    if (at.kind === 'variable') return asked.has(at.name) ? memoryOf(at.name) : ALWAYS;
    if (at.kind !== 'ternary') return question.answer(at) ?? ALWAYS;
    const [then, otherwise] = [at.then ? conditionOf(at.then) : ALWAYS, conditionOf(at.otherwise)];
    return then.kind === 'true' && otherwise.kind === 'true' ? ALWAYS : { kind: 'choice', on: at.condition, then, otherwise };
  };
  const leaves: Answers['leaves'] = (expr) => {
    const at = reach(question, expr);
    if (at.kind === 'ternary') return [...(at.then ? leaves(at.then) : []), ...leaves(at.otherwise)];
    const condition = conditionOf(at);
    return condition.kind === 'true' ? [] : [{ node: at, condition }];
  };
  const memories = given.filter(({ name }) => asked.has(name)).map(({ name, at, value }): Memory => ({ probe: probe.info.probe, at, name: `${name} ${question.name}`, condition: value ? conditionOf(value) : ALWAYS }));
  return { leaves, memories };
}

interface Giving {
  readonly name: string;
  readonly at: Assign | Let;
  /** Absent where the old value is computed with. */
  readonly value: Expr | undefined;
}

/** Every value that variables of a probe get. */
function givings(probe: ProbeView): Giving[] {
  const statements = new Set(probe.uses.flatMap(({ around }) => around.filter((one) => one.kind === 'assign' || one.kind === 'let')));
  return [...statements].flatMap((at): Giving[] => {
    if (at.target.kind !== 'variable') return [];
    return [{ name: at.target.name, at, value: at.kind === 'let' || at.op === '=' ? at.value : undefined }];
  });
}

/** Variables into which a value goes that the question is about, be it through others. */
function variablesWith(given: readonly Giving[], question: Question): ReadonlySet<string> {
  const found = new Set<string>();
  const concerns = (expr: Expr): boolean => {
    const at = reach(question, expr);
    if (at.kind === 'variable') return found.has(at.name);
    if (at.kind === 'ternary') return (at.then !== undefined && concerns(at.then)) || concerns(at.otherwise);
    return question.answer(at) !== undefined;
  };
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { name, value } of given) if (value && concerns(value)) found.add(name);
  }
  return found;
}
