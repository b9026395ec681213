import type { Span } from '../../../base/span.ts';
import { fault, type State } from '../analysis/check/state.ts';
import { printVersion } from '../analysis/rules.ts';
import { constructs, has, type Construct, type Versions } from '../catalogue.ts';
import type { SpanRepair } from '../problem.ts';

const byName = new Map(constructs.map((c) => [c.name, c]));

/** Reports a construct of the language that the target's bpftrace does not have; does nothing when it has it. */
export function reportConstruct(state: State, name: string, at: Span, repairs: () => readonly SpanRepair[] = () => []): void {
  const construct = byName.get(name);
  if (construct && !has(construct, state.rules.version)) reportMissing(state, construct, construct.title, at, construct.older, repairs());
}

export function hasConstruct(state: State, name: string): boolean {
  const construct: Construct | undefined = byName.get(name);
  return construct === undefined || has(construct, state.rules.version);
}

/** "`let` needs bpftrace 0.22; the target has 0.17. Assign to the variable without declaring it." */
export function reportMissing(state: State, versions: Versions, what: string, at: Span, older: string, repairs: readonly SpanRepair[] = []): void {
  const { version } = state.rules;
  const { since, until } = versions;
  const has_ = `${state.options.targetName} has ${printVersion(version)}`;
  const removed = until !== undefined && !has({ until }, version);
  const message = removed ? `${what} was removed in bpftrace ${printVersion(until)}; ${has_}.` : `${what} needs bpftrace ${printVersion(since ?? [])} or newer; ${has_}.`;
  fault(state, removed ? 'removed-from-bpftrace' : 'needs-newer-bpftrace', at, older === '' ? message : `${message} ${older}`, { repairs });
}
