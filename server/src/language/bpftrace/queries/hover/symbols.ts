import { plural } from '../../../../base/text.ts';
import type { Analysis, Sym } from '../../analysis/analysis.ts';
import { describeType } from '../../analysis/types.ts';
import { symbolDetail } from '../complete/names.ts';
import { itemAt } from '../../syntax/walk.ts';
import type { HoverBody } from './hover.ts';

/** What the program itself declares: maps and variables with their inferred types, macros, C types. */
export function hoverSymbol(analysis: Analysis, sym: Sym): HoverBody {
  const written = declaration(analysis, sym);
  return { code: written ?? symbolLine(sym), language: written !== undefined && isC(sym) ? 'c' : 'bpftrace', notes: [...usage(sym), ...member(sym)], links: [] };
}

function symbolLine(sym: Sym): string {
  const detail = symbolDetail(sym);
  if (sym.kind === 'map') return detail.startsWith('[') ? `${sym.name}${detail}` : `${sym.name}${detail === '' ? '' : ` : ${detail}`}`;
  return detail === '' ? sym.name : `${sym.name} : ${detail}`;
}

function isC(sym: Sym): boolean {
  return sym.kind !== 'macro' && sym.kind !== 'function';
}

/** Most lines of a declaration that are shown. */
const LINES = 16;

/** The text that declares it, for what stands in the program as a whole. */
function declaration({ document }: Analysis, sym: Sym): string | undefined {
  if (!/^(?:macro|function|struct|enum|define|typedef)$/.test(sym.kind)) return undefined;
  const placed = itemAt(document, sym.definition.start);
  if (!placed) return undefined;
  const lines = document.text.slice(placed.start, placed.end).split(/\r\n|\n|\r/);
  return lines.length > LINES ? [...lines.slice(0, LINES), `… ${plural(lines.length - LINES, 'more line')}`].join('\n') : lines.join('\n');
}

function usage(sym: Sym): string[] {
  return sym.kind === 'map' ? [`Used ${plural(sym.references.length, 'time')} in this program.`] : [];
}

function member(sym: Sym): string[] {
  if (sym.container === undefined) return [];
  const value = sym.kind === 'enum-member' && sym.type ? ` (${describeType(sym.type)})` : '';
  return [`Of \`${sym.container}\`${value}.`];
}
