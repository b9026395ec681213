import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../base/error.ts';
import { ModelServer, type Script, type ScriptedReply } from '../../../test/support/model-server.ts';
import type { DraftProgress } from '../drafter.ts';
import type { Clock } from './chat.ts';
import { retryAfterMs } from './failure.ts';
import { OpenAiModel, type OpenAiOptions } from './openai.ts';

const KEY = 'sk-test-0123456789';
const TIME_LIMIT = 100_000;

/** Waits of the backoff pass at once; the time limit only runs out when the test says so. */
class TestClock implements Clock {
  readonly waits: number[] = [];
  runOut: () => void = () => {};

  after(ms: number, callback: () => void): () => void {
    let on = true;
    const fire = (): void => {
      if (on) callback();
    };
    if (ms === TIME_LIMIT) this.runOut = fire;
    else {
      this.waits.push(ms);
      setImmediate(fire);
    }
    return () => {
      on = false;
    };
  }
}

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Asked {
  readonly text?: string;
  readonly cut?: boolean;
  readonly error?: unknown;
  readonly deltas: string;
  readonly waiting: readonly Extract<DraftProgress, { kind: 'waiting' }>[];
  readonly clock: TestClock;
}

async function ask(script: Script | ScriptedReply[], options: Partial<OpenAiOptions> & { during?: (clock: TestClock, abort: () => void, progress: Promise<void>) => Promise<void> } = {}): Promise<Asked> {
  server = await ModelServer.start(script);
  return askAt(server.url, options);
}

async function askAt(baseUrl: string, { during, ...options }: Parameters<typeof ask>[1] = {}): Promise<Asked> {
  const clock = new TestClock();
  const progress: DraftProgress[] = [];
  const aborter = new AbortController();
  const model = new OpenAiModel({ baseUrl, apiKey: KEY, model: 'test-model', timeoutMs: TIME_LIMIT, clock, ...options });
  let progressed = (): void => {};
  const first = new Promise<void>((resolve) => (progressed = resolve));
  const chat = model.chat([{ role: 'user', content: 'count reads' }], aborter.signal, (p) => {
    progress.push(p);
    progressed();
  });
  const outcome = chat.then(
    (reply) => ({ ...reply }),
    (error: unknown) => ({ error }),
  );
  await during?.(clock, () => aborter.abort(), first);
  const ended = await outcome;
  const deltas = progress.map((p) => (p.kind === 'delta' ? p.text : '|')).join('');
  return { ...ended, deltas, waiting: progress.filter((p) => p.kind === 'waiting'), clock };
}

function expectError(asked: Asked, code: string, ...parts: string[]): void {
  expect(asked.error).toBeInstanceOf(UserError);
  const error = asked.error as UserError;
  expect(error.code).toBe(code);
  for (const part of parts) expect(error.message).toContain(part);
  expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toContain(KEY);
}

