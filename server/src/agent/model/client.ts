import OpenAI from 'openai';
import { UserError } from '../../base/error.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { Server, ServerNames } from './failure.ts';

export interface ClientOptions {
  /** Empty: the service of OpenAI (or OPENAI_BASE_URL). */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
}

/** The client for a server, and what messages say of it. Throws UserError `bad-model-url`, `no-api-key` or `bad-api-key` when the options cannot work. */
export function openClient(options: ClientOptions, names: ServerNames): { client: OpenAI; server: Server } {
  const baseUrl = checkedUrl(options.baseUrl.trim(), names);
  const apiKey = checkedKey(options.apiKey?.trim() ?? '', baseUrl === undefined, names);
  const client = new OpenAI({
    apiKey,
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl, organization: null, project: null }),
    maxRetries: 0,
    // The library's own limit only covers the time to the first byte; ours must come first.
    timeout: options.timeoutMs + 60_000,
    fetch: boundedFetch,
    logLevel: 'off',
  });
  return { client, server: { url: baseUrl ?? client.baseURL, model: options.model, apiKey, names } };
}

/** Undefined: the client's default. */
function checkedUrl(text: string, names: ServerNames): string | undefined {
  if (text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UserError('bad-model-url', `'${text}' is no address of a model server. Write for example http://localhost:11434/v1 (setting ${names.url}).`);
  if (url.username || url.password) throw new UserError('bad-model-url', `The address of the model server must not hold a user name or password. Give the key as ${names.key} or through the editor.`);
  return text.replace(/\/+$/, '');
}

/** Never shows the key. Anything but visible ASCII cannot be sent in a header. */
function checkedKey(key: string, needed: boolean, names: ServerNames): string {
  if (key === '' && needed) throw new UserError('no-api-key', `There is no API key for the model. Set ${names.key} or store the key in the editor; for a server that needs none, set its address (${names.url}).`);
  if (!/^[\x21-\x7e]*$/.test(key)) throw new UserError('bad-api-key', 'The API key holds characters that no key has (blanks, line breaks or letters beyond ASCII). Copy it anew.');
  return key || 'none';
}
