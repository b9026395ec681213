/** What a target has to ask a person while connecting. Silence is "no". */
import * as vscode from 'vscode';
import { printable } from '../../server/src/base/text.ts';
import { secretRequest, trustHostKeyRequest } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';

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
  ctx.onClient((client) => [
    client.onRequest(trustHostKeyRequest, (key) => trusts(ctx, key)),
    client.onRequest(secretRequest, async ({ what }) => {
      const secret = await ctx.ui.input({ title: 'Kgent', prompt: printable(what), password: true, ignoreFocusOut: true });
      return secret ?? null;
    }),
  ]);
}