describe('a model behind an OpenAI-compatible server', () => {
  it('streams its answer', async () => {
    const asked = await ask(['kprobe:vfs_read { @ = count(); }']);
    expect(asked.text).toBe('kprobe:vfs_read { @ = count(); }');
    expect(asked.deltas).toBe(asked.text);
    expect(server?.requests[0]).toMatchObject({ authorization: `Bearer ${KEY}`, body: { model: 'test-model', stream: true, messages: [{ role: 'user', content: 'count reads' }] } });
  });

  it('keeps multi-byte characters whole', async () => {
    const text = 'printf("größer als 5 µs → 🐝\\n")';
    expect((await ask([{ text, piece: 7 }])).text).toBe(text);
  });

  it('leaves reasoning out and tells when the answer was cut off', async () => {
    expect(await ask([{ text: 'half', reasoning: 'long thoughts', finish: 'length' }])).toMatchObject({ text: 'half', cut: true });
  });

  it('accepts a stream that ends without a finish reason', async () => {
    expect(await ask([{ text: 'BEGIN { }', finish: null }])).toMatchObject({ text: 'BEGIN { }', cut: false });
  });

  it('writes nothing to the console, whatever the library is asked to log', async () => {
    const spies = (['log', 'debug', 'info', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level));
    vi.stubEnv('OPENAI_LOG', 'debug');
    await ask(['ok']);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('needs no key for a server of one\'s own', async () => {
    const asked = await ask(['ok'], { apiKey: undefined });
    expect(asked.text).toBe('ok');
    expect(server?.requests[0]?.authorization).not.toContain('undefined');
  });
});

describe('passing problems', () => {
  it('waits as long as Retry-After asks for', async () => {
    const asked = await ask([{ status: 429, headers: { 'retry-after': '7' }, body: { error: { message: 'slow down', code: 'rate_limit_exceeded' } } }, 'ok']);
    expect(asked.text).toBe('ok');
    expect(asked.clock.waits).toEqual([7_000]);
    expect(asked.waiting).toMatchObject([{ ms: 7_000, reason: expect.stringContaining('429') as string }]);
  });

  it('backs off from errors of the server, doubling', async () => {
    const asked = await ask([{ status: 500 }, { status: 503 }, { status: 502, body: '<html>bad gateway</html>' }, 'ok']);
    expect(asked.text).toBe('ok');
    expect(asked.clock.waits).toHaveLength(3);
    for (const [i, ms] of asked.clock.waits.entries()) {
      expect(ms).toBeGreaterThanOrEqual(1_000 * 2 ** i);
      expect(ms).toBeLessThanOrEqual(1_250 * 2 ** i);
    }
  });

  it('asks again when the connection drops, also in the middle of an answer', async () => {
    const asked = await ask([{ drop: true }, { drop: true, text: 'kprobe:half' }, 'whole']);
    expect(asked.text).toBe('whole');
    expect(asked.deltas).toMatch(/^\|(kprobe:half)?\|whole$/);
    expect(asked.waiting[0]?.reason).toContain('broke off');
  });

  it('asks again after an error inside the stream', async () => {
    const asked = await ask([{ status: 200, headers: { 'content-type': 'text/event-stream' }, body: 'data: {"error":{"message":"overloaded","type":"overloaded_error"}}\n\n' }, 'ok']);
    expect(asked.text).toBe('ok');
  });

  it('gives up in the end', async () => {
    const asked = await ask({ replies: [{ status: 500, body: { error: { message: 'on fire' } } }], then: 'repeat' });
    expectError(asked, 'model-unavailable', '500', 'on fire', 'several times');
    expect(server?.requests).toHaveLength(6);
  });

  it('does not wait longer than anybody would', async () => {
    expectError(await ask([{ status: 429, headers: { 'retry-after': '61' } }]), 'model-unavailable', '61 s');
    await server?.close();
    const many = await ask({ replies: [{ status: 429, headers: { 'retry-after': '50' } }], then: 'repeat' });
    expectError(many, 'model-unavailable');
    expect(many.clock.waits).toEqual([50_000, 50_000]);
  });

  it('stops waiting when aborted', async () => {
    const asked = await ask([{ status: 429, headers: { 'retry-after': '9' } }, 'never'], { during: async (_, abort) => (await server?.asked(1), abort()) });
    expect(asked.error).toMatchObject({ name: 'AbortError' });
    expect(server?.requests).toHaveLength(1);
  });

  it('reads Retry-After as seconds, as a date and in OpenAI\'s own milliseconds', () => {
    const now = Date.parse('2026-11-20T10:00:00Z');
    expect(retryAfterMs(new Headers({ 'retry-after': '1.5' }), now)).toBe(1_500);
    expect(retryAfterMs(new Headers({ 'retry-after': 'Fri, 20 Nov 2026 10:00:09 GMT' }), now)).toBe(9_000);
    expect(retryAfterMs(new Headers({ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }), now)).toBe(0);
    expect(retryAfterMs(new Headers({ 'retry-after-ms': '250', 'retry-after': '9' }), now)).toBe(250);
    expect(retryAfterMs(new Headers({ 'retry-after': 'soon' }), now)).toBeUndefined();
    expect(retryAfterMs(undefined)).toBeUndefined();
  });
});

describe('problems that stay', () => {
  it.each<[string, Script | ScriptedReply[], string, string[]]>([
    ['a bad key', { replies: ['x'], apiKey: 'another' }, 'bad-api-key', ['401', 'KGENT_API_KEY', '***']],
    ['a forbidden key', [{ status: 403, body: { error: { message: 'country not supported' } } }], 'bad-api-key', ['403', 'country not supported']],
    ['a wrong model', { replies: ['x'], model: 'another' }, 'unknown-model', ["'test-model'", 'KGENT_MODEL']],
    ['a wrong model with status 400', [{ status: 400, body: { error: { message: 'test-model is not a valid model ID' } } }], 'unknown-model', ['test-model']],
    ['a model Ollama does not have', [{ status: 404, body: { error: { message: 'model "test-model" not found, try pulling it first', type: 'api_error' } } }], 'unknown-model', ['try pulling']],
    ['a spent account', [{ status: 429, body: { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } } }], 'model-quota', ['no quota left']],
    ['a context that is too long', [{ status: 400, body: { error: { message: 'This model\'s maximum context length is 8192 tokens', code: 'context_length_exceeded' } } }], 'context-too-long', ['8192', 'Shorten']],
    ['a page that is no server', [{ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' }], 'no-model-server', ['text/html', '/v1']],
    ['a server that does not stream', [{ status: 200, body: { choices: [{ message: { content: 'x' } }] } }], 'no-model-server', ['application/json']],
    ['garbage in the stream', [{ status: 200, headers: { 'content-type': 'text/event-stream' }, body: 'data: {nonsense\n\n' }], 'bad-reply', ['OpenAI-compatible']],
    ['another bad request', [{ status: 422, body: { error: { message: 'no such parameter' } } }], 'model-error', ['422', 'no such parameter']],
    ['a huge error page', [{ status: 400, body: 'e'.repeat(10_000_000) }], 'model-error', ['400']],
    ['refused content', [{ text: '', finish: 'content_filter' }], 'model-refused', ['content filter']],
    ['a refusal', [{ text: '', refusal: 'I will not do that.' }], 'model-refused', ['I will not do that.']],
    ['an empty reply', [{ text: '' }], 'empty-reply', ['is empty']],
    ['a reply of blanks', [{ text: ' \n ' }], 'empty-reply', ['is empty']],
    ['a reply of thoughts only', [{ text: '', reasoning: 'hm', finish: 'length' }], 'empty-reply', ['length limit']],
  ])('%s', async (_, script, code, parts) => {
    const asked = await ask(script);
    expectError(asked, code, ...parts);
    expect(asked.waiting).toEqual([]);
    expect((asked.error as UserError).message.length).toBeLessThan(1_000);
  });

  it('a wrong address on the right server', async () => {
    server = await ModelServer.start(['x']);
    expectError(await askAt(server.url.replace('/v1', '/api')), 'no-model-server', '404', 'KGENT_BASE_URL');
  });

  it('a dead port', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const asked = await askAt(`http://127.0.0.1:${port}/v1`);
    expectError(asked, 'model-unreachable', `127.0.0.1:${port}`, 'refused');
    expect(asked.waiting).toEqual([]);
  });

  it('a host that does not exist', async () => {
    expectError(await askAt('http://kgent-no-such-host.invalid/v1', { during: () => Promise.resolve() }), 'model-unreachable', 'kgent-no-such-host.invalid');
  }, 60_000);

  it.each([
    ['not a url', 'bad-model-url'],
    ['ftp://host/v1', 'bad-model-url'],
    ['http://user:secret@host/v1', 'bad-model-url'],
  ])('the address %j', (baseUrl, code) => {
    const make = (): OpenAiModel => new OpenAiModel({ baseUrl, model: 'm', timeoutMs: 1 });
    expect(make).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('a key that cannot be one, without showing it', () => {
    for (const apiKey of ['sk-with blank', 'sk-with\nline', 'sk-ünïcode']) {
      const make = (): OpenAiModel => new OpenAiModel({ baseUrl: 'http://localhost/v1', model: 'm', timeoutMs: 1, apiKey });
      expect(make).toThrow(expect.objectContaining({ code: 'bad-api-key', message: expect.not.stringContaining('sk-') as string }) as Error);
    }
    expect(() => new OpenAiModel({ baseUrl: '', model: 'm', timeoutMs: 1 })).toThrow(expect.objectContaining({ code: 'no-api-key' }) as Error);
  });
});

describe('answers without an end', () => {
  it.each([
    ['in pieces', { huge: 10_000_000 }],
    ['in one event', { huge: 10_000_000, inOneEvent: true }],
  ])('10 MB %s are not read', async (_, reply) => {
    const started = performance.now();
    const asked = await ask([reply]);
    expectError(asked, 'long-reply', '256 KiB');
    expect(asked.deltas.length).toBeLessThanOrEqual(256 * 1024);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(asked.waiting).toEqual([]);
  });

  it.each([
    ['before the first word', { hang: true } as const],
    ['in the middle', { hang: true, text: 'kprobe:' } as const],
  ])('a server that hangs %s is left when the user cancels', async (_, reply) => {
    const asked = await ask([reply], { during: async (_clock, abort, first) => (await ('text' in reply ? first : server?.asked(1)), abort()) });
    expect(asked.error).toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['before the first word', { hang: true } as const],
    ['in the middle', { hang: true, text: 'kprobe:' } as const],
  ])('a server that hangs %s is left at the time limit', async (_, reply) => {
    const asked = await ask([reply], { during: async (clock, _abort, first) => (await ('text' in reply ? first : server?.asked(1)), clock.runOut()) });
    expectError(asked, 'model-timeout', '100 s', 'kgent.model.timeoutSeconds');
    expect(asked.waiting).toEqual([]);
  });

  it('aborted before it began, nothing is sent', async () => {
    server = await ModelServer.start(['x']);
    const model = new OpenAiModel({ baseUrl: server.url, model: 'm', timeoutMs: TIME_LIMIT });
    await expect(model.chat([], AbortSignal.abort(), () => {})).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requests).toEqual([]);
  });
});
