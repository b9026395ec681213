import { printCType, type CField } from '../../../../kernel/ctype.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { rulesOf, type Rules } from '../../analysis/rules.ts';
import { describeType } from '../../analysis/types.ts';
import { meaningOfArgument } from '../argument.ts';
import { notesOf, type Described } from '../described.ts';
import { declareField, namedFields, placeOfField, recordOf } from '../record.ts';
import { nothing, type Completion, type Completions } from './completion.ts';
import type { Place } from './place.ts';

type Member = Extract<Place, { kind: 'member' }>;

/** Fields of what stands before `.` or `->`; the operator is put right where the other one is needed. */
export function completeMember(place: Member, analysis: Analysis): Completions {
  const type = place.field && analysis.typeOf(place.field.object);
  if (type?.kind === 'tuple') {
    const items = type.elements.map((element, i): Completion => {
      const label = type.names?.[i] ?? String(i);
      return { label, kind: 'field', detail: describeType(element), span: place.span, newText: label, rank: i };
    });
    return { items, incomplete: false };
  }
  const record = recordOf(type);
  if (!record) return nothing;
  const written = analysis.document.text.slice(place.op.start, place.op.end);
  const wanted = operatorFor(record, written, rulesOf(analysis.options.version));
  return { items: namedFields(record.struct).map((field, i) => fieldItem(field, i, place, { operator: written === wanted ? undefined : wanted, notes: (described) => (record.args ? meaningOfArgument(analysis, place.op, field.name, described) : notesOf([`${record.struct.kind} ${record.struct.name}.${field.name}`], described)) })), incomplete: false };
}

/** The operator that this version understands here; the written one where both will do. */
function operatorFor({ pointer, args }: { pointer: boolean; args: boolean }, written: string, rules: Rules): '.' | '->' {
  if (args) return written === '->' || !rules.argsIsStruct ? '->' : '.';
  return pointer && !(written === '.' && rules.modern) ? '->' : '.';
}

function fieldItem(field: CField, index: number, { span, op }: Pick<Member, 'span' | 'op'>, { operator, notes }: { operator: '.' | '->' | undefined; notes: (described: Described) => readonly string[] }): Completion {
  return {
    label: field.name,
    kind: 'field',
    detail: printCType(field.type()),
    span: operator ? { start: op.start, end: span.end } : span,
    newText: `${operator ?? ''}${field.name}`,
    ...(operator ? { filter: `${operator === '.' ? '->' : '.'}${field.name}` } : {}),
    // As declared: neighbours belong together.
    rank: index,
    documentation: (described) => [`\`\`\`c\n${declareField(field)}\n\`\`\`\n${placeOfField(field)}`, ...notes(described)].join('\n\n'),
  };
}
