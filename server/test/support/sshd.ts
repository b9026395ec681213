import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, type Log } from '../../src/base/log.ts';
import { askNobody, type Ask, type Outcome, type Target } from '../../src/target/target.ts';
import { Targets } from '../../src/target/targets.ts';

/** Where the virtual machine is, as KGENT_TEST_VM tells it. */
export interface Vm {
  readonly host: string;
  readonly port: number;
  readonly key: string;
  readonly knownHosts: string;
}

/** Throws without KGENT_TEST_VM: a test of a real host must not pass without one. */
export function testVm(): Vm {
  const text = process.env['KGENT_TEST_VM'];
  if (!text) throw new Error('KGENT_TEST_VM is not set: run these tests through npm test, or give it {"host","port","key","knownHosts"} of a virtual machine.');
  return JSON.parse(text) as Vm;
}

/** The VM's own host key as known_hosts holds it: `ssh-ed25519 AAAA…`. */
export function vmHostKey(vm: Vm): string {
  return readFileSync(vm.knownHosts, 'utf8').trim().split(' ').slice(1, 3).join(' ');
}

/** A home directory of its own, so that nothing of the developer's ~/.ssh counts. */
export class TestHome {
  readonly path = mkdtempSync(join(tmpdir(), 'kgent-host-'));
  readonly #opened: Targets[] = [];

  constructor() {
    mkdirSync(join(this.path, '.ssh'), { mode: 0o700 });
  }

  write(name: string, text: string): string {
    const file = join(this.path, '.ssh', name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  targets(ask: Ask = askNobody, log: Log = silentLog): Targets {
    const opened = new Targets({ home: this.path, env: {}, ask, log, systemConfig: '/nowhere' });
    this.#opened.push(opened);
    return opened;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((targets) => targets.dispose()));
    rmSync(this.path, { recursive: true });
  }
}

/** Runs shell text on a target and gives its stdout. Throws when it fails. */
export async function shell(target: Target, script: string, more: { asRoot?: boolean; timeoutMs?: number } = {}): Promise<string> {
  const outcome: Outcome = await target.exec({ argv: ['sh', '-c', script], timeoutMs: 60_000, ...more });
  if (outcome.kind === 'ran' && outcome.exitCode === 0) return outcome.stdout;
  throw new Error(`${script}\n${JSON.stringify(outcome)}`);
}

/** A second sshd inside the VM, on the VM's loopback, for what the first one does not allow. */
export class SecondSshd {
  readonly port: number;
  readonly #root: Target;
  readonly #directory: string;

  constructor(root: Target, port: number, directory: string) {
    this.#root = root;
    this.port = port;
    this.#directory = directory;
  }

  /** `options` go before /etc/ssh/sshd_config, as `sshd -o`. */
  static async start(root: Target, port: number, options: readonly string[]): Promise<SecondSshd> {
    const flags = [`Port=${port}`, 'ListenAddress=127.0.0.1', ...options].map((option) => `-o '${option}'`).join(' ');
    const directory = await shell(root, `d=$(mktemp -d /run/kgent-sshd.XXXXXX); /usr/sbin/sshd -E "$d/log" -o "PidFile=$d/pid" ${flags} && until [ -s "$d/pid" ]; do sleep 0.1; done; printf %s "$d"`);
    return new SecondSshd(root, port, directory);
  }

  async stop(): Promise<void> {
    await shell(this.#root, `kill "$(cat '${this.#directory}/pid')"; rm -rf '${this.#directory}'`);
  }
}
