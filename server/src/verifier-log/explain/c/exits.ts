import type { Code } from './code.ts';
import type { FunctionOutline, Statement } from './outline.ts';
import { assigns, literal } from './text.ts';

/** What was taken and what would give it back. */
export interface Taken {
  /** The line that takes it. */
  readonly line: number;
  /** The variable that holds it, where it is not a region such as a lock's. */
  readonly variable?: string;
  readonly release: RegExp;
}

/** One way through the statements: whether the thing is still held, and the line by which the way left the others. */
interface Way {
  readonly held: boolean;
  readonly via?: number;
}

/** Ways are merged where they say the same; more than these a function of a program has not. */
const MAX_WAYS = 12;

/** The lines by which a function ends, or forgets the thing, while it is held. */
export function unreleasedExits(code: Code, taken: Taken): readonly number[] {
  const of = code.functionAt(taken.line);
  if (!of || of.line === 0) return [];
  const walk = new Walk(of, taken);
  const left = walk.statements(of.body, [{ held: false }]);
  for (const way of left) if (way.held) walk.exits.add(way.via ?? of.body.at(-1)?.line ?? of.end);
  return [...walk.exits];
}

class Walk {
  readonly exits = new Set<number>();
  readonly #of: FunctionOutline;
  readonly #taken: Taken;
  readonly #waiting = new Map<string, Way[]>();
  /** Ways that leave the loop or switch around, the innermost last. */
  readonly #leaving: Way[][] = [];

  constructor(of: FunctionOutline, taken: Taken) {
    this.#of = of;
    this.#taken = taken;
  }

