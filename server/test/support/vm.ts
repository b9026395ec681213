import * as z from 'zod';
import { Targets } from '../../src/target/targets.ts';
import { askNobody, type Outcome, type Target } from '../../src/target/target.ts';
import { freshConfig } from './kgent.ts';
import { required, silentLog } from './local.ts';

const coordinates = z.object({ host: z.string(), port: z.number(), key: z.string(), knownHosts: z.string() });
export type Vm = z.infer<typeof coordinates>;

/** Where the test driver booted the virtual machine; a test without one fails. */
export function vm(): Vm {
  return coordinates.parse(JSON.parse(required('KGENT_TEST_VM')));
}

/** A configuration in which the machine is saved as the target `vm`. */
export async function configWithVm(user = 'root'): Promise<{ XDG_CONFIG_HOME: string }> {
  const config = freshConfig();
  await targetsIn(config).add('vm', { ...spec(user) });
  return { XDG_CONFIG_HOME: config };
}

/** The machine as a target of this process; dispose it. */
export async function vmTarget(user = 'root'): Promise<{ target: Target; dispose(): Promise<void> }> {
  const { XDG_CONFIG_HOME } = await configWithVm(user);
  const targets = targetsIn(XDG_CONFIG_HOME);
  return { target: targets.get('vm'), dispose: () => targets.dispose() };
}

function targetsIn(config: string): Targets {
  return new Targets({ home: config, env: { XDG_CONFIG_HOME: config }, ask: askNobody, log: silentLog });
}

function spec(user: string) {
  const { host, port, key, knownHosts } = vm();
  return { destination: host, port, user, identity: key, knownHosts };
}

/** Standard output of a command that must succeed. */
export async function sh(target: Target, script: string, timeoutMs = 60_000): Promise<string> {
  const outcome: Outcome = await target.exec({ argv: ['sh', '-c', script], timeoutMs });
  if (outcome.kind !== 'ran' || outcome.exitCode !== 0) throw new Error(`${script}: ${JSON.stringify(outcome)}`);
  return outcome.stdout;
}

/** Waits on the machine until a condition holds there. */
export async function until(target: Target, condition: string): Promise<void> {
  await sh(target, `until ${condition}; do sleep 0.2; done`);
}
