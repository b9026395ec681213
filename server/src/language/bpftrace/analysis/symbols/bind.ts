import type { Span } from '../../../../base/span.ts';
import { MAX_SUGGESTIONS, suggest, type Suggestions } from '../suggest.ts';
import { problem, type Problem } from '../../problem.ts';
import type { Block, Expr, Func, If, IfExpr, Item, Macro, MapAccess, Probe, Stmt, TypeRef, Variable } from '../../syntax/ast.ts';
import type { Reference } from '../analysis.ts';
import type { Rules } from '../rules.ts';
import { isExpr, operands } from '../../syntax/walk.ts';
import { globalKey, type Bound, type Draft, type Names, type Use } from './draft.ts';
import { globalsOf } from './globals.ts';

interface Scope {
  readonly span: Span;
  readonly names: Map<string, Draft>;
}

/** The walk through one item. */
interface Walk {
  readonly item: Item;
  readonly globals: ReadonlyMap<string, Draft>;
  readonly of: WeakMap<Expr, Draft>;
  readonly rules: Rules;
  readonly locals: Draft[];
  readonly uses: Use[];
  readonly problems: Problem[];
  readonly suggestions: Suggestions;
  /** Outer to inner. Before variables had blocks, only the first is used. */
  readonly scopes: Scope[];
  /** Inside `sizeof`, `typeof`, …: nothing is read there. */
  meta: number;
}

/** Which declaration every name stands for, and the variables that stand for none. `shared`: what stands outside of probes. */
export function namesOf(shared: readonly Item[], rules: Rules): Names {
  const { drafts: globals, mentions } = globalsOf(shared);
  const of = new WeakMap<Expr, Draft>();
  const bound = new WeakMap<Item, Bound>();
  return {
    globals, mentions, of,
    in: (item) => {
      let found = bound.get(item);
      if (!found) bound.set(item, (found = bind({ item, globals, of, rules, locals: [], uses: [], problems: [], suggestions: { left: MAX_SUGGESTIONS }, scopes: [{ span: item, names: new Map() }], meta: 0 })));
      return found;
    },
  };
}

function bind(walk: Walk): Bound {
  const { item, locals, uses, problems } = walk;
  if (item.kind === 'probe') bindProbe(walk, item);
  else if (item.kind === 'macro') bindMacro(walk, item);
  else if (item.kind === 'func') bindFunction(walk, item);
  else if (item.kind === 'map-decl') {
    useMap(walk, item.map, 'declare');
    for (const arg of item.args) bindExpr(walk, arg);
  }
  return { locals, uses, problems };
}

function bindProbe(walk: Walk, probe: Probe): void {
  if (probe.predicate) bindExpr(walk, probe.predicate);
  bindBlock(walk, probe.body);
  neverAssigned(walk);
}

function bindMacro(walk: Walk, macro: Macro): void {
  for (const param of macro.params) {
    const name = param.name;
    const at = param.kind === 'map' ? param.nameSpan : param;
    const draft = add(walk, 'macro-parameter', name, at, 'declare');
    draft.assigned = true;
    walk.of.set(param, draft);
  }
  bindBlock(walk, macro.body);
}

function bindFunction(walk: Walk, func: Func): void {
  for (const { variable, type } of func.params) {
    bindType(walk, type);
    const draft = add(walk, 'parameter', variable.name, variable, 'declare');
    draft.assigned = true;
    walk.of.set(variable, draft);
  }
  if (func.returns) bindType(walk, func.returns);
  bindBlock(walk, func.body);
}

function add(walk: Walk, kind: Draft['kind'], name: string, at: Span, access: Reference['access']): Draft {
  const scope = walk.scopes[walk.rules.blockScope ? walk.scopes.length - 1 : 0];
  const span = spanOf(at);
  const draft: Draft = { kind, name, home: walk.item, scope: scope?.span ?? span, definition: span, references: [{ span, access }] };
  walk.locals.push(draft);
  scope?.names.set(name, draft);
  return draft;
}

