import type { AgentEvent, AgentVerdict } from './agent/events.ts';
import type { CheckName, Finding } from './checks/finding.ts';
import type { Language, Program } from './checks/program.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import type { RunEnded, RunEvent } from './run/events.ts';
import type { RunPlan } from './protocol.ts';
import type { Target } from './target/target.ts';

// to be filled in: composition of everything, used by main.ts and cli.ts
export interface Engine {
  target(name: string): Target;
  knowledge(): Promise<Knowledge>;
}
export type { AgentEvent, AgentVerdict, CheckName, Finding, Language, Program, RunEnded, RunEvent, RunPlan };
