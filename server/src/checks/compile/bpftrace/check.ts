import { atLeast } from '../../../base/version.ts';
import { emptyRange, Lines } from '../../../base/range.ts';
import { isUprobe, needsTracefs } from '../../../language/bpftrace/providers.ts';
import { outlineOf, type Outline, type OutlinedPoint } from '../../../language/bpftrace/syntax/outline.ts';
import type { ToolVersion } from '../../../kernel/facts.ts';
import { finding, hasErrors, type Finding } from '../../finding.ts';
import type { Check, CheckContext, CheckResult } from '../../pipeline.ts';
import type { Read } from '../../read.ts';
import { lastLines, skipReason, toolOf } from '../../skip.ts';
import { codegenArguments, PROGRAM_FILE, syntaxOnlyArguments } from './arguments.ts';
import { toFindings } from './findings.ts';
import { listed } from './list.ts';
import { parseMessages } from './messages.ts';

/** What the target's own bpftrace says of the program, without loading or attaching it. */
export function bpftraceCompile(read: Read): Check {
  return {
    name: 'compile',
    languages: ['bpftrace'],
    afterErrors: 'run',
    async run(program, context): Promise<CheckResult> {
      const have = toolOf('bpftrace', context);
      if ('skipped' in have) return { findings: [], ...have };
      const { facts, tool } = have;
      const outline = outlineOf((await read(program)).document);
      if (facts.root === 'none') return withoutRoot(outline, tool, context);
      if (!facts.tracefs && outline.probes.some((p) => p.attachPoints.some((a) => needsTracefs(a.provider)))) return noTracefs(context);
      const result = await runTool(outline, tool, codegenArguments(tool.version, { unsafe: context.unsafe }), true, context);
      if (result.skipped !== undefined || hasErrors(result.findings) || atLeast(tool.version, 0, 25)) return result;
      return { findings: [...result.findings, ...(await missingSymbols(outline, tool, context))] };
    },
  };
}

async function runTool(outline: Outline, tool: ToolVersion, args: readonly string[], asRoot: boolean, context: CheckContext): Promise<CheckResult> {
  const outcome = await context.target.exec({
    argv: [tool.command, ...args],
    // bpftrace counts CRLF twice (0.17, 0.23); columns are the same without CR.
    files: [{ name: PROGRAM_FILE, content: outline.text.replaceAll('\r\n', '\n') }],
    asRoot,
    timeoutMs: context.timeoutMs,
    signal: context.signal,
  });
  if (outcome.kind === 'failed' && outcome.reason === 'needs-root') return { findings: [needsRoot(outcome.message)], skipped: outcome.message };
  if (outcome.kind !== 'ran') return { findings: [], skipped: skipReason(outcome, 'bpftrace', context.target.name, context.facts) ?? '' };
  const messages = parseMessages(outcome.stderr, PROGRAM_FILE);
  if (outcome.exitCode === 0) {
    // The exit status judges: what still says ERROR was survived.
    return { findings: toFindings(messages.map((m) => ({ ...m, severity: 'warning' as const })), outline).map(neverFiresIsError) };
  }
  const findings = toFindings(messages, outline);
  if (hasErrors(findings)) return { findings };
  const unread: Finding = {
    ...finding('compile', 'bpftrace-failed', 'error', `bpftrace failed (exit ${outcome.exitCode}) without saying where.`, emptyRange),
    evidence: [{ message: lastLines(outcome.stderr || outcome.stdout) }],
  };
  return { findings: [...findings, unread] };
}

/**
 * 0.17 only warns of a function that cannot be traced, although attaching to it fails, and of one
 * missing attach point among several, which then never fires.
 */
function neverFiresIsError(found: Finding): Finding {
  return found.code === 'not-traceable' || found.code === 'attach-point-not-found' ? { ...found, severity: 'error' } : found;
}

function needsRoot(message: string): Finding {
  return finding('compile', 'needs-root', 'error', message, emptyRange);
}

async function withoutRoot(outline: Outline, tool: ToolVersion, context: CheckContext): Promise<CheckResult> {
  const user = context.facts?.user ?? '';
  const message = `bpftrace needs root on ${context.target.name}, and the user ${user} may not run sudo without a password. Connect as root, or allow it in sudoers: ${user} ALL=(root) NOPASSWD: ALL`;
  const args = syntaxOnlyArguments(tool.version);
  const syntax = args ? await runTool(outline, tool, args, false, context) : { findings: [] };
  return { findings: [...syntax.findings, needsRoot(message)], skipped: message };
}

function noTracefs(context: CheckContext): CheckResult {
  const message = `tracefs is not mounted on ${context.target.name}, so no tracepoint or kernel function can be found there. As root: mount -t tracefs tracefs /sys/kernel/tracing`;
  return { findings: [finding('compile', 'no-tracefs', 'error', message, emptyRange)], skipped: message };
}

/** Before 0.25 a uprobe on a symbol the binary does not have passes; the list of probes knows better. */
async function missingSymbols(outline: Outline, tool: ToolVersion, context: CheckContext): Promise<Finding[]> {
  const points = outline.probes.flatMap((p) => p.attachPoints).filter((a) => isUprobe(a.provider) && /:[\w.]+$/.test(a.text) && !/:0x[\da-f]+$|:\d+$/i.test(a.text));
  const names = points.map((p) => p.text.replace(/^(?:uretprobe|ur|u):/, 'uprobe:'));
  const found = await listed(names, tool, context.target, context);
  return points.flatMap((point, i) => (found?.[i] === false ? [noSymbol(outline.text, point)] : []));
}

function noSymbol(text: string, point: OutlinedPoint): Finding {
  const at = { start: Lines.positionAt(text, point.start), end: Lines.positionAt(text, point.end) };
  return finding('compile', 'attach-point-not-found', 'error', `No matches for ${point.text}: the binary has no such symbol.`, at);
}