function find(walk: Walk, name: string): Draft | undefined {
  for (const scope of walk.scopes) {
    const draft = scope.names.get(name);
    if (draft) return draft;
  }
  return undefined;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function addReference(draft: Draft, at: Span, access: Reference['access']): void {
  draft.references.push({ span: spanOf(at), access });
}

function inScope(walk: Walk, span: Span, body: () => void): void {
  walk.scopes.push({ span: spanOf(span), names: new Map() });
  body();
  if (walk.rules.blockScope) neverAssigned(walk);
  walk.scopes.pop();
}

function bindBlock(walk: Walk, block: Block): void {
  inScope(walk, block, () => {
    for (const statement of block.statements) bindStatement(walk, statement);
  });
}

function bindStatement(walk: Walk, statement: Stmt): void {
  switch (statement.kind) {
    case 'expr-stmt':
      return bindExpr(walk, statement.expr);
    case 'assign':
      bindExpr(walk, statement.value);
      return bindTarget(walk, statement.target, statement.op !== '=');
    case 'let':
      if (statement.type) bindType(walk, statement.type);
      if (statement.value) bindExpr(walk, statement.value);
      return bindLet(walk, statement.target, statement.value !== undefined);
    case 'if':
      return bindIf(walk, statement);
    case 'while':
      bindExpr(walk, statement.condition);
      return bindBlock(walk, statement.body);
    case 'unroll':
      bindExpr(walk, statement.count);
      return bindBlock(walk, statement.body);
    case 'for':
      bindExpr(walk, statement.over);
      if (statement.to) bindExpr(walk, statement.to);
      return inScope(walk, statement, () => {
        bindLoopVariable(walk, statement.variable);
        bindBlock(walk, statement.body);
      });
    case 'jump':
      return statement.value ? bindExpr(walk, statement.value) : undefined;
    case 'block':
      return bindBlock(walk, statement);
    case 'bad':
      for (const expr of statement.exprs) bindExpr(walk, expr);
  }
}

function bindIf(walk: Walk, branch: If | IfExpr): void {
  bindExpr(walk, branch.condition);
  bindBlock(walk, branch.then);
  if (!branch.otherwise) return;
  if (branch.otherwise.kind === 'block') bindBlock(walk, branch.otherwise);
  else bindIf(walk, branch.otherwise);
}

/** `$x = …` introduces the variable when there is none yet; `$x += …` reads it first. */
function bindTarget(walk: Walk, target: Expr, reads: boolean): void {
  if (target.kind === 'variable') {
    const known = find(walk, target.name);
    if (known) {
      known.assigned = true;
      addReference(known, target, 'write');
      walk.of.set(target, known);
    } else if (reads) useVariable(walk, target);
    else {
      const draft = add(walk, 'variable', target.name, target, 'write');
      draft.assigned = true;
      walk.of.set(target, draft);
    }
  } else if (target.kind === 'map') {
    useMap(walk, target, 'write');
    for (const key of target.keys ?? []) bindExpr(walk, key);
  } else bindExpr(walk, target);
}

function bindLet(walk: Walk, target: Variable | MapAccess, assigned: boolean): void {
  if (target.kind === 'map') return useMap(walk, target, 'declare');
  const known = find(walk, target.name);
  if (known) {
    walk.of.set(target, known);
    addReference(known, target, 'write');
    report(walk, problemAt('redeclared-variable', `${target.name} exists here already; a variable cannot be declared twice, nor hide one from an outer block.`, target, [{ span: known.definition, message: `${target.name} is introduced here` }]));
    return;
  }
  const draft = add(walk, 'variable', target.name, target, 'declare');
  draft.assigned = assigned;
  walk.of.set(target, draft);
}

function bindLoopVariable(walk: Walk, variable: Variable): void {
  const known = find(walk, variable.name);
  if (known) report(walk, problemAt('redeclared-variable', `${variable.name} exists here already; the variable of a loop needs a name of its own.`, variable, [{ span: known.definition, message: `${variable.name} is introduced here` }]));
  const inner = walk.scopes.at(-1);
  const span = spanOf(variable);
  const draft: Draft = { kind: 'variable', name: variable.name, home: walk.item, scope: inner?.span ?? span, definition: span, references: [{ span, access: 'declare' }], assigned: true };
  walk.locals.push(draft);
  inner?.names.set(variable.name, draft);
  walk.of.set(variable, draft);
}

function useVariable(walk: Walk, variable: Variable, access: Reference['access'] = 'read'): void {
  const draft = find(walk, variable.name);
  if (draft) {
    addReference(draft, variable, access);
    walk.of.set(variable, draft);
    if (draft.assigned === false && walk.meta === 0 && access === 'read') report(walk, { ...problemAt('used-before-assignment', `${variable.name} is read before anything is assigned to it.`, variable, []), severity: 'warning' });
    if (access === 'write') draft.assigned = true;
    return;
  }
  const near = suggest(walk.suggestions, variable.name, () => walk.scopes.flatMap((s) => [...s.names.keys()].filter((n) => n.startsWith('$'))));
  const message = near === undefined ? `${variable.name} has no value here: nothing is assigned to it before.` : `There is no ${variable.name} here. Did you mean ${near}?`;
  const outside = walk.suggestions.left < 0 ? undefined : walk.locals.findLast((d) => d.name === variable.name && d.kind === 'variable' && variable.start > d.definition.start);
  const evidence = outside ? [{ span: outside.definition, message: 'this one ends with its block' }] : [];
  const found = problemAt('undefined-variable', message, variable, evidence);
  report(walk, near === undefined ? found : { ...found, repairs: [{ title: `Replace with ${near}`, sure: false, edits: [{ span: found.span, newText: near }] }] });
}

function useMap(walk: Walk, map: MapAccess, access: Reference['access']): void {
  const parameter = find(walk, map.name);
  if (parameter) {
    addReference(parameter, map.nameSpan, access);
    walk.of.set(map, parameter);
  } else walk.uses.push({ of: map.name, span: spanOf(map.nameSpan), access });
}

function bindExpr(walk: Walk, expr: Expr): void {
  switch (expr.kind) {
    case 'variable':
      return useVariable(walk, expr);
    case 'map':
      useMap(walk, expr, 'read');
      break;
    case 'identifier':
      return bindWord(walk, expr, expr, expr.name);
    case 'call':
      bindWord(walk, expr, expr.callee, expr.callee.text);
      // The function puts its result there.
      if (expr.callee.text === 'find' && expr.args[2]?.kind === 'variable') {
        for (const arg of expr.args.slice(0, 2)) bindExpr(walk, arg);
        return useVariable(walk, expr.args[2], 'write');
      }
      break;
    case 'update':
      if (expr.operand.kind === 'variable') return useVariable(walk, expr.operand, 'write');
      if (expr.operand.kind === 'map') {
        useMap(walk, expr.operand, 'write');
        for (const key of expr.operand.keys ?? []) bindExpr(walk, key);
        return;
      }
      break;
    case 'unary':
      if (expr.op === '&' && expr.operand.kind === 'variable') return useVariable(walk, expr.operand, 'write');
      break;
    case 'cast':
      bindType(walk, expr.type);
      break;
    case 'sizeof':
    case 'offsetof':
    case 'typeinfo':
      return bindMeta(walk, expr.of);
    case 'block-expr':
      return bindBlock(walk, expr.body);
    case 'if-expr':
      return bindIf(walk, expr);
    default:
      break;
  }
  for (const operand of operands(expr)) bindExpr(walk, operand);
}

function bindMeta(walk: Walk, of: Expr | TypeRef): void {
  walk.meta++;
  if (isExpr(of)) bindExpr(walk, of);
  else bindType(walk, of);
  walk.meta--;
}

function bindWord(walk: Walk, node: Expr, at: Span, name: string): void {
  const local = find(walk, name);
  const draft = local ?? walk.globals.get(name);
  if (!draft) return;
  if (local) addReference(local, at, 'read');
  else walk.uses.push({ of: draft, span: spanOf(at), access: 'read' });
  walk.of.set(node, draft);
}

function bindType(walk: Walk, type: TypeRef): void {
  if (type.of) bindMeta(walk, type.of);
  for (const element of type.elements ?? []) bindType(walk, element);
  const kinds = type.tag === 'enum' ? (['enum'] as const) : type.tag === 'name' ? (['typedef', 'struct'] as const) : (['struct'] as const);
  for (const kind of kinds) {
    const draft = walk.globals.get(globalKey(kind, type.name.text));
    if (!draft || draft.kind !== kind) continue;
    walk.uses.push({ of: draft, span: spanOf(type.name), access: 'read' });
    return;
  }
}

function neverAssigned(walk: Walk): void {
  for (const draft of walk.scopes.at(-1)?.names.values() ?? []) {
    if (draft.assigned !== false) continue;
    walk.problems.push(problem('never-assigned', 'warning', `Nothing is ever assigned to ${draft.name}.`, draft.definition));
  }
}

function problemAt(code: string, message: string, at: Span, evidence: Problem['evidence']): Problem {
  return { ...problem(code, 'error', message, spanOf(at)), evidence };
}

function report(walk: Walk, found: Problem): void {
  walk.problems.push(found);
}
