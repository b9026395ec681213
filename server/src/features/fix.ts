import type { Connection } from 'vscode-languageserver/node';
import type { Finding } from '../checks/finding.ts';
import { allFindings } from '../checks/pipeline.ts';
import type { Engine } from '../engine.ts';
import { fixRequest, generateEvent, type FixParams } from '../protocol.ts';
import { abortOn, forUser } from './request.ts';

/** What is known of a version of a document. */
export type KnownFindings = (uri: string, version: number) => readonly Finding[];

/** Answers `kgent/fix`: hands a finding with its explanation, and the source, to the agent. */
export function registerFix(connection: Connection, engine: Engine, configured: () => Promise<void>, known: KnownFindings): void {
  connection.onRequest(fixRequest, (params, token) =>
    forUser(async () => {
      await configured();
      const signal = abortOn(token);
      const { id, uri, version, text, language } = params;
      const program = { uri, version, text, language };
      const before = toFix(known(uri, version), params);
      const findings = before.length > 0 ? before : toFix(allFindings(await engine.check(program, { signal })), params);
      await engine.author.fix({ program, findings }, (event) => void connection.sendNotification(generateEvent, { id, event }), signal);
    }),
  );
}

/** The finding that was chosen, then every error. */
function toFix(findings: readonly Finding[], { finding: chosen }: FixParams): readonly Finding[] {
  const first = findings.find(({ code, range }) => code === chosen?.code && range.start.line === chosen.line);
  const errors = findings.filter((found) => found.severity === 'error' && found !== first);
  return first ? [first, ...errors] : errors;
}
