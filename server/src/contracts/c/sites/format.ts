import type { Cst } from '../../../language/bpftrace/syntax/cst.ts';
import type { Printed } from '../flow/calls.ts';
import type { Writer } from './writer.ts';

/** One `%` of a format of the kernel's, with what it prints. */
export interface CDirective {
  readonly argument: Cst;
  /** `d`, `llu` without its length: `u`, `pI4`. */
  readonly conversion: string;
  /** The text around it, up to its neighbours. */
  readonly before: string;
  readonly after: string;
}

const DIRECTIVE = /%(?:%|[-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j|t)?(p[A-Za-z\d]*|[diouxXcs]))/g;

export function directivesOf(w: Writer, { format, args }: Printed): readonly CDirective[] {
  const text = w.text(format);
  const found = [...text.matchAll(DIRECTIVE)].filter(([, conversion]) => conversion !== undefined);
  return found.flatMap(([whole, conversion = ''], i) => {
    const argument = args[i];
    const at = found[i]?.index ?? 0;
    const [previous, next] = [found[i - 1], found[i + 1]];
    return argument ? [{ argument, conversion, before: text.slice(previous ? previous.index + previous[0].length : 1, at), after: text.slice(at + whole.length, next?.index ?? text.length - 1) }] : [];
  });
}
