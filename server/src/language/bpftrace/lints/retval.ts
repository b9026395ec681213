import { resolve, type CType } from '../../../kernel/ctype.ts';
import { bare } from '../syntax/walk.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin } from './fields.ts';
import type { ProbeView, View } from './view.ts';

/** What a function returns where negative numbers are errors. */
export interface Signed { readonly functionName: string; readonly bits: number }

/** Without a cast: a cast says that its author thought of the sign. */
export function isRetval(expr: Expr): boolean {
  return isBuiltin(bare(expr), 'retval');
}

export function returnsUntyped(probe: ProbeView): boolean {
  return probe.points.length > 0 && probe.points.every((p) => p.provider === 'kretprobe' || p.provider === 'uretprobe');
}

/** Functions of well-known libraries that return -1 when they fail: bits of their result. */
const LIBRARY_BITS: Readonly<Record<string, number>> = Object.fromEntries([
  ...['read', 'write', 'pread', 'pwrite', 'pread64', 'pwrite64', 'readv', 'writev', 'send', 'sendto', 'sendmsg', 'recv', 'recvfrom', 'recvmsg', 'getline', 'getdelim', 'readlink', 'sendfile', 'sendfile64', 'splice', 'copy_file_range'].map((name) => [name, 64] as const),
  ...['SSL_read', 'SSL_write'].map((name) => [name, 32] as const),
]);

/** The signed integer all traced functions return, as BTF tells or a library promises; undefined when one returns something else or is not known. */
export function signedResult(view: View, probe: ProbeView): Signed | undefined {
  const found = probe.points.map((p) => {
    const functionName = p.parts.at(-1) ?? '';
    const libc = p.provider === 'uretprobe' ? LIBRARY_BITS[functionName] : undefined;
    if (libc !== undefined) return { functionName, bits: libc };
    const func = p.provider === 'kretprobe' || p.provider === 'fexit' ? view.analysis.options.inventory.func(functionName) : undefined;
    const bits = func && signedBits(func.proto.returns());
    return bits === undefined ? undefined : { functionName, bits };
  });
  return found.every((f) => f !== undefined) ? found[0] : undefined;
}

function signedBits(type: CType): number | undefined {
  const at = resolve(type);
  return at.kind === 'int' && at.signed && at.encoding === undefined && at.size >= 4 ? at.size * 8 : undefined;
}

export function returnsPointer(view: View, probe: ProbeView): boolean {
  return probe.points.some((p) => p.provider === 'kretprobe' && resolveReturn(view, p.parts.at(-1) ?? '') === 'pointer');
}

export function resolveReturn(view: View, name: string): CType['kind'] | undefined {
  const func = view.analysis.options.inventory.func(name);
  return func && resolve(func.proto.returns()).kind;
}
