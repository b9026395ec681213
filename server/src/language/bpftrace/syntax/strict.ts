import type { Cst } from './cst.ts';
import { child } from './cst.ts';
import type { Fault } from './document.ts';

const fault = (message: string, { start, end }: Cst, repair?: string): Fault => {
  const span = { start, end };
  return { code: 'syntax-error', message, span, evidence: [], ...(repair !== undefined && { repair: { title: 'Remove it', span, newText: repair } }) };
};

const ASSIGNABLE = new Set(['variable', 'map', 'map_access']);
/** Behind these a semicolon may stand (0.27). */
const MAY_END = new Set(['if_statement', 'block']);

/** What the grammar reads, and no bpftrace from 0.17 to 0.27 does. `before` is what stands before it in the same parent. */
export function strictFault(text: string, node: Cst, before: Cst | undefined): Fault | undefined {
  switch (node.type) {
    case 'assignment':
      return notAssignable(child(node, 'left'), 'Only a variable or a map can be assigned to.');
    case 'update_expression':
      return notAssignable(child(node, 'argument'), 'Only a variable or a map can be counted up or down.');
    case 'unary_expression': {
      const isAddress = child(node, 'operator')?.type === '&';
      return isAddress ? notAssignable(child(node, 'argument'), 'Only the address of a variable or a map can be taken.') : undefined;
    }
    case 'empty_statement':
      return before && MAY_END.has(before.type) ? undefined : fault('No statement stands before this ;', node, '');
    case 'type_definition':
      return fault('bpftrace knows no typedef. Name the struct itself, or put the typedef into a header.', { ...node, end: node.start + 'typedef'.length });
    case 'invalid_number':
      return fault('This is no number.', node);
    case 'integer':
      return /^0[0-9_]*[89]/.test(text.slice(node.start, node.end)) ? fault('A number that begins with 0 is octal, and has no 8 or 9.', node) : undefined;
    case 'invalid_escape':
      return fault('A string has no such escape. There are \\n, \\t, \\r, \\\\, \\", octal and \\x ones.', node);
    default:
      return undefined;
  }
}

function notAssignable(target: Cst | undefined, message: string): Fault | undefined {
  return target && !ASSIGNABLE.has(target.type) && target.end > target.start ? fault(message, target) : undefined;
}
