import { afterEach, describe, expect, it } from 'vitest';
import { EmbeddingsServer, type EmbeddingsReply } from '../../../test/support/embeddings-server.ts';
import type { Clock } from './chat.ts';
import { OpenAiEmbeddings, type EmbeddingsOptions } from './embeddings.ts';

const TIME_LIMIT = 100_000;
let server: EmbeddingsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Waits pass at once; the time limit runs out when the test says so. */
class TestClock implements Clock {
  readonly waits: number[] = [];
  runOut: () => void = () => {};

  after(ms: number, callback: () => void): () => void {
    if (ms === TIME_LIMIT) this.runOut = callback;
    else {
      this.waits.push(ms);
      setImmediate(callback);
    }
    return () => undefined;
  }
}

async function embedder(script: readonly EmbeddingsReply[], options: Partial<EmbeddingsOptions> = {}): Promise<{ embeddings: OpenAiEmbeddings; clock: TestClock; asked: EmbeddingsServer }> {
  const asked = (server = await EmbeddingsServer.start(script));
  const clock = new TestClock();
  return { embeddings: new OpenAiEmbeddings({ baseUrl: asked.url, model: 'test-embed', apiKey: 'sk-test-42', timeoutMs: TIME_LIMIT, clock, ...options }), clock, asked };
}

const never = new AbortController().signal;
const TEXTS = ['file file', 'tcp', 'memory of a file'];
const rounded = (vectors: readonly Float32Array[]): number[][] => vectors.map((vector) => [...vector.slice(0, 3)].map((x) => Math.round(x)));

describe('a server of embeddings', () => {
  it.each<EmbeddingsReply>(['vectors', 'numbers', 'backwards'])('gives a vector a text, in their order: %s', async (reply) => {
    const { embeddings, asked } = await embedder([reply]);
    expect(rounded(await embeddings.embed(TEXTS, never))).toEqual([[2, 0, 0], [0, 1, 0], [1, 0, 1]]);
    expect(asked.requests).toEqual([expect.objectContaining({ path: '/v1/embeddings', authorization: 'Bearer sk-test-42', model: 'test-embed', input: TEXTS })]);
  });

  it('is asked again when it has no time, as late as it wants', async () => {
    const { embeddings, clock, asked } = await embedder([{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }]);
    const told: string[] = [];
    expect(await embeddings.embed(TEXTS, never, (reason) => void told.push(reason))).toHaveLength(3);
    expect([asked.requests.length, clock.waits[0], told.length]).toEqual([3, 7_000, 2]);
  });

  it.each<[string, EmbeddingsReply, string, string]>([
    ['a bad key', { status: 401, body: { error: { message: 'Incorrect API key provided: sk-test-42', code: 'invalid_api_key' } } }, 'bad-api-key', '***'],
    ['a wrong model', { status: 404, body: { error: { message: 'The model `test-embed` does not exist', code: 'model_not_found' } } }, 'unknown-model', 'kgent.embeddings.model (KGENT_EMBEDDINGS_MODEL)'],
    ['a server without embeddings', { status: 404 }, 'no-model-server', 'offers no embeddings'],
    ['fewer vectors than texts', 'short', 'bad-reply', '2 vectors for 3 texts'],
    ['no list', { status: 200, body: { object: 'list' } }, 'bad-reply', 'no vectors'],
    ['texts in place of vectors', { status: 200, body: { data: TEXTS.map((embedding) => ({ embedding })) } }, 'bad-reply', 'names a model for embeddings'],
    ['no numbers', { status: 200, body: { data: TEXTS.map(() => ({ embedding: [null, 'x'] })) } }, 'bad-reply', 'no vector'],
  ])('%s is told', async (_, reply, code, text) => {
    const { embeddings } = await embedder([reply]);
    await expect(embeddings.embed(TEXTS, never)).rejects.toMatchObject({ name: 'UserError', code, message: expect.stringContaining(text) as string });
  });

  it('that hangs is left when the user cancels, and at the time limit', async () => {
    const { embeddings, clock, asked } = await embedder(['never', 'never']);
    const stop = new AbortController();
    const cancelled = expect(embeddings.embed(TEXTS, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await asked.asked();
    stop.abort();
    await cancelled;
    const late = expect(embeddings.embed(TEXTS, never)).rejects.toMatchObject({ code: 'model-timeout' });
    await asked.asked();
    clock.runOut();
    await late;
  });

  it.each([
    [{ baseUrl: 'ftp://host' }, 'kgent.embeddings.baseUrl'],
    [{ baseUrl: '', apiKey: '' }, 'no API key'],
  ])('that cannot be one is told at once: %j', async (options, text) => {
    await expect(embedder([], options)).rejects.toThrow(text);
  });
});
