import type { Facts, Tool, ToolVersion } from '../kernel/facts.ts';
import type { Outcome } from '../target/target.ts';
import { shorten, printable } from '../base/text.ts';
import type { CheckContext } from './pipeline.ts';

/** Debian's package for each tool; other distributions mostly use the same names. */
const PACKAGE: Readonly<Record<Tool, string>> = { bpftrace: 'bpftrace', clang: 'clang', bpftool: 'bpftool', perl: 'perl', libbpf: 'libbpf-dev' };

/** Why a check cannot run for want of a tool, and how to get it. */
export function missingTool(tool: Tool, where: string, distribution = ''): string {
  const get = /debian|ubuntu/i.test(distribution) ? `apt install ${PACKAGE[tool]}` : `install the package ${PACKAGE[tool]}`;
  return `${tool} is not installed on ${where}: ${get}, or choose another target.`;
}

/** The target's facts and its tool, or why a check cannot have them. */
export function toolOf(name: Tool, context: CheckContext): { readonly facts: Facts; readonly tool: ToolVersion } | { readonly skipped: string } {
  const { facts, target } = context;
  if (!facts) return { skipped: context.whyNoFacts ?? 'Nothing is known of the target.' };
  const tool = facts.tools[name];
  return tool ? { facts, tool } : { skipped: missingTool(name, target.name, facts.distribution) };
}

/** Why nothing is known after an external call that did not run to its end. Undefined when it ran. */
export function skipReason(outcome: Outcome, tool: Tool, where: string, facts?: Facts): string | undefined {
  switch (outcome.kind) {
    case 'ran':
      return undefined;
    case 'missing':
      return missingTool(tool, where, facts?.distribution);
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
