import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An error page, or nothing at all, in place of vectors; or another shape of the answer. */
export type EmbeddingsReply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } | 'never' | 'numbers' | 'backwards' | 'short' | 'vectors';

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly model: string;
  readonly input: readonly string[];
}

const DIMENSIONS = 8;

/** An OpenAI-compatible server on loopback whose vectors say how often each of some words occurs. It remembers what it was asked. */
export class EmbeddingsServer {
  readonly requests: Asked[] = [];
  /** What is answered next, one a request; afterwards vectors. */
  readonly script: EmbeddingsReply[];
  readonly #words: readonly string[];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { model: string; input: string[] };
      this.requests.push({ path: request.url ?? '', authorization: request.headers.authorization, ...body });
      this.#answer(body.input, response);
      this.#asked?.();
    });
  });
  #asked: (() => void) | undefined;

  private constructor(script: readonly EmbeddingsReply[], words: readonly string[]) {
    this.script = [...script];
    this.#words = words;
  }

  static async start(script: readonly EmbeddingsReply[] = [], words: readonly string[] = ['file', 'tcp', 'memory']): Promise<EmbeddingsServer> {
    const server = new EmbeddingsServer(script, words);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Resolves when the next request has arrived. */
  asked(): Promise<void> {
    return new Promise((resolve) => (this.#asked = resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(input: readonly string[], response: ServerResponse): void {
    const reply = this.script.shift() ?? 'vectors';
    if (reply === 'never') return;
    if (typeof reply === 'object') {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(JSON.stringify(reply.body ?? { error: { message: `scripted ${reply.status}` } }));
      return;
    }
    const data = input.map((text, index) => {
      const numbers = this.#vector(text);
      return { object: 'embedding', index, embedding: reply === 'numbers' ? [...numbers] : Buffer.from(numbers.buffer).toString('base64') };
    });
    if (reply === 'backwards') data.reverse();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data: reply === 'short' ? data.slice(1) : data }));
  }

  #vector(text: string): Float32Array {
    const vector = new Float32Array(DIMENSIONS).fill(0.01);
    for (const [i, word] of this.#words.entries()) vector[i] = 0.01 + text.toLowerCase().split(word).length - 1;
    return vector;
  }
}
