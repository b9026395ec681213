import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** The network between client and host, in our hands. */
export class Wire {
  port = 0;
  connections = 0;
  /** Bytes from the client since it was opened. */
  sent = 0;
  readonly #to: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #stopped = false;
  #gathered: { readonly bytes: number; held: Buffer } | undefined;
  #vanished = false;
  #limit: { readonly at: number; readonly action: () => void } | undefined;

  private constructor(to: number) {
    this.#to = to;
    this.#server = createServer((client) => this.#join(client));
  }

  /** A wire to a port of 127.0.0.1. */
  static async to(port: number): Promise<Wire> {
    const wire = new Wire(port);
    wire.port = await listening(wire.#server);
    return wire;
  }

  /** Breaks all connections. */
  cut(): void {
    for (const [client, host] of this.#pairs) {
      client.destroy();
      host.destroy();
    }
  }

  /** Breaks all connections once the client has sent so many bytes from now on. */
  cutAfter(bytes: number): void {
    this.#after(bytes, () => this.cut());
  }

  /** Stalls once the client has sent so many bytes from now on. */
  stallAfter(bytes: number): void {
    this.#after(bytes, () => this.stall());
  }

  #after(bytes: number, action: () => void): void {
    this.#limit = { at: this.sent + bytes, action };
  }

  /** Nothing goes through any more, in either direction, and nobody is told. */
  stall(): void {
    this.#stopped = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** What the host sends from now on is kept back, and comes in one piece when it is so many bytes. */
  gatherAnswers(bytes: number): void {
    this.#gathered = { bytes, held: Buffer.alloc(0) };
  }

  #answer(client: Socket, bytes: Buffer): void {
    const held = this.#gathered ? Buffer.concat([this.#gathered.held, bytes]) : bytes;
    if (this.#gathered && held.length < this.#gathered.bytes) {
      this.#gathered.held = held;
      return;
    }
    this.#gathered = undefined;
    client.write(held);
  }

  /** Nothing goes through any more, and the host is not even told when the client goes away. */
  vanish(): void {
    this.#vanished = true;
    this.stall();
  }

  resume(): void {
    this.#stopped = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    this.connections++;
    const host = connect(this.#to, '127.0.0.1');
    const pair = [client, host] as const;
    this.#pairs.add(pair);
    for (const [from, other] of [pair, [host, client] as const]) {
      const isTold = (): boolean => !this.#vanished || from === host;
      from.on('error', () => isTold() && other.destroy());
      from.on('close', () => {
        if (!isTold()) return;
        other.destroy();
        this.#pairs.delete(pair);
      });
      from.on('end', () => isTold() && other.end());
    }
    client.on('data', (bytes) => {
      this.sent += bytes.length;
      const { at = Infinity, action } = this.#limit ?? {};
      if (this.sent >= at) {
        this.#limit = undefined;
        action?.();
      }
      if (!host.destroyed) host.write(bytes);
    });
    host.on('data', (bytes) => this.#answer(client, bytes));
    if (this.#stopped) for (const socket of pair) socket.pause();
  }
}
