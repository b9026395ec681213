import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './tcp.ts';

const run = promisify(execFile);

export interface HostUser {
  readonly name: string;
  readonly shell?: string;
  readonly password?: string;
  readonly groups?: readonly string[];
  /** Home directory; `/home/NAME` when absent. */
  readonly home?: string;
  /** Files of the home directory by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface HostOptions {
  readonly users?: readonly HostUser[];
  /** Lines of sshd_config, before the usual ones. */
  readonly sshd?: readonly string[];
  /** Files below /etc by name, mode 0440. */
  readonly etc?: Readonly<Record<string, string>>;
  /** Shell text run inside before sshd starts, as root. */
  readonly prepare?: string;
}

/**
 * A host of its own on this machine: a real sshd on a free loopback port, with its own users, /etc, /home, /tmp, /run and process
 * numbers (mount and process namespaces). It ends with the test: its first process reads our end of a pipe.
 */
export class LoopbackHost {
  readonly port: number;
  /** Files that are `/mnt` inside; `id` there is a private key that every user accepts. */
  readonly directory: string;
  /** Public host keys as known_hosts holds them. */
  readonly hostKey: string;
  readonly #process: ChildProcess;
  #first = 0;

  private constructor(port: number, directory: string, process: ChildProcess) {
    this.port = port;
    this.directory = directory;
    this.hostKey = readFileSync(join(directory, 'hostkey.pub'), 'utf8').split(' ').slice(0, 2).join(' ').trim();
    this.#process = process;
  }

  get key(): string {
    return join(this.directory, 'id');
  }

  /** The line of known_hosts under a name, or under the host's address. */
  known(name = `[127.0.0.1]:${this.port}`): string {
    return `${name} ${this.hostKey}\n`;
  }

  static async start(options: HostOptions = {}): Promise<LoopbackHost> {
    const directory = mkdtempSync(join(tmpdir(), 'kgent-loopback-'));
    const port = await freePort();
    for (const name of ['id', 'hostkey']) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(directory, name)]);
    const lines = [...(options.sshd ?? []), `Port ${port}`, 'ListenAddress 127.0.0.1', 'HostKey /mnt/hostkey', 'PidFile /run/sshd.pid', 'UsePAM no', 'UseDNS no', 'StrictModes no', 'AuthorizedKeysFile /mnt/id.pub', 'PrintMotd no', 'MaxStartups 64'];
    writeFileSync(join(directory, 'sshd_config'), lines.join('\n') + '\n');
    writeFileSync(join(directory, 'inside.sh'), inside(options));
    for (const user of options.users ?? []) writeHome(directory, user);
    // The namespaces end with their first process, and that one with unshare.
    const process = spawn('unshare', ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', join(directory, 'inside.sh'), directory], { stdio: ['pipe', 'ignore', 'pipe'] });
    const host = new LoopbackHost(port, directory, process);
    await host.#listening().catch((error: unknown) => {
      rmSync(directory, { recursive: true });
      throw error;
    });
    return host;
  }

  /** Runs shell text inside, as root; gives its output. */
  async inside(script: string): Promise<string> {
    return this.#enter('sh', '-c', script);
  }

  async #enter(...command: readonly string[]): Promise<string> {
    const { stdout } = await run('nsenter', ['-t', String(this.#first), '-m', '-p', ...command], { timeout: 60_000 });
    return stdout;
  }

  /** Waits until nothing runs but sshd and nothing lies in /tmp; then, or after 20 s, gives what is there. */
  async left(): Promise<string[]> {
    for (const end = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const [processes, files] = await Promise.all([this.#enter('ps', '-eo', 'pid=,stat=,args='), this.#enter('ls', '-A', '/tmp')]);
      // Our own: the first process, the reader of our pipe, sshd and its sessions, the two that look. A zombie has ended.
      const ours = /^\s*(1 .*|\d+ Z.*|\d+ \S+ +(cat|sshd: .*|ps -eo .*|ls -A .*|nsenter .*))$/;
      const found = [...processes.split('\n').filter((line) => line !== '' && !ours.test(line)), ...files.split('\n').filter((name) => name !== '')];
      if (found.length === 0 || Date.now() > end) return found;
    }
  }

  /** sshd reads its configuration, keys and certificates anew; connections that stand are kept. */
  async restart(): Promise<void> {
    const listening = this.#listening();
    await this.inside('kill -HUP "$(cat /run/sshd.pid)"');
    await listening;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin?.end();
    await ended;
    rmSync(this.directory, { recursive: true });
  }

  async #listening(): Promise<void> {
    const { stderr } = this.#process;
    let text = '';
    let read: (chunk: Buffer) => void = () => undefined;
    let ended: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        read = (chunk) => {
          text += chunk.toString();
          if (text.includes('Server listening on 127.0.0.1')) resolve();
        };
        ended = () => reject(new Error(`sshd did not start:\n${text}`));
        stderr?.on('data', read);
        this.#process.once('close', ended);
      });
    } finally {
      stderr?.off('data', read).resume();
      this.#process.off('close', ended);
    }
    const pid = this.#process.pid ?? 0;
    this.#first = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  }
}

function writeHome(directory: string, user: HostUser): void {
  const home = join(directory, 'homes', user.name);
  mkdirSync(home, { recursive: true });
  for (const [name, text] of Object.entries(user.files ?? {})) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), text);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function inside({ users = [], etc = {}, prepare = '' }: HostOptions): string {
  const addUser = ({ name, shell = '/bin/bash', password, groups = [], home = `/home/${name}` }: HostUser): string => `
mkdir -p ${quoted(home)}; cp -a /mnt/homes/${name}/. ${quoted(home)}
useradd -M -d ${quoted(home)} -s ${quoted(shell)} ${name}
${groups.map((group) => `usermod -aG ${group} ${name}`).join('\n')}
chown -R ${name}: ${quoted(home)}
${password === undefined ? `usermod -p '*' ${name}` : `printf '%s\\n' ${quoted(`${name}:${password}`)} | chpasswd -c SHA256`}`;
  const addFile = ([name, text]: [string, string]): string => `mkdir -p "$(dirname /etc/${name})"; rm -f /etc/${name}; printf %s ${quoted(text)} >/etc/${name}; chmod 440 /etc/${name}`;
  return `set -e
mount --make-rprivate /
mount --bind "$1" /mnt
cp -a /etc /mnt/etc
mount --bind /mnt/etc /etc
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/sshd /mnt/home
mount --bind /mnt/home /home
chmod 755 /mnt
# useradd would refuse a home directory or a shell with odd characters.
${users.map(addUser).join('\n')}
${Object.entries(etc).map(addFile).join('\n')}
${prepare}
/usr/sbin/sshd -D -e -f /mnt/sshd_config &
cat >/dev/null
`;
}

