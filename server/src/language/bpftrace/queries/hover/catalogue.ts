import { printCType } from '../../../../kernel/ctype.ts';
import { describeType } from '../../analysis/types.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Identifier } from '../../syntax/ast.ts';
import type { PlacedItem } from '../../syntax/document.ts';
import { builtin, func } from '../../catalogue.ts';
import { probeAt } from '../complete/names.ts';
import { bpftraceDocs } from '../docs.ts';
import { declareField, namedFields, recordOf } from '../record.ts';
import { overloadsIn, signatureText } from '../signature.ts';
import { meaningOfArgument } from '../argument.ts';
import type { Described } from '../described.ts';
import type { HoverBody } from './hover.ts';
import { withName } from './attach-point.ts';
import { versionsText } from './versions.ts';

/** Fields shown of `args`. */
const SHOWN = 40;

export function hoverBuiltin(analysis: Analysis, node: Identifier, placed: PlacedItem, described: Described): HoverBody | undefined {
  const known = builtin(node.name);
  if (!known) return undefined;
  const type = analysis.typeOf(node);
  const typeText = type && type.kind !== 'unknown' ? describeType(type) : known.type === 'unknown' ? '' : known.type;
  const args = node.name === 'args' ? declareArgs(analysis, placed) : undefined;
  return {
    code: args ?? (typeText === '' ? node.name : `${node.name} : ${typeText}`),
    language: args === undefined ? 'bpftrace' : 'c',
    notes: [...ofThisProbe(analysis, node.name, placed, described), known.summary, ...(known.caveat === undefined ? [] : [known.caveat]), ...versionsText(known, analysis.options)],
    links: [bpftraceDocs(analysis.options.version, 'stdlib')],
  };
}

/** What `arg0` or `retval` is in the function that the probe around is on. */
function ofThisProbe(analysis: Analysis, name: string, placed: PlacedItem, described: Described): readonly string[] {
  const [point, another] = probeAt(analysis, placed.start)?.attachPoints ?? [];
  const func = another || !point ? undefined : analysis.options.inventory.func(point.parts.at(-1) ?? '');
  const number = /^arg(\d)$/.exec(name)?.[1];
  if (name === 'retval') return meaningOfArgument(analysis, placed, 'retval', described);
  const param = number === undefined || !/^k(?:ret)?probe$/.test(point?.provider ?? '') ? undefined : func?.proto.params[Number(number)];
  if (!param) return [];
  return [`\`${withName(printCType(param.type()), param.name)}\` of \`${point?.parts.at(-1) ?? ''}\`.`, ...meaningOfArgument(analysis, placed, param.name, described)];
}

/** What the arguments of the probe around are. */
function declareArgs(analysis: Analysis, placed: PlacedItem): string | undefined {
  const record = recordOf(probeAt(analysis, placed.start)?.args);
  if (!record) return undefined;
  const fields = namedFields(record.struct);
  const more = fields.length > SHOWN ? [`    // and ${fields.length - SHOWN} more`] : [];
  return ['args {', ...fields.slice(0, SHOWN).map((f) => `    ${declareField(f)};`), ...more, '}'].join('\n');
}

export function hoverFunction(analysis: Analysis, name: string): HoverBody | undefined {
  const known = func(name);
  const { version } = analysis.options;
  if (!known) {
    const called = builtin(name);
    return called && { code: `${name}() : ${called.type}`, language: 'bpftrace', notes: [called.summary, ...versionsText(called.call ?? called, analysis.options)], links: [bpftraceDocs(version, 'stdlib')] };
  }
  const unsafe = known.unsafe ? ['Changes the system: needs `--unsafe`.'] : [];
  return {
    code: overloadsIn(known, version).map((overload) => signatureText(known, overload).label).join('\n'),
    language: 'bpftrace',
    notes: [known.summary, ...(known.caveat === undefined ? [] : [known.caveat]), ...unsafe, ...versionsText(known, analysis.options)],
    links: [bpftraceDocs(version, 'stdlib')],
  };
}
