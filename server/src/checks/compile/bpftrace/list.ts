import type { ToolVersion } from '../../../kernel/facts.ts';
import type { Target } from '../../../target/target.ts';

/** For each name or pattern: does the target's bpftrace list any attach point for it? Undefined when it could not be asked. */
export async function listed(names: readonly string[], tool: ToolVersion, target: Target, limits: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<readonly boolean[] | undefined> {
  if (names.length === 0) return [];
  const script = 'for p; do [ -n "$("$0" -l "$p" 2>/dev/null)" ] && echo yes || echo no; done';
  const outcome = await target.exec({ argv: ['sh', '-c', script, tool.command, ...names], asRoot: true, ...limits });
  if (outcome.kind !== 'ran') return undefined;
  const answers = outcome.stdout.trim().split('\n');
  return names.map((_, i) => answers[i] === 'yes');
}
