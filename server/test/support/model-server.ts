import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One scripted answer; a plain string is an answer with that text. */
export type ScriptedReply =
  | string
  | {
      readonly text: string;
      readonly finish?: 'stop' | 'length' | 'content_filter' | null;
      /** Characters in one streamed piece. */
      readonly piece?: number;
      /** Sent before the text, as reasoning models do. */
      readonly reasoning?: string;
      readonly refusal?: string;
    }
  /** An HTTP error (or any page). `body` is sent as it is when it is a string, else as JSON. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Never goes on: before the head of the answer, or after this text. */
  | { readonly hang: true; readonly text?: string }
  /** Cuts the connection: at once, or after this text. */
  | { readonly drop: true; readonly text?: string }
  /** This many bytes of text, in pieces or in one single event. */
  | { readonly huge: number; readonly inOneEvent?: boolean };

export interface Script {
  readonly replies: readonly ScriptedReply[];
  /** After the last reply: an error (default), or the last reply again and again. */
  readonly then?: 'error' | 'repeat';
  /** Another key is answered with 401. Absent: any key will do. */
  readonly apiKey?: string;
  /** Another model is answered with 404. Absent: any model will do. */
  readonly model?: string;
}

export interface RecordedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model?: string; readonly stream?: boolean; readonly messages?: readonly { readonly role: string; readonly content: string }[] };
}

/** An OpenAI-compatible server on loopback that answers by script and remembers what it was asked. */
export class ModelServer {
  readonly requests: RecordedRequest[] = [];
  /** Connections the client ended before the answer was complete. */
  abandoned = 0;
  readonly #script: Script;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  #next = 0;

  private constructor(script: Script) {
    this.#script = script;
  }

  static async start(script: Script | readonly ScriptedReply[]): Promise<ModelServer> {
    const server = new ModelServer('replies' in script ? script : { replies: script });
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** For `model.baseUrl`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Resolves when this many requests have arrived. */
  asked(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#tell();
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #tell(): void {
    for (const { count, resolve } of this.#waiting) if (this.requests.length >= count) resolve();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.abandoned++;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as RecordedRequest['body'];
    this.requests.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    const refusal = this.#refusal(request, body);
    if (refusal) sendPage(response, refusal);
    else await play(this.#reply(), body.model ?? '', response);
    this.#tell();
  }

  /** What the real service says to a wrong address, key or model. */
  #refusal(request: IncomingMessage, { model }: RecordedRequest['body']): { status: number; body: unknown } | undefined {
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return { status: 404, body: { error: { message: `Unknown request URL: ${request.method} ${request.url}`, type: 'invalid_request_error', code: 'unknown_url' } } };
    if (this.#script.apiKey !== undefined && request.headers.authorization !== `Bearer ${this.#script.apiKey}`) {
      return { status: 401, body: { error: { message: `Incorrect API key provided: ${request.headers.authorization?.slice(7)}.`, type: 'invalid_request_error', code: 'invalid_api_key' } } };
    }
    if (this.#script.model !== undefined && model !== this.#script.model) return { status: 404, body: { error: { message: `The model \`${model}\` does not exist or you do not have access to it.`, type: 'invalid_request_error', code: 'model_not_found' } } };
    return undefined;
  }

  #reply(): ScriptedReply {
    const { replies, then } = this.#script;
    const reply = replies[this.#next++] ?? (then === 'repeat' ? replies.at(-1) : undefined);
    return reply ?? { status: 400, body: { error: { message: 'The script of the model server has come to its end.', code: 'script_ended' } } };
  }
}

async function play(reply: ScriptedReply, model: string, response: ServerResponse): Promise<void> {
  if (typeof reply === 'string') return play({ text: reply }, model, response);
  if ('status' in reply) return sendPage(response, reply);
  const stream = new Stream(response, model);
  if ('huge' in reply) return stream.flood(reply.huge, reply.inOneEvent === true);
  if ('hang' in reply) return reply.text === undefined ? undefined : stream.text(reply.text);
  if ('drop' in reply) {
    if (reply.text !== undefined) await stream.text(reply.text);
    response.destroy();
    return;
  }
  if (reply.reasoning !== undefined) await stream.event({ reasoning_content: reply.reasoning });
  if (reply.refusal !== undefined) await stream.event({ refusal: reply.refusal });
  await stream.text(reply.text, reply.piece);
  await stream.end(reply.finish === undefined ? 'stop' : reply.finish);
}

function sendPage(response: ServerResponse, { status, headers, body }: { status: number; headers?: Readonly<Record<string, string>>; body?: unknown }): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? { error: { message: `scripted ${status}` } });
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

/** Server-sent events as the real service writes them. */
class Stream {
  readonly #response: ServerResponse;
  readonly #model: string;

  constructor(response: ServerResponse, model: string) {
    this.#response = response;
    this.#model = model;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  }

  /** Resolves when there is room for more, or nobody listens any longer. */
  async event(delta: Record<string, unknown>, finish: string | null = null): Promise<void> {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_764_000_000, model: this.#model, choices: [{ index: 0, delta, finish_reason: finish }] };
    await this.#write(`data: ${JSON.stringify(chunk)}\n\n`);
  }

  async text(text: string, piece = 12): Promise<void> {
    await this.event({ role: 'assistant', content: '' });
    for (let at = 0; at < text.length && !this.#response.destroyed; at += piece) await this.event({ content: text.slice(at, at + piece) });
  }

  async flood(bytes: number, inOneEvent: boolean): Promise<void> {
    if (inOneEvent) await this.event({ content: 'x'.repeat(bytes) });
    else await this.text('x'.repeat(bytes), 4096);
    await this.end('stop');
  }

  async end(finish: string | null): Promise<void> {
    await this.event({}, finish);
    await this.#write('data: [DONE]\n\n');
    this.#response.end();
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#response.destroyed) return resolve();
      const done = (): void => {
        this.#response.off('close', done);
        resolve();
      };
      this.#response.once('close', done);
      this.#response.write(text, done);
    });
  }
}
