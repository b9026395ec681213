import { UserError } from './error.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `5s`, `1.5m`, `200ms`, `1h`; a bare number counts seconds. Throws UserError. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const ms = match ? Number(match[1]) * (UNITS[match[2] ?? 's'] ?? NaN) : NaN;
  if (!Number.isFinite(ms) || ms <= 0) {
    throw new UserError('bad-duration', `'${text}' is no duration. Write for example 5s, 500ms or 2m.`);
  }
  return ms;
}
