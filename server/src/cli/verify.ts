import { UserError } from '../base/error.ts';
import { flatCounterexample, tally, type Proof } from '../checks/contract/proof.ts';
import { ENGINES, type ProofEngine, type Proven } from '../checks/contract/prover.ts';
import { allFindings } from '../checks/pipeline.ts';
import type { Program } from '../checks/program.ts';
import { BUILT_IN } from '../contracts/verdict.ts';
import { EXIT, options, type Command, type Terminal } from './command.ts';
import { readProgram } from './program-file.ts';
import { noteText, proofText, summaryText } from './proofs-text.ts';

const usage = `verify FILE [--engine ${ENGINES.join('|')}] [--timeout SECONDS] [--only ${['contract', ...BUILT_IN].join(',')}] [--target T] [--json]`;

export const verify: Command = {
  usage,
  does: 'proves or refutes contracts (//@ …) and built-in properties; exits with 0 when all is proved, 1 when something is refuted, 3 when something is unknown',
  async run(args, terminal) {
    const config = { engine: { type: 'string' }, timeout: { type: 'string' }, only: { type: 'string' }, target: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = options(args, usage, config, { min: 1, max: 1 });
    const [file = ''] = positionals;
    const engine = engineOf(values.engine);
    const wanted = values.only === undefined ? undefined : propertiesOf(values.only);
    const timeoutMs = values.timeout === undefined ? undefined : timeoutOf(values.timeout);
    const program = await readProgram(file);
    await mustBeRight(file, program, values.target, terminal);
    const proven = await terminal.engine.prove(program, { engine, timeoutMs }, { target: values.target, signal: terminal.interrupted });
    if (proven.kind === 'not') throw new UserError('not-proved', proven.reason);
    const proofs = proven.proofs.filter(({ property }) => wanted?.has(property) ?? true);
    if (values.json === true) terminal.print(JSON.stringify({ file, engine, assertions: proofs.map((proof) => asJson(proof)), assumptions: proven.assumptions, notUnderstood: proven.notUnderstood, ms: proven.ms }));
    else print(file, proofs, proven, terminal);
    return exitOf(proofs, proven.notUnderstood.length > 0);
  },
};

/** A contract that says nothing sure cannot be judged. */
async function mustBeRight(file: string, program: Program, target: string | undefined, { engine, interrupted }: Terminal): Promise<void> {
  const reports = await engine.check(program, { only: ['syntax', 'semantics'], target, signal: interrupted });
  const wrong = allFindings(reports).filter(({ check, severity }) => severity === 'error' && (check === 'syntax' || check === 'contract'));
  if (wrong.length === 0) return;
  const places = wrong.map(({ range: { start }, message }) => `${file}:${start.line + 1}:${start.character + 1}: ${message}`);
  throw new UserError('wrong-contract', `Nothing can be proved before this is right:\n${places.join('\n')}`);
}

function print(file: string, proofs: readonly Proof[], { assumptions, notUnderstood, ms }: Extract<Proven, { kind: 'proven' }>, terminal: Terminal): void {
  for (const proof of proofs) terminal.print(proofText(file, proof));
  for (const { range, text } of notUnderstood) terminal.print(noteText(file, range, `not understood: ${text}`));
  for (const { range, text } of assumptions) terminal.print(noteText(file, range, `assumed: ${text}`));
  const nothing = notUnderstood.length > 0 ? `${file}: nothing was proved: the program is not understood.` : `${file}: there is nothing to prove: no contract, and nothing that could break a built-in property.`;
  terminal.tell(proofs.length === 0 ? nothing : summaryText(proofs, ms));
}

/** The form that scripts depend on; see design.md. */
function asJson({ says, counterexample, verdict, ms = 0, ...rest }: Proof): object {
  const shown = counterexample && { ...flatCounterexample(says, counterexample), events: counterexample.events, ...(counterexample.real && { real: counterexample.real }) };
  const vacuous = rest.reason === 'vacuous' || rest.reason === 'contradictory';
  return { ...rest, text: says, verdict, vacuous, ...(shown && { counterexample: shown }), ms };
}

/** Of what is not understood nothing is known. */
function exitOf(proofs: readonly Proof[], gaps: boolean): number {
  const { refuted, unknown } = tally(proofs);
  return refuted > 0 ? EXIT.found : unknown > 0 || gaps ? EXIT.unknown : EXIT.fine;
}

function engineOf(text = 'z3'): ProofEngine {
  const known = ENGINES.find((name) => name === text);
  if (!known) throw new UserError('usage', `There is no engine '${text}'. The engines: ${ENGINES.join(', ')}.`);
  return known;
}

function propertiesOf(text: string): ReadonlySet<string> {
  const known = ['contract', ...BUILT_IN] as readonly string[];
  const names = text.split(',').map((name) => name.trim());
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw new UserError('usage', `There is no property '${strange}'. The properties: ${known.join(', ')}.`);
  return new Set(names);
}

function timeoutOf(text: string): number {
  const seconds = Number(text.replace(/s$/, ''));
  if (!Number.isFinite(seconds) || seconds <= 0) throw new UserError('usage', `--timeout wants seconds above 0, not '${text}'.`);
  return Math.min(seconds, 600) * 1000;
}
