import type { Block, CMember, Node, TypeRef } from '../../src/language/bpftrace/syntax/ast.ts';
import type { Document } from '../../src/language/bpftrace/syntax/document.ts';

/** A document as S-expressions, one item a line, so that a test can say what it expects. */
export function printDocument(document: Document): string {
  return document.items.map(({ item }) => print(item)).join('\n');
}

/** All faults as `code at start-end: message`, in offsets of the document. */
export function printFaults(document: Document): string[] {
  return document.items.flatMap(({ start, faults }) => faults.map((f) => `${f.code} at ${f.span.start + start}-${f.span.end + start}: ${f.message}`));
}

function sexp(...parts: (string | undefined | false)[]): string {
  return `(${parts.filter((part) => part !== undefined && part !== false && part !== '').join(' ')})`;
}

function all(nodes: readonly Node[]): string {
  return nodes.map(print).join(' ');
}

function block(body: Block): string {
  return `{${all(body.statements)}}`;
}

function type(ref: TypeRef): string {
  const core = ref.tag === 'typeof' ? `typeof ${ref.of ? print(ref.of) : ''}` : ref.tag === 'name' ? ref.name.text : `${ref.tag} ${ref.name.text}`;
  return `<${core}${'*'.repeat(ref.pointers)}${ref.arrays.map((n) => `[${n ?? ''}]`).join('')}>`;
}

function member(m: CMember): string {
  const shape = `${m.type}${'*'.repeat(m.pointers)}${m.arrays.join('')}`;
  const inside = m.members && `${m.union ? 'union' : 'struct'}{${m.members.map(member).join(' ')}}`;
  return sexp(m.name?.text ?? '-', shape, m.functionPointer && 'function', m.bits !== undefined && `:${m.bits}`, m.value !== undefined && `= ${m.value}`, inside);
}

/** One node, with everything below it. */
export function print(node: Node): string {
  switch (node.kind) {
    case 'name': return node.text;
    case 'integer': return node.duration ? `${node.text}=${node.value}ns` : `${node.value}${node.suffix ?? ''}`;
    case 'string': return JSON.stringify(node.value);
    case 'bool': return String(node.value);
    case 'identifier': return node.name;
    case 'variable': return node.name;
    case 'map': return node.keys ? sexp(`${node.name}[]`, all(node.keys)) : node.name;
    case 'positional': return node.index === 'count' ? '$#' : `$${node.index}`;
    case 'call': return sexp('call', node.callee.text, all(node.args));
    case 'sizeof': return sexp('sizeof', print(node.of));
    case 'typeinfo': return sexp('typeinfo', print(node.of));
    case 'offsetof': return sexp('offsetof', print(node.of), node.path.map((n) => n.text).join('.'));
    case 'unary': return sexp(node.op, print(node.operand));
    case 'update': return node.prefix ? sexp(node.op, print(node.operand)) : sexp(print(node.operand), node.op);
    case 'binary': return sexp(node.op, print(node.left), print(node.right));
    case 'ternary': return sexp('?', print(node.condition), node.then && print(node.then), print(node.otherwise));
    case 'field': return sexp(node.op, print(node.object), node.name.text || '∅');
    case 'index': return sexp('[]', print(node.object), print(node.index));
    case 'cast': return sexp('cast', type(node.type), print(node.operand));
    case 'tuple': return sexp('tuple', all(node.elements));
    case 'record': return sexp('record', ...node.fields.map((f) => `${f.name.text}=${print(f.value)}`));
    case 'block-expr': return sexp('block', block(node.body));
    case 'if-expr': return sexp('if', print(node.condition), block(node.then), node.otherwise && (node.otherwise.kind === 'block' ? block(node.otherwise) : print(node.otherwise)));
    case 'comptime': return sexp('comptime', print(node.operand));
    case 'paren': return sexp('paren', print(node.inner));
    case 'missing': return '∅';
    case 'type': return type(node);
    case 'block': return block(node);
    case 'expr-stmt': return node.terminated ? print(node.expr) : `=> ${print(node.expr)}`;
    case 'assign': return sexp(node.op, print(node.target), print(node.value));
    case 'let': return sexp('let', print(node.target), node.type && type(node.type), node.value && print(node.value));
    case 'if': return sexp('if', print(node.condition), block(node.then), node.otherwise && (node.otherwise.kind === 'block' ? block(node.otherwise) : print(node.otherwise)));
    case 'while': return sexp('while', print(node.condition), block(node.body));
    case 'unroll': return sexp('unroll', print(node.count), block(node.body));
    case 'for': return sexp('for', node.variable.name, print(node.over), node.to && print(node.to), block(node.body));
    case 'jump': return node.value ? sexp(node.what, print(node.value)) : node.what;
    case 'bad': return sexp('bad', all(node.exprs));
    case 'probe': return sexp('probe', ...node.attachPoints.map(print), node.predicate && `/${print(node.predicate)}/`, block(node.body));
    case 'attach-point': return [node.provider, ...node.parts].map((n) => n.text).join('|');
    case 'directive': return sexp(`#${node.name}`, node.subject?.text, node.params && `(${node.params.join(' ')})`, node.value);
    case 'c-type': return sexp(node.tag, node.name?.text ?? '-', ...node.members.map(member));
    case 'config': return sexp('config', ...node.entries.map((e) => `${e.name.text}=${print(e.value)}`));
    case 'import': return sexp('import', node.path);
    case 'map-decl': return sexp('map-decl', node.map.name, node.type.text, all(node.args));
    case 'macro': return sexp('macro', node.name.text, `(${all(node.params)})`, block(node.body));
    case 'func': return sexp('fn', node.name.text, `(${node.params.map((p) => p.variable.name + type(p.type)).join(' ')})`, node.returns && type(node.returns), block(node.body));
    case 'bad-item': return sexp('bad-item', JSON.stringify(node.text));
  }
}