  statements(list: readonly Statement[], ways: readonly Way[]): Way[] {
    let now = [...ways];
    for (const s of list) now = distinct(this.#one(s, now));
    return now;
  }

  #one(s: Statement, before: readonly Way[]): Way[] {
    if (s.kind === 'label') {
      const name = /^\w+/.exec(s.text)?.[0] ?? '';
      return [...before, ...(this.#waiting.get(name) ?? [])];
    }
    const ways = s.kind === 'do' ? [...before] : this.#head(s, before);
    switch (s.kind) {
      case 'return':
        for (const way of ways) if (way.held && !this.#handsOn(s)) this.exits.add(way.via ?? s.line);
        return [];
      case 'goto':
        return this.#goto(s, ways);
      case 'break':
      case 'continue':
        return this.#leave(s, ways);
      case 'if':
        return this.#if(s, ways);
      case 'switch':
        return this.#switch(s, ways);
      case 'loop':
      case 'do':
        return this.#loop(s, ways);
      case 'block':
        return this.statements(s.body, ways);
      default:
        return ways;
    }
  }

  /** What a statement's own words do: take, give back, or overwrite. */
  #head(s: Statement, ways: readonly Way[]): Way[] {
    const { line, variable, release } = this.#taken;
    const takes = s.line <= line && line <= s.headEnd;
    if (takes) {
      // The next turn of a loop takes another over one that is still held.
      if (variable !== undefined && s.kind === 'simple' && ways.some((way) => way.held)) this.exits.add(s.line);
      return [{ held: true }];
    }
    if (release.test(s.text)) return ways.map(() => ({ held: false }));
    if (variable !== undefined && s.kind === 'simple' && overwrites(s.text, variable) && ways.some((way) => way.held)) {
      this.exits.add(s.line);
      return ways.map(() => ({ held: false }));
    }
    return [...ways];
  }

  #handsOn(s: Statement): boolean {
    return this.#taken.variable !== undefined && new RegExp(`^return\\s+(?:\\([^()]*\\)\\s*)?${literal(this.#taken.variable)}\\s*;`).test(s.text);
  }

  #goto(s: Statement, ways: readonly Way[]): Way[] {
    const name = /^goto\s+(\w+)/.exec(s.text)?.[1] ?? '';
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), ...ways.map((way) => (way.held ? { held: true, via: way.via ?? s.line } : way))]);
    return [];
  }

  #leave(s: Statement, ways: readonly Way[]): Way[] {
    const around = this.#leaving.at(-1);
    // The next turn takes another over this one.
    if (s.kind === 'continue' && ways.some((way) => way.held) && this.#takenIn(s)) {
      this.exits.add(s.line);
      return [];
    }
    around?.push(...ways.map((way) => (way.held && s.kind === 'break' ? { held: true, via: way.via ?? s.line } : way)));
    return [];
  }

  /** Whether the thing is taken in the loop that a `continue` goes round. */
  #takenIn(s: Statement): boolean {
    const loops: Statement[] = [];
    const search = (list: readonly Statement[]): void => {
      for (const each of list) {
        if ((each.kind === 'loop' || each.kind === 'do') && each.line <= s.line && s.line <= each.end) loops.push(each);
        search(each.body);
        search(each.otherwise);
      }
    };
    search(this.#of.body);
    const inner = loops.at(-1);
    return inner !== undefined && inner.line <= this.#taken.line && this.#taken.line <= inner.end;
  }

  #if(s: Statement, ways: readonly Way[]): Way[] {
    const [then, otherwise] = this.#known(s, ways);
    const after = this.statements(s.body, then);
    const other = this.statements(s.otherwise, otherwise);
    const gaveBack = (from: readonly Way[], to: readonly Way[]): boolean => from.some((way) => way.held) && to.some((way) => !way.held);
    const lost = (list: readonly Way[], of: readonly Statement[]): Way[] => list.map((way) => (way.held && way.via === undefined ? { held: true, via: of.at(-1)?.line ?? s.line } : way));
    if (gaveBack(then, after) && s.otherwise.length > 0) return [...after, ...lost(other, s.otherwise)];
    if (gaveBack(otherwise, other)) return [...lost(after, s.body), ...other];
    return [...after, ...other];
  }

  /** Where the condition only asks whether there is something, one side holds nothing. */
  #known(s: Statement, ways: readonly Way[]): [readonly Way[], readonly Way[]] {
    const { variable } = this.#taken;
    if (variable === undefined) return [ways, ways];
    const nothing = ways.map(() => ({ held: false }));
    const word = literal(variable);
    const condition = /^if\s*\(([\s\S]*)\)$/.exec(s.text)?.[1]?.trim().replace(/^(?:unlikely|likely|__builtin_expect)\s*\(([\s\S]*?)(?:,\s*\d)?\)$/, '$1').trim() ?? '';
    if (new RegExp(`^(?:!\\s*\\(?\\s*${word}\\s*\\)?|${word}\\s*==\\s*(?:NULL|0)|(?:NULL|0)\\s*==\\s*${word})$`).test(condition)) return [nothing, ways];
    if (new RegExp(`^(?:\\(?${word}\\)?|${word}\\s*!=\\s*(?:NULL|0)|(?:NULL|0)\\s*!=\\s*${word})$`).test(condition)) return [ways, nothing];
    return [ways, ways];
  }

  #switch(s: Statement, ways: readonly Way[]): Way[] {
    this.#leaving.push([]);
    let now: Way[] = [];
    let last: Statement | undefined;
    const out = new Map<Statement | undefined, Way[]>();
    for (const each of s.body) {
      if (each.kind === 'case') now = [...now, ...ways];
      const before = this.#leaving.at(-1)?.length ?? 0;
      now = distinct(this.#one(each, now));
      const left = this.#leaving.at(-1)?.splice(before) ?? [];
      if (left.length > 0) out.set(last, [...(out.get(last) ?? []), ...left.map((way) => (way.held ? { held: true } : way))]);
      last = each;
    }
    this.#leaving.pop();
    if (now.length > 0) out.set(last, [...(out.get(last) ?? []), ...now]);
    if (!s.body.some((each) => each.kind === 'case' && /^default\b/.test(each.text))) out.set(undefined, [...(out.get(undefined) ?? []), ...ways]);
    const released = ways.some((way) => way.held) && [...out.values()].flat().some((way) => !way.held);
    return [...out].flatMap(([from, list]) => list.map((way) => (way.held && released && way.via === undefined ? { held: true, via: from?.line ?? s.line } : way)));
  }

  #takenInside(s: Statement): boolean {
    return s.line <= this.#taken.line && this.#taken.line <= s.end;
  }

  #loop(s: Statement, ways: readonly Way[]): Way[] {
    this.#leaving.push([]);
    const first = this.statements(s.body, ways);
    const again = this.#takenInside(s) && first.some((way) => way.held && way.via === undefined);
    const after = again ? this.statements(s.body, first) : first;
    const ended = s.kind === 'do' ? this.#head(s, after) : after;
    const left = this.#leaving.pop() ?? [];
    const endless = /^(?:while\s*\(\s*(?:1|true)\s*\)|for\s*\(\s*;\s*;\s*\))$/.test(s.text);
    return endless ? left : [...(s.kind === 'do' ? [] : ways), ...ended, ...left];
  }
}

/** Whether a statement gives the variable itself another value, not an element of what it points to. */
function overwrites(text: string, variable: string): boolean {
  return assigns(text.replaceAll(new RegExp(`\\b${literal(variable)}\\s*\\[`, 'g'), '['), variable);
}

function distinct(ways: readonly Way[]): Way[] {
  const kept = new Map<string, Way>();
  for (const way of ways) kept.set(`${way.held} ${way.via ?? ''}`, way);
  return [...kept.values()].slice(0, MAX_WAYS);
}
