import { printCType } from '../../../kernel/ctype.ts';
import type { Signature, SignatureAnswer } from '../../bpftrace/queries/signature.ts';
import type { CAnalysis } from '../analysis/analyze.ts';
import { argumentText } from '../analysis/prototype.ts';
import { helperNamed } from '../catalogue/helpers.ts';
import { kfuncNamed } from '../catalogue/kfuncs.ts';
import { itemAt } from '../syntax/document.ts';
import { openCall } from './call.ts';
import { tokensBefore } from './expression.ts';

/** Parameters of the helper or kfunc whose call is being written at an offset. */
export function signatureC(analysis: CAnalysis, offset: number): SignatureAnswer | undefined {
  const placed = itemAt(analysis.document, offset);
  const call = placed && openCall(tokensBefore(placed, offset));
  const signature = call && (analysis.declared.has(call.name) ? undefined : signatureOf(analysis, call.name));
  return signature && { signatures: [signature], active: 0, argument: Math.min(call.args.length - 1, Math.max(0, signature.params.length - 1)) };
}

function signatureOf({ inventory }: CAnalysis, name: string): Signature | undefined {
  const helper = helperNamed(name);
  if (helper) return build(name, helper.params, helper.returns, [helper.summary, ...(helper.result === '' ? [] : [`Returns: ${helper.result}`])].join('\n\n'));
  const proto = inventory.kfuncs().includes(name) ? inventory.func(name)?.proto : undefined;
  const known = kfuncNamed(name);
  return proto && build(name, proto.params.map(argumentText), printCType(proto.returns()), known ? [known.summary, ...(known.result === '' ? [] : [`Returns: ${known.result}`])].join('\n\n') : '');
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
