import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver/node';
import type { Finding } from '../checks/finding.ts';

const SEVERITY = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information } as const;

export function toDiagnostic(uri: string, found: Finding): Diagnostic {
  const placed = found.evidence.flatMap((e) => (e.range ? [{ location: { uri, range: e.range }, message: e.message }] : []));
  const rest = found.evidence.flatMap((e) => (e.range ? [] : [e.message]));
  return {
    range: found.range,
    severity: SEVERITY[found.severity],
    source: `kgent ${found.check}`,
    code: found.code,
    message: [found.message, ...rest].join('\n'),
    ...(placed.length > 0 ? { relatedInformation: placed } : {}),
  };
}
