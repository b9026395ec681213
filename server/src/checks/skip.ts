import type { Facts, Tool, ToolVersion } from '../kernel/facts.ts';
import { installCommand, type Installs } from '../kernel/packages.ts';
import type { Outcome } from '../target/target.ts';
import { shorten, printable } from '../base/text.ts';
import type { CheckContext } from './pipeline.ts';

/** Why a check cannot run for want of a tool, and how to get it there. */
export function missingTool(tool: Tool, where: string, facts?: Installs): string {
  const command = facts && installCommand(tool, facts);
  const ways = [command ?? `install the package ${tool}`, ...(tool === 'bpftrace' ? ['copy a statically linked one to it (kgent target install)'] : []), 'choose another target'];
  return `${tool} is not installed on ${where}: ${ways.slice(0, -1).join(', ')}, or ${ways.at(-1)}.`;
}

/** The target's facts and its tool, or why a check cannot have them. */
export function toolOf(name: Tool, context: CheckContext): { readonly facts: Facts; readonly tool: ToolVersion } | { readonly skipped: string } {
  const { facts, target } = context;
  if (!facts) return { skipped: context.whyNoFacts ?? 'Nothing is known of the target.' };
  const tool = facts.tools[name];
  return tool ? { facts, tool } : { skipped: missingTool(name, target.name, facts) };
}

/** Why nothing is known after an external call that did not run to its end. Undefined when it ran. */
export function skipReason(outcome: Outcome, tool: Tool, where: string, facts?: Facts): string | undefined {
  switch (outcome.kind) {
    case 'ran':
      return undefined;
    case 'missing':
      return missingTool(tool, where, facts);
    case 'failed':
      return outcome.message;
    case 'cancelled':
      return 'Cancelled.';
    case 'timed-out':
      return `${tool} on ${where} did not finish within ${outcome.afterMs / 1000} s.`;
  }
}

/** The end of a tool's standard error, fit to be shown. */
export function lastLines(stderr: string, lines = 5): string {
  return shorten(printable(stderr.trim().split('\n').slice(-lines).join('\n')), 2000);
}
