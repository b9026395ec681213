import type { Span } from '../../../base/span.ts';
import { child, type Cst } from '../../bpftrace/syntax/cst.ts';
import type { CCall, CDeclaration, CFunctionItem, CItem, CParam } from './item.ts';
import { mark, type EntryMark, type Mark, type SectionMark } from './marks.ts';
import type { CParser } from './parser.ts';
import { tokens } from './tokens.ts';

/** Macros that declare a program: the first parameter is its name, the others are what it gets. */
export const PROGRAM_MACRO = /^BPF_(?:PROG2?|KPROBE|KRETPROBE|UPROBE|URETPROBE|KSYSCALL|KPROBE_SYSCALL|USDT|STRUCT_OPS(?:_X)?|PROG_UNTRUSTED)$/;

/** Reads one piece of C that is no directive. `unclosed` braces are closed for the grammar. */
export function readItem(parser: CParser, text: string, unclosed: number): CItem {
  const { plain, marks } = mark(text);
  const closed = unclosed > 0 ? `${plain}${'}'.repeat(unclosed)}` : plain;
  const tree = parser.parse(closed);
  const calls: CCall[] = [];
  if (tree) collectCalls(tree, plain, calls);
  const words = new Set<string>();
  for (const token of tokens(plain)) if (token.kind === 'word') words.add(token.text);
  const declaration = declarationOf(tree, plain, text, marks);
  return declaration.kind === 'function' ? withoutTree({ text, declaration, calls, words }, () => parser.parse(closed)) : { text, declaration, tree, calls, words };
}

/** Trees of functions are big, and few ask for them: they are made anew for who does. */
function withoutTree(item: Omit<CItem, 'tree'>, parse: () => Cst | undefined): CItem {
  let made: Cst | undefined;
  return { ...item, get tree() { return (made ??= parse()); } };
}

export function readDirective(text: string): CItem {
  const include = /^#\s*include\s*[<"]([^>"\n]*)/.exec(text);
  const word = /^#\s*(\w+)\s*(\w*)/.exec(text);
  const declaration: CDeclaration = { kind: 'directive', word: word?.[1] ?? '', name: include?.[1] ?? word?.[2] ?? '' };
  return { text, declaration, tree: undefined, calls: [], words: new Set() };
}

function declarationOf(tree: Cst | undefined, plain: string, text: string, marks: readonly Mark[]): CDeclaration {
  const sections = marks.filter((m): m is SectionMark => m.kind === 'section');
  const node = tree?.children.find(({ type }) => type === 'function_definition' || type === 'declaration') ?? tree?.children.find(({ type }) => type === 'ERROR');
  const fn = node && functionOf(node, plain, sections);
  if (fn) return fn;
  const declarator = node && innermost(node);
  const maps = sections.find(({ name }) => name === '.maps');
  const name = declarator ? plain.slice(declarator.start, declarator.end) : '';
  const nameSpan = declarator ?? { start: 0, end: 0 };
  if (maps) {
    const outer = marks.filter((m): m is EntryMark => m.kind === 'entry');
    return { kind: 'map', name, nameSpan, section: maps, entries: outer };
  }
  if (declarator && node.type === 'declaration') return { kind: 'variable', name, nameSpan, section: sections[0], text: /=\s*"([^"\n]*)"/.exec(text)?.[1] };
  const names = [...plain.matchAll(/\b(?:struct|union|enum|typedef)\s+(\w+)|\b(\w+)\s*;\s*$/g)].flatMap((match) => match[1] ?? match[2] ?? []);
  return { kind: 'other', section: sections[0], names };
}

function functionOf(node: Cst, plain: string, sections: readonly SectionMark[]): CFunctionItem | undefined {
  const declarator = functionDeclarator(node);
  const named = declarator && child(declarator, 'declarator');
  const list = declarator && child(declarator, 'parameters');
  if (!named || !list || named.type !== 'identifier') return undefined;
  const written = plain.slice(named.start, named.end);
  const params = list.children.filter(({ type }) => type === 'parameter_declaration' || type === 'variadic_parameter').map((p) => paramOf(p, plain));
  const body = child(node, 'body') ?? node.children.find(({ type }) => type === 'compound_statement');
  const common = { kind: 'function', paramsSpan: { start: list.start, end: list.end }, section: sections[0], body: body && { start: body.start, end: body.end }, returns: plain.slice(node.start, declarator.start).trim().replace(/\s+/g, ' ') } as const;
  const first = params[0];
  if (PROGRAM_MACRO.test(written) && first) return { ...common, name: first.name || first.type, nameSpan: { start: first.start, end: first.end }, macro: written, params: params.slice(1) };
  const nothing = params.length === 1 && params[0]?.type === 'void';
  return { ...common, name: written, nameSpan: { start: named.start, end: named.end }, macro: undefined, params: nothing ? [] : params };
}

/** Down through pointers: `void *f(int)`. */
function functionDeclarator(node: Cst): Cst | undefined {
  for (const at of node.children) {
    if (at.type === 'function_declarator') return at;
    if (at.type === 'pointer_declarator' || at.type === 'init_declarator') {
      const found = functionDeclarator(at);
      if (found) return found;
    }
  }
  return undefined;
}

function paramOf(node: Cst, plain: string): CParam {
  const name = innermost(node);
  const before = plain.slice(node.start, name?.start ?? node.end);
  const after = name ? plain.slice(name.end, node.end) : '';
  return { start: node.start, end: node.end, name: name ? plain.slice(name.start, name.end) : '', type: `${before}${after}`.replace(/\s+/g, ' ').replace(/ ?\* ?/g, ' *').replace(/\* (?=\*)/g, '*').replace('( *', '(*').trim() };
}

const DECLARATORS = /^(?:pointer|array|function|init|parenthesized|attributed)_declarator$/;

/** The name that a declaration declares. */
function innermost(node: Cst): Cst | undefined {
  for (const at of node.children) {
    if (at.type === 'identifier') return at;
    if (DECLARATORS.test(at.type)) return innermost(at);
  }
  return undefined;
}

function collectCalls(node: Cst, plain: string, calls: CCall[]): void {
  if (node.type === 'call_expression') {
    const callee = child(node, 'function');
    const list = child(node, 'arguments');
    if (callee?.type === 'identifier' && list) calls.push({ start: node.start, end: node.end, name: plain.slice(callee.start, callee.end), nameSpan: span(callee), args: list.children.filter(({ type }) => !/^(?:[(),]|comment)$/.test(type)).map(span) });
  }
  for (const at of node.children) collectCalls(at, plain, calls);
}

function span({ start, end }: Span): Span {
  return { start, end };
}
