import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver/node';
import type { Finding } from '../checks/finding.ts';

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

/** Pages that explain codes lie beside the server. */
const PAGES = join(dirname(fileURLToPath(import.meta.url)), 'findings');
const explained = new Set(existsSync(PAGES) ? readdirSync(PAGES) : []);

function pageOf(code: string): string | undefined {
  const page = `${code}.md`;
  return explained.has(page) ? pathToFileURL(join(PAGES, page)).href : undefined;
}
