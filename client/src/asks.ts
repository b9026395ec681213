/** What a target has to ask a person while connecting. Silence is "no". */
import { printable } from '../../server/src/base/text.ts';
import { secretRequest, trustHostKeyRequest } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';

const TRUST = 'Trust This Host';

export function registerAsks(ctx: Ctx): void {
  ctx.onClient((client) => [
    client.onRequest(trustHostKeyRequest, async ({ host, keyType, fingerprint }) => {
      const detail = [
        `${printable(keyType)} key fingerprint:`,
        printable(fingerprint),
        '',
        'Compare it with what the host itself reports (ssh-keygen -lf on its public host key). Once trusted it is remembered in known_hosts, and a changed key is refused.',
      ].join('\n');
      return (await ctx.ui.ask(`The host ${printable(host)} is not known yet. Is this its key?`, detail, TRUST)) === TRUST;
    }),
    client.onRequest(secretRequest, async ({ what }) => {
      const secret = await ctx.ui.input({ title: 'Kgent', prompt: printable(what), password: true, ignoreFocusOut: true });
      return secret ?? null;
    }),
  ]);
}
