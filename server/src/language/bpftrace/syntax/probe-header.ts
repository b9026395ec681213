import type { ItemScanner, Stop } from './item-scanner.ts';
import { isSpace, isWordChar, lineEnd, looksLikeHeader, stringEnd } from './lex.ts';

/**
 * A probe: attach points, perhaps a predicate, the block. What stands behind a colon of an attach point goes on up
 * to white space, a comma or a brace: `//` begins no comment there, and a slash no predicate.
 */
export function scanProbe(scanner: ItemScanner): Stop | 'garbage' {
  if (!attachPoint(scanner)) return 'garbage';
  const { text } = scanner;
  for (let inList = false; ; ) {
    const newLine = scanner.gap();
    const char = text[scanner.pos];
    if (scanner.pos >= scanner.limit || char === undefined) return bodyMissing(scanner, 'end');
    if (char === '{') return body(scanner);
    if (char === ',') {
      if (inList) scanner.brackets.add({ code: 'syntax-error', message: 'No attach point stands before this comma.', span: { start: scanner.pos, end: scanner.pos + 1 } });
      scanner.token(1);
      inList = true;
    } else if (char === '/') return predicate(scanner);
    else if (char === ':' || (text[scanner.significant - 1] === ':' && !(newLine && looksLikeHeader(text, scanner.pos)))) {
      if (!attachPoint(scanner, true)) return bodyMissing(scanner, 'header');
    } else if (inList && attachPoint(scanner)) inList = false;
    else if (char === ';' || looksLikeHeader(text, scanner.pos)) return bodyMissing(scanner, 'header');
    else return braceMissing(scanner);
  }
}

function body(scanner: ItemScanner): Stop {
  const { text, brackets, attachPoints } = scanner;
  for (const { start, end } of attachPoints) {
    // The grammar, as newer versions do, knows no spaces around the colons.
    if (/\s/.test(text.slice(start, end).replaceAll(/"[^"]*"/g, ''))) brackets.patches.push({ at: start, blank: end - start, insert: 'BEGIN' });
  }
  return scanner.block();
}

/** The brace is missing, and the statements are there. */
function braceMissing(scanner: ItemScanner): Stop {
  const { brackets, significant: at } = scanner;
  brackets.open('{', at, true);
  brackets.patches.push({ at, blank: 0, insert: ' {' });
  const isCondition = /^(?:if\b|\()/.test(scanner.text.slice(scanner.pos, scanner.pos + 3));
  const message = isCondition ? 'A condition of a probe stands between slashes: /pid == 1/' : 'Expected { after the attach points.';
  brackets.add({ code: 'syntax-error', message, span: { start: at, end: at }, quiet: { start: at, end: lineEnd(scanner.text, scanner.pos, scanner.limit) }, repair: { title: 'Add {', newText: ' {' } });
  return scanner.rest();
}

/** False when no attach point stands here. With `goesOn` it is the rest of the last one: 0.17 allows spaces around colons. */
function attachPoint(scanner: ItemScanner, goesOn = false): boolean {
  const { text, pos, attachPoints } = scanner;
  let end = pos;
  let colon = goesOn;
  let unquoted = 0;
  for (; end < scanner.limit; end++) {
    const char = text[end];
    if (char === '"') {
      const quoted = end < unquoted ? undefined : stringEnd(text, end, scanner.limit);
      if (quoted?.closed) end = quoted.end - 1;
      else unquoted = Math.max(unquoted, quoted?.end ?? 0);
    } else if (char === ':') colon = true;
    else if (char === undefined || isSpace(char) || ',{};'.includes(char)) break;
    else if (!colon && !isWordChar(char) && char !== '*' && char !== '?' && !(char === '=' && isLabel(text, end))) break;
  }
  if (end === scanner.pos || (!colon && /[(=$@]/.test(text[end] ?? ''))) return false;
  scanner.token(end - pos);
  const start = goesOn ? (attachPoints.pop()?.start ?? pos) : pos;
  attachPoints.push({ start, end });
  return true;
}

/** `x=kprobe:f` (0.27): nothing but an attach point follows the sign, and no space. */
function isLabel(text: string, at: number): boolean {
  return /[\w*]/.test(text[at + 1] ?? '') && (/=(?:BEGIN|END|begin|end)\b/y.test(text.slice(at, at + 6)) || /^=[\w*]+:/.test(text.slice(at, at + 40)));
}

function predicate(scanner: ItemScanner): Stop {
  const { text, brackets } = scanner;
  const start = scanner.pos;
  scanner.token(1);
  for (;;) {
    const stop = scanner.until('{};');
    const closed = text[scanner.significant - 1] === '/' && scanner.significant > start + 1;
    if (stop !== 'stop' || text[scanner.pos] !== '{') return bodyMissing(scanner, stop, closed ? '' : ' /');
    if (closed) {
      scanner.operandExpected('/', scanner.previous);
      return body(scanner);
    }
    // A block may be part of the condition: `/ if (x) { 1 } else { 0 } /`, `/ { 1 } /`.
    const inCondition = scanner.significant === start + 1 || /^\/\s*if\b/.test(text.slice(start, start + 40));
    if (!inCondition) {
      const at = scanner.significant;
      brackets.patches.push({ at, blank: 0, insert: ' /' });
      brackets.add({
        code: 'syntax-error',
        message: 'Expected / at the end of this predicate.',
        span: { start: at, end: at },
        evidence: [{ span: { start, end: start + 1 }, message: 'begins here' }],
        repair: { title: 'Add /', newText: '/' },
      });
      return body(scanner);
    }
    const ended = scanner.block();
    if (ended !== 'stop') return ended;
  }
}

/** The probe ends where its header does. */
function bodyMissing(scanner: ItemScanner, stop: Stop, slash = ''): Stop {
  const { brackets, significant: at, text } = scanner;
  // Something open swallowed what follows: it is read again up to there.
  if (brackets.depth > 0 && scanner.candidate !== undefined) return stop;
  brackets.finish(at, at);
  brackets.patches.push({ at, blank: 0, insert: `${slash} {}` });
  brackets.add({ code: 'syntax-error', message: 'Expected { after the attach points.', span: { start: at, end: at }, repair: { title: 'Add a block', newText: ' { }' } });
  if (text[scanner.pos] === ';') {
    brackets.patches.push({ at: scanner.pos, blank: 1, insert: '' });
    scanner.token(1);
  }
  return stop;
}
