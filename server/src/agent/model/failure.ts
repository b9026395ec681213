import { APIConnectionError, APIError } from 'openai';
import { describeError, UserError } from '../../base/error.ts';
import { printable, shorten } from '../../base/text.ts';
import { FloodError } from './bounded-fetch.ts';

/** What a failed request means: worth asking again, or an end with a message for the user. */
export type Failure =
  | { readonly kind: 'passing'; readonly reason: string; readonly afterMs?: number; readonly error: UserError }
  | { readonly kind: 'final'; readonly error: UserError };

export interface Server {
  /** As the user knows it, for messages. */
  readonly url: string;
  readonly model: string;
  /** Taken out of every message: servers echo keys. */
  readonly apiKey: string;
  readonly names: ServerNames;
}

/** What the user calls what is configured, for messages. */
export interface ServerNames {
  /** `kgent.model.baseUrl (KGENT_BASE_URL)`. */
  readonly url: string;
  readonly model: string;
  readonly key: string;
  /** What the server must offer: `chat completions`. */
  readonly offers: string;
}

const keyHelp = ({ names }: Server): string => `Check ${names.key}, or the key in the editor's secret store.`;
const urlHelp = ({ names }: Server): string => `Check the setting ${names.url}.`;
const RESETS = /ECONNRESET|EPIPE|UND_ERR_SOCKET|socket hang up|other side closed|terminated|premature close|EAI_AGAIN/i;
const TIMEOUTS = /ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|timed? ?out/i;

export function classify(error: unknown, server: Server): Failure {
  if (error instanceof UserError) return { kind: 'final', error };
  if (error instanceof FloodError) return final('long-reply', longReply(server));
  if (isAnswer(error)) return classifyAnswer(error, server);
  return classifyConnection(error, server);
}

/** The server answered, with an error. */
function isAnswer(error: unknown): error is APIError {
  return error instanceof APIError && !(error instanceof APIConnectionError);
}

export function longReply(server: Server): string {
  return `The reply of ${server.model} is longer than any program (256 KiB) and was not read further. Ask again, or configure another model.`;
}

function classifyConnection(error: unknown, server: Server): Failure {
  const codes = causeCodes(error);
  const detail = clean(describeError(error), server);
  if (error instanceof SyntaxError) return final('bad-reply', `The server at ${server.url} does not answer as an OpenAI-compatible one does. ${urlHelp(server)} (${detail})`);
  if (/ECONNREFUSED/.test(codes)) return final('model-unreachable', `Nothing listens at ${server.url}: the connection was refused. Start the model server, or ${lower(urlHelp(server))}`);
  if (/ENOTFOUND/.test(codes)) return final('model-unreachable', `There is no host by the name in ${server.url}. ${urlHelp(server)}`);
  if (TIMEOUTS.test(codes)) return final('model-timeout', `The model server at ${server.url} did not answer in time.`);
  if (RESETS.test(codes)) return passing(`The connection to ${server.url} broke off`, 'model-unreachable');
  return final('model-unreachable', `The model server at ${server.url} cannot be reached: ${detail}. ${urlHelp(server)}`);
}

function classifyAnswer(error: APIError, server: Server): Failure {
  const { status } = error;
  const said = clean(error.message.replace(/^\d{3}\s+/, ''), server);
  const code = `${error.code ?? ''} ${error.type ?? ''}`;
  const about = `${code} ${said}`;
  if (/insufficient_quota|billing|quota exceeded/i.test(about) || status === 402) return final('model-quota', `The account at ${server.url} has no quota left: ${said}`);
  if (status === 401 || status === 403 || /invalid_api_key/.test(code)) return final('bad-api-key', `${server.url} does not accept the API key (${status ?? 'refused'}). ${keyHelp(server)} The server said: ${said}`);
  if (status === 413 || /context_length_exceeded|(context|prompt|input).{0,30}(length|window|too long)|too many tokens/i.test(about)) {
    return final('context-too-long', `The question and what belongs to it are too long for ${server.model}. Shorten the description, or use a model with a longer context. The server said: ${said}`);
  }
  if (/content_filter|content_policy|safety/i.test(code)) return final('model-refused', `${server.url} refused the request for its content: ${said}`);
  if (isAboutModel(status, about)) return final('unknown-model', `${server.url} has no model '${server.model}'. Check the setting ${server.names.model}. The server said: ${said}`);
  if (status === 404 || status === 405) return final('no-model-server', `${server.url} offers no ${server.names.offers} (${status}). ${urlHelp(server)} It usually ends in /v1.`);
  if (isPassing(status, code)) return passing(`${server.url} answered ${status ?? 'with an error'}: ${said}`, 'model-unavailable', retryAfterMs(error.headers));
  return final('model-error', `${server.url} refused the request (${status ?? 'error'}): ${said}`);
}

function isAboutModel(status: number | undefined, about: string): boolean {
  if (/model_not_found/.test(about)) return true;
  return (status === 404 || status === 400) && /model\b.{0,80}(not found|not exist|unknown|not a valid|not supported)|(not a valid|unknown|invalid|no such) model/i.test(about);
}

function isPassing(status: number | undefined, code: string): boolean {
  if (status === undefined) return /server_error|rate_limit|overloaded|unavailable|timeout/i.test(code);
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), or OpenAI's own `retry-after-ms`. Undefined when absent or unreadable. */
export function retryAfterMs(headers: Headers | undefined, now = Date.now()): number | undefined {
  const exact = headers?.get('retry-after-ms');
  if (exact && Number.isFinite(Number(exact))) return Math.max(0, Number(exact));
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Codes and messages along the chain of causes; `AggregateError`s (several addresses tried) included. */
function causeCodes(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 8) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const others = error instanceof AggregateError ? error.errors.map((e) => causeCodes(e, depth + 1)) : [];
  return [code, error.name, error.message, ...others, causeCodes(error.cause, depth + 1)].join(' ');
}

function clean(text: string, server: Server): string {
  const open = server.apiKey.length > 3 ? text.replaceAll(server.apiKey, '***') : text;
  return shorten(printable(open).replace(/\s+/g, ' ').trim(), 400);
}

function final(code: string, message: string): Failure {
  return { kind: 'final', error: new UserError(code, message) };
}

function passing(reason: string, code: string, afterMs?: number): Failure {
  const error = new UserError(code, `${reason}. It was asked again several times without success; try later.`);
  return { kind: 'passing', reason, ...(afterMs === undefined ? {} : { afterMs }), error };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
