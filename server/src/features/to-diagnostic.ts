import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver/node';
import type { Finding } from '../checks/finding.ts';
import { explainedCodes } from '../language/bpftrace/lints/lint.ts';

const SEVERITY = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information } as const;

/** `logShown`: the editor shows the verifier's log itself, so that what is quoted of it is left out. */
export function toDiagnostic(uri: string, found: Finding, logShown = false): Diagnostic {
  const page = pageOf(found.code);
  const placed = found.evidence.flatMap((e) => (e.range ? [{ location: { uri, range: e.range }, message: e.message }] : []));
  const rest = found.evidence.flatMap((e) => (e.range || (logShown && found.check === 'load' && e.message.includes('\n')) ? [] : [e.message]));
  return {
    range: found.range,
    severity: SEVERITY[found.severity],
    source: `kgent ${found.check}`,
    code: found.code,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    message: [found.message, ...rest].join('\n'),
    ...(placed.length > 0 ? { relatedInformation: placed } : {}),
  };
}

/** The page that explains a code; it lies beside the server. */
function pageOf(code: string): string | undefined {
  return explainedCodes.has(code) ? pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'findings', `${code}.md`)).href : undefined;
}
