/** A key at the top of a record, up to its value, and the value, which is a string. */
const PROTO = /("proto":\s*)"((?:[^"\\]|\\.)*)"/;
const KIND = /"kind":\s*"[^"]*",?\s*/;

/**
 * One line of a file of specs with its true prototype; the rest stays as it was. `unknown` for a function, tracepoint,
 * kfunc or field that no kernel has. What is no such record, or cannot be read, is returned as it is.
 * @param {string} line
 * @param {(spec: {id: string, kind: string, needs?: string[]}) => string | undefined} protoOf
 */
export function withProto(line, protoOf) {
  const spec = read(line);
  if (!spec || !(spec.kind === 'kfunc' || spec.kind === 'field' || /^(?:kprobe|kretprobe|fentry|fexit|tracepoint):/.test(spec.id))) return line;
  const proto = protoOf(spec);
  if (proto === undefined) return 'unknown';
  const value = JSON.stringify(proto);
  if (spec.proto === proto) return line;
  if (PROTO.test(line)) return line.replace(PROTO, (_, lead) => `${lead}${value}`);
  return line.replace(KIND, (kind) => `${kind.trimEnd()} "proto": ${value}, `);
}

/** @returns {{id: string, kind: string, proto?: string, needs?: string[]} | undefined} */
function read(/** @type {string} */ line) {
  try {
    const spec = JSON.parse(line);
    return typeof spec.id === 'string' && typeof spec.kind === 'string' ? spec : undefined;
  } catch {
    return undefined;
  }
}
