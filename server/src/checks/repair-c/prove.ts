import type { Explanation } from '../../verifier-log/explain/explain.ts';
import type { Repair } from '../finding.ts';
import { repaired } from '../repairs.ts';
import { LineIndex } from '../../base/line-index.ts';

/** What came of compiling a text and loading it on the target. */
export type Verdict =
  | { readonly kind: 'loaded' }
  /** Without explanations where nobody can say why. */
  | { readonly kind: 'refused'; readonly explanations: readonly Explanation[] }
  /** It does not compile. */
  | { readonly kind: 'broken' }
  /** Nobody could say: the target is gone, the time is up. */
  | { readonly kind: 'unknown' };

export interface Prover {
  readonly judge: (text: string) => Promise<Verdict>;
  readonly repairs: (explanation: Explanation, text: string) => readonly Repair[];
  readonly signal?: AbortSignal | undefined;
}

/** How much may be tried for one rejection. */
export interface ProofLimits {
  readonly tries: number;
  readonly ms: number;
  /** A repair often uncovers what the verifier had not come to: repairs one after the other. */
  readonly depth: number;
}

export const PROOF_LIMITS: ProofLimits = { tries: 24, ms: 20_000, depth: 5 };

interface Budget {
  left: number;
  readonly until: number;
}

interface Step {
  readonly text: string;
  readonly explanation: Explanation;
  readonly titles: readonly string[];
}

/**
 * The repairs of one rejection, the first that was proved marked as sure: the repaired text was compiled and loaded, this
 * rejection is gone and no other program is rejected that was not before. What does not compile is left out. Where a
 * repair uncovers another rejection of the same program, what repairs that is tried with it, and both become one repair.
 */
export async function provedRepairs(text: string, explanation: Explanation, before: readonly Explanation[], prover: Prover, limits: ProofLimits = PROOF_LIMITS): Promise<readonly Repair[]> {
  const offered = prover.repairs(explanation, text);
  const budget: Budget = { left: limits.tries, until: Date.now() + limits.ms };
  const broken = new Set<string>();
  const others = before.filter((each) => keyOf(each) !== keyOf(explanation));
  const found = await search(text, { text, explanation, titles: [] }, others, prover, budget, limits.depth, broken);
  const left = offered.filter((repair) => !broken.has(repaired(text, repair)) && repaired(text, repair) !== found?.text);
  return found ? [asOne(text, found), ...left] : left;
}

/** A repair waiting to be tried. */
interface Trial {
  readonly from: Step;
  readonly repair: Repair;
  readonly text: string;
  readonly cost: number;
}

/** How many further choices for one rejection come before a first one for what it uncovered. */
const DEPTH_COST = 1;

/** The likeliest first: the earlier a repair is offered, and the fewer there are one after the other. */
async function search(original: string, from: Step, others: readonly Explanation[], prover: Prover, budget: Budget, depth: number, broken: Set<string>): Promise<Step | undefined> {
  const seen = new Set([squeezed(original)]);
  const waiting: Trial[] = [];
  const offer = (step: Step, cost: number): void => {
    for (const [i, repair] of prover.repairs(step.explanation, step.text).entries()) {
      const text = repaired(step.text, repair);
      if (seen.has(squeezed(text))) continue;
      seen.add(squeezed(text));
      waiting.push({ from: step, repair, text, cost: cost + i });
    }
    waiting.sort((a, b) => a.cost - b.cost);
  };
  offer(from, 0);
  for (let trial = waiting.shift(); trial; trial = waiting.shift()) {
    if (budget.left-- <= 0 || Date.now() > budget.until || prover.signal?.aborted) return undefined;
    const { text, repair, from: before } = trial;
    const verdict = await prover.judge(text);
    if (verdict.kind === 'unknown') return undefined;
    if (verdict.kind === 'broken') broken.add(text);
    const titles = [...before.titles, repair.title];
    const rest = verdict.kind === 'refused' ? verdict.explanations.filter((each) => !others.some((other) => sameProgram(other, each))) : [];
    if (verdict.kind === 'loaded' || (verdict.kind === 'refused' && verdict.explanations.length > 0 && rest.length === 0)) return { text, explanation: before.explanation, titles };
    const [uncovered] = rest;
    if (uncovered && rest.length === 1 && titles.length < depth && isProgress(before, uncovered, text)) offer({ text, explanation: uncovered, titles }, trial.cost + DEPTH_COST);
  }
  return undefined;
}

/** Texts that differ in their blanks only are one try. */
function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** Another complaint, or the same one elsewhere: a second way out that keeps what the first kept. */
function isProgress({ text: before, explanation }: Step, now: Explanation, text: string): boolean {
  if (keyOf(now) !== keyOf(explanation)) return true;
  const [was, is] = [explanation.cause.line, now.cause.line];
  if (was === undefined || is === undefined || was === is) return false;
  return linesOf(before) - was !== linesOf(text) - is;
}

function linesOf(text: string): number {
  return text.split('\n').length;
}

function sameProgram(a: Explanation, b: Explanation): boolean {
  return a.program === b.program;
}

function keyOf({ program, class: kind, rejected, need }: Explanation): string {
  return JSON.stringify([program, kind, rejected.text, need]);
}

/** Several edits one after the other as one repair of the text they began with. */
function asOne(original: string, { text, titles }: Step): Repair {
  const lines = new LineIndex(original);
  return { title: titles.map((title, i) => (i === 0 ? title : title.charAt(0).toLowerCase() + title.slice(1))).join('; then '), sure: true, edits: difference(original, text).map(({ start, end, newText }) => ({ range: lines.range({ start, end }), newText })) };
}

/** Line by line: what is equal at both ends and in between stays out of the edits. */
function difference(before: string, after: string): { start: number; end: number; newText: string }[] {
  const a = before.split(/(?<=\n)/);
  const b = after.split(/(?<=\n)/);
  const common = commonLines(a, b);
  const edits: { start: number; end: number; newText: string }[] = [];
  let [i, j, at] = [0, 0, 0];
  for (const [x, y] of [...common, [a.length, b.length] as const]) {
    const gone = a.slice(i, x).join('');
    const come = b.slice(j, y).join('');
    if (gone !== come) edits.push({ start: at, end: at + gone.length, newText: come });
    at += gone.length + (a[x]?.length ?? 0);
    [i, j] = [x + 1, y + 1];
  }
  return edits;
}

/** Pairs of lines that both texts have, in order, as many as there are. */
function commonLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [n, m] = [a.length - head - tail, b.length - head - tail];
  const pairs: (readonly [number, number])[] = Array.from({ length: head }, (_, k) => [k, k] as const);
  const longest = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
  for (let i = n - 1; i >= 0; i--) for (let j = m - 1; j >= 0; j--) {
    const row = longest[i];
    if (row) row[j] = a[head + i] === b[head + j] ? (longest[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(longest[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
  }
  for (let i = 0, j = 0; i < n && j < m; ) {
    if (a[head + i] === b[head + j]) pairs.push([head + i++, head + j++]);
    else if ((longest[i + 1]?.[j] ?? 0) >= (longest[i]?.[j + 1] ?? 0)) i++;
    else j++;
  }
  return [...pairs, ...Array.from({ length: tail }, (_, k) => [a.length - tail + k, b.length - tail + k] as const)];
}
