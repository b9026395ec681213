import type { Integer, Str } from '../ast.ts';
import type { Span } from '../../../../base/span.ts';

const NANOSECONDS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n, d: 86_400_000_000_000n };

/** `0x1F`, `0755`, `1_000`, `1e6`, `10ull`; no number of digits makes it fail. */
export function integer(span: Span, text: string): Integer {
  const [, digits = '0', suffix] = /^(0[xX][0-9a-fA-F_]*|[0-9][0-9_]*(?:[eE][0-9_]+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  const base = { kind: 'integer', start: span.start, end: span.end, text } as const;
  const value = valueOf(digits.replaceAll('_', ''));
  return suffix ? { ...base, value, suffix } : { ...base, value };
}

/** `5ms`, in nanoseconds. */
export function duration(span: Span, text: string): Integer {
  const [, digits = '0', unit = 'ns'] = /^([0-9_]+(?:[eE][0-9_]+)?)([a-z]+)$/.exec(text) ?? [];
  const value = valueOf(digits.replaceAll('_', '')) * (NANOSECONDS[unit] ?? 1n);
  return { kind: 'integer', start: span.start, end: span.end, text, value, suffix: unit, duration: true };
}

/** Longer numbers fit no type; their value does not matter. */
const MAX_DIGITS = 40;

function valueOf(digits: string): bigint {
  if (digits.length > MAX_DIGITS) return 2n ** 64n;
  const [mantissa = '0', exponent] = /^0[xX]/.test(digits) ? [digits] : digits.split(/[eE]/);
  if (exponent !== undefined) return BigInt(mantissa) * 10n ** BigInt(Math.min(Number(exponent), MAX_DIGITS));
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^0[xX]$/.test(digits) ? 0n : BigInt(digits);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"' };

/** A string literal as written, its closing quote perhaps missing. */
export function string(span: Span, raw: string): Str {
  // Single quotes were told of, and are read all the same.
  const inside = raw.replace(/^["']/, '').replace(/((?:^|[^\\])(?:\\\\)*)["']$/, '$1');
  const value = inside.replaceAll(/\\([0-7]{1,3}|[xX][0-9a-fA-F]{1,2}|.)/g, (whole, escape: string) => {
    if (/^[0-7]/.test(escape)) return String.fromCharCode(parseInt(escape, 8) & 0xff);
    if (/^[xX]./.test(escape)) return String.fromCharCode(parseInt(escape.slice(1), 16));
    return ESCAPES[escape] ?? whole;
  });
  return { kind: 'string', start: span.start, end: span.end, value, raw };
}
