import { spawn } from 'node:child_process';
import { createServer, connect, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';

export interface ServerOptions {
  readonly hostKeys: readonly string[];
  /** Decides one attempt; calls accept or reject itself. */
  readonly authenticate: (attempt: AuthContext) => void;
  /** Sessions open at once; more are refused, as sshd's MaxSessions does. */
  readonly maxSessions?: number;
  readonly forwarding?: boolean;
  /** Answers a command in place of a shell. */
  readonly answer?: (accept: () => ssh2.ServerChannel) => void;
}

/** An SSH server on loopback that runs commands for real. It sees what a client tries. */
export class TestSshServer {
  readonly attempts: string[] = [];
  connections = 0;
  sessions = 0;
  mostSessions = 0;
  readonly #options: ServerOptions;
  readonly #clients = new Set<Connection>();
  readonly #server: ssh2.Server;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#server = new ssh2.Server({ hostKeys: [...options.hostKeys] }, (client) => this.#serve(client));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection, as a network does. */
  drop(): void {
    for (const client of this.#clients) client.end();
  }

  /** Resolves when no connection stands any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => new Promise<void>((resolve) => client.once('close', () => resolve()))));
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: Connection): void {
    this.connections++;
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => {
      this.attempts.push(attempt.method);
      this.#options.authenticate(attempt);
    });
    client.on('session', (accept, reject) => {
      if (this.sessions >= (this.#options.maxSessions ?? 100)) return reject();
      this.mostSessions = Math.max(this.mostSessions, ++this.sessions);
      accept()
        .on('exec', (acceptExec, _reject, { command }) => (this.#options.answer ?? ((start) => run(command, start())))(acceptExec))
        .on('close', () => this.sessions--);
    });
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      if (this.#options.forwarding !== true) return reject();
      const socket = connect(destPort, destIP);
      socket.once('error', reject);
      socket.once('connect', () => {
        const stream = accept();
        socket.on('error', () => stream.end());
        stream.pipe(socket).pipe(stream);
      });
    });
  }
}

function run(command: string, channel: ssh2.ServerChannel): void {
  const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe', detached: true });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on('close', () => child.stdin.destroy());
  child.on('close', (code, signal) => {
    if (code !== null) channel.exit(code);
    else if (signal !== null) channel.exit(signal.replace('SIG', ''), false, '');
    channel.end();
  });
}

export interface Door {
  readonly keys?: readonly ParsedKey[];
  readonly password?: string;
  /** Ask for the password by keyboard-interactive, in these words. */
  readonly asks?: string;
  /** A key first, then the password too (AuthenticationMethods publickey,password). */
  readonly both?: boolean;
}

type Method = AuthContext['method'];

/** Answers logins as sshd would with such settings. With `both` it serves one connection at a time. */
export function letIn(door: Door): ServerOptions['authenticate'] {
  const ask: Method[] = door.password === undefined ? [] : [door.asks === undefined ? 'password' : 'keyboard-interactive'];
  const key: Method[] = door.keys === undefined ? [] : ['publickey'];
  let keyWasRight = false;
  const wanted = (): Method[] => (door.both !== true ? [...key, ...ask] : keyWasRight ? ask : key);
  const password = (attempt: AuthContext, given: string | undefined): void => {
    if (given === door.password && wanted().includes(attempt.method)) attempt.accept();
    else attempt.reject(wanted());
  };
  return (attempt) => {
    if (attempt.method === 'publickey') {
      const known = wanted().includes('publickey') && door.keys?.some((own) => own.getPublicSSH().equals(attempt.key.data));
      if (known !== true) return attempt.reject(wanted());
      if (attempt.signature === undefined || door.both !== true) return attempt.accept();
      keyWasRight = true;
      return attempt.reject(wanted(), true);
    }
    if (attempt.method === 'password') return password(attempt, attempt.password);
    if (attempt.method === 'keyboard-interactive' && door.asks !== undefined) {
      return attempt.prompt([{ prompt: door.asks, echo: false }], (answers) => password(attempt, answers[0]));
    }
    return attempt.reject(wanted());
  };
}

/** A TCP server on loopback that does with a connection what `talk` does, and the sockets it got. */
export async function tcpServer(talk: (socket: Socket) => void): Promise<{ port: number; sockets: Socket[]; close: () => Promise<void> }> {
  const sockets: Socket[] = [];
  const server: NetServer = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, sockets, close };
}

/** An SSH agent that holds these keys, on a socket at `path`. */
export async function agentServer(path: string, keys: readonly ParsedKey[]): Promise<NetServer> {
  const server = createServer((socket) => {
    const agent = new ssh2.AgentProtocol(false);
    agent.on('identities', (request) => agent.getIdentitiesReply(request, [...keys]));
    agent.on('sign', (request, key, data, options) => {
      const own = keys.find((candidate) => candidate.getPublicSSH().equals(key.getPublicSSH()));
      if (own) agent.signReply(request, own.sign(data, options.hash));
      else agent.failureReply(request);
    });
    socket.on('error', () => undefined);
    socket.pipe(agent).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}
