/** A parameter of a prototype, or a field of a tracepoint, as a spec's `proto` has it. */
export interface Parameter {
  /** `struct sock *`, `unsigned int`, `char[16]`. */
  readonly type: string;
  /** Empty where the prototype names none. */
  readonly name: string;
}

/** The parameters of `int f(struct sock *sk, int len)`, or the fields of `long id; unsigned long args[6]`. Never throws: what is no such text has none. */
export function parametersOf(proto: string): readonly Parameter[] {
  const open = proto.indexOf('(');
  const isFunction = open > 0 && proto.endsWith(')');
  const parts = isFunction ? parted(proto.slice(open + 1, -1), ',') : parted(proto, ';');
  return parts.filter((part) => part !== 'void' && part !== '...').map(parameter);
}

/** Cut at separators that stand in no bracket. */
function parted(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of text) {
    if (c === '(' || c === '[') depth++;
    if (c === ')' || c === ']') depth--;
    if (c !== separator || depth > 0) part += c;
    else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part].map((p) => p.trim()).filter((p) => p !== '');
}

function parameter(text: string): Parameter {
  const callback = /^(.*\(\*\s*)(\w+)(\).*)$/.exec(text);
  if (callback) return { type: `${callback[1] ?? ''}${callback[3] ?? ''}`, name: callback[2] ?? '' };
  const [, type = '', name = '', dimensions = ''] = /^(.*[\s*])(\w+)((?:\[\d*\])*)$/.exec(text) ?? [];
  return name === '' ? { type: text, name: '' } : { type: `${type.trim()}${dimensions}`, name };
}
