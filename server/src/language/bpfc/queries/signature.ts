import type { Signature, SignatureAnswer } from '../../bpftrace/queries/signature.ts';
import type { CAnalysis } from '../analysis/analyze.ts';
import { argumentText } from '../analysis/prototype.ts';
import { helperNamed } from '../catalogue/helpers.ts';
import { itemAt } from '../syntax/document.ts';
import { tokens, type CToken } from '../syntax/tokens.ts';

/** Parameters of the helper or kfunc whose call is being written at an offset. */
export function signatureC(analysis: CAnalysis, offset: number): SignatureAnswer | undefined {
  const call = openCall(analysis, offset);
  const signature = call && (analysis.declared.has(call.name) ? undefined : signatureOf(analysis, call.name));
  return signature && { signatures: [signature], active: 0, argument: Math.min(call.argument, Math.max(0, signature.params.length - 1)) };
}

function signatureOf({ inventory }: CAnalysis, name: string): Signature | undefined {
  const helper = helperNamed(name);
  if (helper) return build(name, helper.params, helper.returns, [helper.summary, ...(helper.result === '' ? [] : [`Returns: ${helper.result}`])].join('\n\n'));
  const proto = inventory.kfuncs().includes(name) ? inventory.func(name)?.proto : undefined;
  return proto && build(name, proto.params.map(argumentText), undefined, '');
}

function build(name: string, written: readonly string[], returns: string | undefined, documentation: string): Signature {
  const params: [number, number][] = [];
  let label = `${name}(`;
  written.forEach((text, i) => {
    if (i > 0) label += ', ';
    params.push([label.length, label.length + text.length]);
    label += text;
  });
  return { label: `${label})${returns === undefined ? '' : ` → ${returns}`}`, params, documentation };
}

/** The innermost call that is open at an offset, and the number of the argument there. */
function openCall({ document }: CAnalysis, offset: number): { readonly name: string; readonly argument: number } | undefined {
  const placed = itemAt(document, offset);
  const open: { name: string | undefined; argument: number }[] = [];
  let last: CToken | undefined;
  for (const token of placed ? tokens(placed.item.text) : []) {
    if ((placed?.start ?? 0) + token.end > offset) break;
    if (token.text === '(' || token.text === '{' || token.text === '[') open.push({ name: token.text === '(' && last?.kind === 'word' ? last.text : undefined, argument: 0 });
    else if (token.text === ')' || token.text === '}' || token.text === ']') open.pop();
    else if (token.text === ',' && open.length > 0) (open.at(-1) ?? { argument: 0 }).argument++;
    last = token;
  }
  // Brackets without a name only group.
  for (const { name, argument } of open.toReversed()) if (name !== undefined) return { name, argument };
  return undefined;
}
