/** What a target has to ask a person while connecting. Silence is "no". */
import * as vscode from 'vscode';
import { printable } from '../../server/src/base/text.ts';
import { forgetSecretsNotification, secretJudged, secretRequest, trustHostKeyRequest } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';
import { KeptSecrets, type SecretQuestion } from './secrets.ts';

interface HostKey {
  readonly host: string;
  readonly keyType: string;
  readonly fingerprint: string;
}

const TRUST = 'Trust This Host';
/** The button that Enter presses: it trusts nobody. */
const COPY = 'Copy Fingerprint';

async function trusts(ctx: Ctx, { host, keyType, fingerprint }: HostKey): Promise<boolean> {
  const detail = [
    `${printable(keyType)} key fingerprint:`,
    printable(fingerprint),
    '',
    'Compare it with what the host itself reports (ssh-keygen -lf on its public host key). Once trusted it is remembered in known_hosts, and a changed key is refused.',
  ].join('\n');
  for (;;) {
    const chosen = await ctx.ui.ask(`The host ${printable(host)} is not known yet. Is this its key?`, detail, COPY, TRUST);
    if (chosen !== COPY) return chosen === TRUST;
    await vscode.env.clipboard.writeText(fingerprint);
  }
}

export function registerAsks(ctx: Ctx): void {
  const { secrets: store, globalState } = ctx.extension;
  const secrets = new KeptSecrets(store, globalState, (question) => askSecret(ctx, question));
  ctx.onClient((client) => [
    client.onRequest(trustHostKeyRequest, (key) => trusts(ctx, key)),
    client.onRequest(secretRequest, (question) => secrets.answer(question)),
    client.onNotification(secretJudged, ({ key, verdict }) => ctx.background(secrets.judged(key, verdict))),
  ]);
  ctx.command('kgent.forgetSecrets', () => forget(ctx, secrets).catch((error: unknown) => ctx.fail(error)));
}

function askSecret(ctx: Ctx, { what, key, echo }: SecretQuestion): Thenable<string | undefined> {
  const kept = key === undefined ? '' : ' When it is right it is kept in the secret store of the editor.';
  return ctx.ui.input({ title: 'Kgent', prompt: `${printable(what)}.${kept}`, password: echo !== true, ignoreFocusOut: true });
}

const ALL = 'All of them';

async function forget(ctx: Ctx, secrets: KeptSecrets): Promise<void> {
  const names = secrets.names();
  if (names.length === 0) return void (await ctx.ui.tell('info', 'No password or passphrase is kept.'));
  const items = [...names.map((label) => ({ label: printable(label), names: [label] })), ...(names.length > 1 ? [{ label: ALL, names }] : [])];
  const chosen = await ctx.ui.pick(items, { title: 'Kgent: Forget saved passwords', placeHolder: 'What is forgotten is asked for again at the next login' });
  if (!chosen) return;
  await secrets.forget(chosen.names);
  // A server that does not run remembers nothing.
  if (ctx.serverState === 'running') await (await ctx.client()).sendNotification(forgetSecretsNotification, { keys: chosen.names });
  await ctx.ui.tell('info', chosen.names.length === 1 ? 'It is forgotten.' : `All ${chosen.names.length} are forgotten.`);
}
