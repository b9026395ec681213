import { shift } from '../../../base/span.ts';
import { withPlaces, type Problem } from '../../bpftrace/problem.ts';
import type { PlacedCItem } from '../syntax/document.ts';
import type { CItem } from '../syntax/item.ts';
import { programOf, type CAnalysis, type CProgram } from './analyze.ts';
import { checkArguments } from './check/arguments.ts';
import { checkContext } from './check/context.ts';
import { checkHelpers } from './check/helpers.ts';
import { checkLicence, firstUnderGpl } from './check/licence.ts';
import { checkMap } from './check/maps.ts';
import { checkMapUses } from './check/map-uses.ts';
import { checkLegacyMap, checkSectionless } from './check/no-program.ts';
import { checkSection } from './check/sections.ts';
import type { CPiece } from './shared.ts';

/**
 * Everything that is wrong with a BPF C program and that the compiler does not see, by place. What was found of an item is
 * taken over while the item, what all share and the programs that reach it are the same.
 */
export function checkC(analysis: CAnalysis): Problem[] {
  const pieces = analysis.document.items.map((placed) => ({ placed, piece: pieceOf(placed.item, analysis) }));
  const found = pieces.flatMap(({ placed: { start }, piece: { problems } }) => problems.map((problem) => withPlaces(problem, (span) => shift(span, start))));
  const first = pieces.find(({ piece }) => piece.gplOnly);
  return [...found, ...checkSectionless(analysis), ...checkLicence(analysis, first?.piece.gplOnly && { ...first.piece.gplOnly, ...shift(first.piece.gplOnly, first.placed.start) })].toSorted((a, b) => a.span.start - b.span.start);
}

/** What is found of an item; the same object while nothing it depends on changed. */
export function pieceOf(item: CItem, analysis: CAnalysis): CPiece {
  const { shared } = analysis;
  const { declaration } = item;
  const programs = declaration.kind === 'function' ? analysis.reachedBy(declaration.name) : [];
  const key = programs.map(({ fn, sectionName }) => `${fn.name} ${sectionName}`).join('\n');
  const known = shared.pieces.get(item);
  if (known?.reachedBy === key) return known;
  const piece: CPiece = { reachedBy: key, problems: check(item, programs, analysis), gplOnly: firstUnderGpl(item, analysis) };
  shared.pieces.set(item, piece);
  return piece;
}

/** Checks an item as if it stood at the start of the document. */
function check(item: CItem, programs: readonly CProgram[], analysis: CAnalysis): Problem[] {
  const placed: PlacedCItem = { item, start: 0, end: item.text.length };
  const { declaration } = item;
  if (declaration.kind === 'map') return declaration.entries.length === 0 ? [] : checkMap(placed, declaration, analysis);
  if (declaration.kind !== 'function') return checkLegacyMap(placed, declaration);
  const own = programOf(placed, declaration);
  return [...(own ? [...checkSection(own, analysis), ...checkArguments(own, analysis), ...checkContext(own, analysis)] : []), ...checkHelpers(placed, declaration, programs, analysis), ...checkMapUses(placed, analysis)];
}
