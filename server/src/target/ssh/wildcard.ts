/** A pattern of OpenSSH (`*` any text, `?` one character, nothing else is special) as an expression. */
export function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`, 's');
}

/**
 * True when `text` matches one of the patterns and none of the negated ones (`!pattern`), as
 * PATTERNS in ssh_config(5) says.
 */
export function matchesPatterns(text: string, patterns: readonly string[]): boolean {
  const matches = (pattern: string): boolean => wildcard(pattern).test(text);
  if (patterns.some((p) => p.startsWith('!') && matches(p.slice(1)))) return false;
  return patterns.some((p) => !p.startsWith('!') && matches(p));
}
