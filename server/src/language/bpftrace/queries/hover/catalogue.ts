import { describeType } from '../../analysis/types.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { Identifier } from '../../syntax/ast.ts';
import type { PlacedItem } from '../../syntax/document.ts';
import { builtin, func } from '../../catalogue.ts';
import { probeAt } from '../complete/names.ts';
import { bpftraceDocs } from '../docs.ts';
import { declareField, namedFields, recordOf } from '../record.ts';
import { overloadsIn, signatureText } from '../signature.ts';
import type { HoverBody } from './hover.ts';
import { versionsText } from './versions.ts';

/** Fields shown of `args`. */
const SHOWN = 40;

export function hoverBuiltin(analysis: Analysis, node: Identifier, placed: PlacedItem): HoverBody | undefined {
  const known = builtin(node.name);
  if (!known) return undefined;
  const type = analysis.typeOf(node);
  const typeText = type && type.kind !== 'unknown' ? describeType(type) : known.type === 'unknown' ? '' : known.type;
  const args = node.name === 'args' ? declareArgs(analysis, placed) : undefined;
  return {
    code: args ?? (typeText === '' ? node.name : `${node.name} : ${typeText}`),
    language: args === undefined ? 'bpftrace' : 'c',
    notes: [known.summary, ...(known.caveat === undefined ? [] : [known.caveat]), ...versionsText(known, analysis.options)],
    links: [bpftraceDocs(analysis.options.version, 'stdlib')],
  };
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
