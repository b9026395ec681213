import type { CodeLens } from 'vscode-languageserver/node';
import type { Position } from '../base/range.ts';
import { plural } from '../base/text.ts';
import type { ProbeInfo } from '../language/bpftrace/analysis/analysis.ts';
import { NO_TARGET } from '../target/none.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Above each probe: run the program on the target, and how many attach points the probe stands for there. */
export const codeLens: Feature = {
  capabilities: { codeLensProvider: {} },
  register({ connection, programs, settings, client }) {
    // Only our own extension has the command that runs, and nothing runs where there is no machine.
    const runnable = (): string | undefined => (client().kgent && settings().target !== NO_TARGET ? settings().target : undefined);
    connection.onCodeLens(({ textDocument }, token) =>
      programs.answer(
        textDocument.uri,
        token,
        null,
        (snapshot): CodeLens[] => (settings()['codeLens.enabled'] ? snapshot.analysis().probes.flatMap((probe) => lensesOf(probe, snapshot, runnable())) : []),
        ({ uri, lines, analysis }) => (settings()['codeLens.enabled'] ? analysis.programs.flatMap(({ placed }) => runLens(lines.range(placed).start, uri, runnable())) : []),
      ),
    );
  },
};

function lensesOf(probe: ProbeInfo, { uri, lines }: Snapshot, target: string | undefined): CodeLens[] {
  const { start } = lines.range(probe.placed);
  const range = { start, end: start };
  const run = runLens(start, uri, target);
  const counted = probe.attachPoints.every(({ matches }) => matches !== undefined);
  const total = probe.attachPoints.reduce((sum, { matches }) => sum + (matches ?? 0), 0);
  // A probe that stands for exactly what is written needs no number.
  const plain = probe.attachPoints.length === 1 && total === 1;
  return counted && !plain ? [...run, { range, command: { title: `matches ${plural(total, 'probe')}`, command: '' } }] : run;
}

function runLens(start: Position, uri: string, target: string | undefined): CodeLens[] {
  return target === undefined ? [] : [{ range: { start, end: start }, command: { title: `▶ Run on ${target === 'local' ? 'this machine' : target}`, command: 'kgent.run', arguments: [uri] } }];
}
