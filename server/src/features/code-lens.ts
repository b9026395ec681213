import type { CodeLens } from 'vscode-languageserver/node';
import { plural } from '../base/text.ts';
import type { ProbeInfo } from '../language/bpftrace/analysis/analysis.ts';
import { NO_TARGET } from '../target/none.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** Above each probe: run the program on the target, and how many attach points the probe stands for there. */
export const codeLens: Feature = {
  capabilities: { codeLensProvider: {} },
  register({ connection, programs, settings, client }) {
    connection.onCodeLens(({ textDocument }, token) =>
      programs.answer(textDocument.uri, token, null, (snapshot): CodeLens[] => {
        if (!settings()['codeLens.enabled']) return [];
        const { target } = settings();
        // Only our own extension has the command that runs, and nothing runs where there is no machine.
        const runnable = client().kgent && target !== NO_TARGET ? target : undefined;
        return snapshot.analysis().probes.flatMap((probe) => lensesOf(probe, snapshot, runnable));
      }),
    );
  },
};

function lensesOf(probe: ProbeInfo, { uri, lines }: Snapshot, target: string | undefined): CodeLens[] {
  const { start } = lines.range(probe.placed);
  const range = { start, end: start };
  const run = target === undefined ? [] : [{ range, command: { title: `▶ Run on ${target === 'local' ? 'this machine' : target}`, command: 'kgent.run', arguments: [uri] } }];
  const counted = probe.attachPoints.every(({ matches }) => matches !== undefined);
  const total = probe.attachPoints.reduce((sum, { matches }) => sum + (matches ?? 0), 0);
  // A probe that stands for exactly what is written needs no number.
  const plain = probe.attachPoints.length === 1 && total === 1;
  return counted && !plain ? [...run, { range, command: { title: `matches ${plural(total, 'probe')}`, command: '' } }] : run;
}
