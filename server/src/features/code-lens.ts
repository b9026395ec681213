import type { CodeLens } from 'vscode-languageserver/node';
import type { Range } from '../base/range.ts';
import { plural } from '../base/text.ts';
import { tally, type Proof } from '../checks/contract/proof.ts';
import { tallyText } from '../checks/contract/words.ts';
import type { ProbeInfo } from '../language/bpftrace/analysis/analysis.ts';
import { NO_TARGET } from '../target/none.ts';
import type { Feature } from './feature.ts';
import type { Snapshot } from './programs.ts';

/** A probe, a function, or a contract between them. */
interface Place {
  /** With the contracts above it. */
  readonly range: Range;
  /** Where the lens stands. */
  readonly at: Range;
  /** Contracts can be added to it. */
  readonly open: boolean;
}

/** Above each probe: run the program on the target, how many attach points the probe stands for there, and what was proved of it. */
export const codeLens: Feature = {
  capabilities: { codeLensProvider: {} },
  register({ connection, programs, settings, client, proofs }) {
    // Only our own extension has the commands, and nothing runs where there is no machine.
    const runnable = (): string | undefined => (client().kgent && settings().target !== NO_TARGET ? settings().target : undefined);
    const proofLenses = (uri: string, places: readonly Place[], contracts: boolean): CodeLens[] => (settings()['contracts.enabled'] ? lensesOfProofs(uri, places, proofs(uri)?.proofs, { contracts, commands: client().kgent }) : []);
    connection.onCodeLens(({ textDocument: { uri } }, token) =>
      programs.answer(
        uri,
        token,
        null,
        (snapshot): CodeLens[] => {
          if (!settings()['codeLens.enabled']) return [];
          const { probes } = snapshot.analysis();
          const places = probes.map((probe): Place => ({ range: snapshot.lines.range(probe.placed), at: startOf(snapshot.lines.range(probe.placed)), open: probe.attachPoints.some(({ provider }) => provider !== 'begin' && provider !== 'end') }));
          return [...probes.flatMap((probe) => lensesOf(probe, snapshot, runnable())), ...proofLenses(uri, places, snapshot.text.includes('//@'))];
        },
        ({ lines, analysis }) => {
          if (!settings()['codeLens.enabled']) return [];
          const places = analysis.programs.map(({ placed }): Place => ({ range: lines.range(placed), at: startOf(lines.range(placed)), open: true }));
          return [...analysis.programs.flatMap(({ placed }) => runLens(startOf(lines.range(placed)), uri, runnable())), ...proofLenses(uri, places, analysis.document.text.includes('//@'))];
        },
      ),
    );
  },
};

const startOf = ({ start }: Range): Range => ({ start, end: start });

function lensesOf(probe: ProbeInfo, { uri, lines }: Snapshot, target: string | undefined): CodeLens[] {
  const range = startOf(lines.range(probe.placed));
  const run = runLens(range, uri, target);
  const counted = probe.attachPoints.every(({ matches }) => matches !== undefined);
  const total = probe.attachPoints.reduce((sum, { matches }) => sum + (matches ?? 0), 0);
  // A probe that stands for exactly what is written needs no number.
  const plain = probe.attachPoints.length === 1 && total === 1;
  return counted && !plain ? [...run, { range, command: { title: `matches ${plural(total, 'probe')}`, command: '' } }] : run;
}

function runLens(range: Range, uri: string, target: string | undefined): CodeLens[] {
  return target === undefined ? [] : [{ range, command: { title: `▶ Run on ${target === 'local' ? 'this machine' : target}`, command: 'kgent.run', arguments: [uri] } }];
}

/** `contracts`: the program has some; `commands`: the editor has ours. */
function lensesOfProofs(uri: string, places: readonly Place[], proofs: readonly Proof[] | undefined, { contracts, commands }: { readonly contracts: boolean; readonly commands: boolean }): CodeLens[] {
  // A contract above a probe belongs to it; one below all of them to the last.
  const ownerOf = ({ range }: Proof): Place | undefined => places.find((place) => place.range.end.line >= range.start.line) ?? places.at(-1);
  const title = (own: readonly Proof[]): string => tallyText(tally(own));
  return places.flatMap((place) => {
    const own = proofs?.filter((proof) => ownerOf(proof) === place) ?? [];
    const line = own.find(({ verdict }) => verdict === 'refuted')?.range.start.line ?? own[0]?.range.start.line ?? place.at.start.line;
    const shown: CodeLens[] = own.length > 0 ? [{ range: place.at, command: { title: title(own), command: commands ? 'kgent.showProofs' : '', arguments: [uri, line] } }] : [];
    const prove: CodeLens[] = commands && contracts && proofs === undefined ? [{ range: place.at, command: { title: 'Prove now', command: 'kgent.prove', arguments: [uri] } }] : [];
    const add: CodeLens[] = commands && place.open ? [{ range: place.at, command: { title: 'Add a contract', command: 'kgent.addContract', arguments: [uri, place.at.start.line] } }] : [];
    return [...shown, ...prove, ...add];
  });
}
