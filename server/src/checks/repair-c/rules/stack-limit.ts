import { all, childIn, type CFunction, type CLocal, type CNode, type CSource } from '../c-source.ts';
import { candidate, insert, replace, type Candidate, type Edit } from '../edit.ts';
import { bailOut } from '../leave.ts';
import type { NeedOf, RepairRule } from '../situation.ts';
import { separate } from './bounds.ts';
import { numberOf } from './index.ts';
import { freshName } from './null.ts';

/** Smaller variables are not worth a map. */
const WORTH_BYTES = 64;

/** The largest variables of the frame move into a per-CPU array of one element. */
export const smallerStack: RepairRule<NeedOf<'smaller-stack'>> = ({ source, fn, rejectedFn, explanation }) => {
  const near = new Set([fn, rejectedFn, ...source.functions.filter(({ item }) => item.name === explanation.program), ...source.functions]);
  const all = [...near].flatMap((owner) => source.locals(owner).map((local) => ({ owner, local, bytes: bytesOf(source, local) })));
  const single = all.filter(({ bytes }) => bytes >= WORTH_BYTES).toSorted((a, b) => b.bytes - a.bytes).slice(0, 5).flatMap(({ owner, local }) => movedToMap(source, owner, local));
  const [first, second] = single;
  const both = first && second && separate([...first.edits, ...second.edits]) ? [candidate(`${first.title}; the same for the next largest`, ...first.edits, ...second.edits)] : [];
  return [...single.slice(0, 2), ...both, ...single.slice(2)];
};

/** How much a variable takes, roughly: structs by what their members say. */
export function bytesOf(source: CSource, { specifiers, pointers, dimensions }: Pick<CLocal, 'specifiers' | 'pointers' | 'dimensions'>): number {
  const each = pointers > 0 ? 8 : typeBytes(source, specifiers);
  return dimensions.reduce((sum, dimension) => sum * (numberOf(source, dimension.trim()) ?? 64), each);
}

function typeBytes(source: CSource, type: string): number {
  const body = /^(?:struct|union)/.test(type) ? new RegExp(`\\b${type.trim()}\\s*\\{([^{}]*)\\}`).exec(source.text)?.[1] : undefined;
  if (body !== undefined) {
    return body.split(';').reduce((sum, line) => {
      const m = /^\s*(.*?)\s*(\**)\s*(\w+)\s*((?:\[[^\]]*\])*)\s*$/.exec(line.replaceAll(/\/\*.*?\*\//gs, ''));
      const dimensions = [...(m?.[4] ?? '').matchAll(/\[([^\]]*)\]/g)].map(([, size]) => size ?? '');
      return m ? sum + bytesOf(source, { specifiers: m[1] ?? 'int', pointers: (m[2] ?? '').length, dimensions }) : sum;
    }, 0);
  }
  return /char|8/.test(type) ? 1 : /16|short/.test(type) ? 2 : /64|long/.test(type) ? 8 : /^(?:struct|union)/.test(type) ? WORTH_BYTES : 4;
}

/** A variable of a function in a per-CPU array map instead of on the stack. */
export function movedToMap(source: CSource, fn: CFunction, local: CLocal): Candidate[] {
  const { name, declaration, specifiers, pointers, dimensions, value } = local;
  const alone = declaration.children.filter(({ field }) => field === 'declarator').length === 1;
  if (!alone || pointers > 0 || !declaration.parent) return [];
  const clear = value === undefined ? undefined : /^\{\s*(?:0\s*)?\}$|^""$|^0$/.test(source.of(value)) ? 'clear' : 'values';
  if (clear === 'values') return [];
  const map = freshName(source, { ...fn.body, start: 0, end: source.text.length }, `${name}_room`);
  const type = `${specifiers.replaceAll(/\b(?:static|register|volatile|const)\b\s*/g, '')}`;
  const array = dimensions.map((d) => `[${d}]`).join('');
  const definition = `/* Too large for the stack: one for each CPU. */\nstruct ${map}_value {\n${source.indent}${type} it${array};\n};\nstruct {\n${source.indent}__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);\n${source.indent}__uint(max_entries, 1);\n${source.indent}__type(key, __u32);\n${source.indent}__type(value, struct ${map}_value);\n} ${map} SEC(".maps");\n\n`;
  const key = freshName(source, fn.body, `${name}_key`);
  const pointer = dimensions.length > 0 ? `${type} (*${name})${array}` : `${type} *${name}`;
  const code = [`__u32 ${key} = 0;`, `${pointer} = bpf_map_lookup_elem(&${map}, &${key});`, '', `if (!${name})`, `${source.indent}${bailOut(source, fn, declaration.start)}`, ...(clear ? [`__builtin_memset(${name}, 0, sizeof(*${name}));`] : [])];
  const indent = source.indentAt(declaration.start);
  const place = replace(declaration, code.join(`\n${indent}`).replaceAll(/\n[ \t]+\n/g, '\n\n'));
  return [candidate(`Move \`${name}\` from the stack into a per-CPU array map`, insert(mapPlace(source, fn), definition), place, ...uses(source, fn, local))];
}

/** Before the first function: another one may be given it. */
function mapPlace(source: CSource, fn: CFunction): number {
  const at = fn.span.start;
  const line = source.text.lastIndexOf('\n', at - 1) + 1;
  return source.text.slice(line, at).trim() === '' ? line : at;
}

function uses(source: CSource, { body }: CFunction, { name, declaration, dimensions }: CLocal): Edit[] {
  const found = all(body, (node) => node.type === 'identifier' && source.of(node) === name && node.start >= declaration.end);
  return found.map((node) => useOf(source, node, dimensions.length > 0));
}

function useOf(source: CSource, node: CNode, array: boolean): Edit {
  const up = node.parent;
  const text = source.of(node);
  if (!array && up?.type === 'field_expression' && node.field === 'argument') {
    const operator = childIn(up, 'operator');
    if (operator && source.of(operator) === '.') return replace(operator, '->');
  }
  if (!array && up?.type === 'pointer_expression' && source.of(up).startsWith('&')) return replace(up, text);
  return replace(node, `(*${text})`);
}
