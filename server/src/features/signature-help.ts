import { MarkupKind, type SignatureHelp } from 'vscode-languageserver/node';
import { signatureC } from '../language/bpfc/queries/signature.ts';
import { signatureAt, type SignatureAnswer } from '../language/bpftrace/queries/signature.ts';
import type { Feature } from './feature.ts';

/** Parameters of the call, or keys of the map, that is being written. */
export const signatureHelp: Feature = {
  capabilities: { signatureHelpProvider: { triggerCharacters: ['(', ',', '['], retriggerCharacters: [')', ']'] } },
  register({ connection, programs }) {
    connection.onSignatureHelp(({ textDocument, position }, token) =>
      programs.answer(
        textDocument.uri,
        token,
        null,
        (snapshot) => shown(signatureAt(snapshot.analysis(), snapshot.lines.offset(position))),
        ({ analysis, lines }) => shown(signatureC(analysis, lines.offset(position))),
      ),
    );
  },
};

function shown(found: SignatureAnswer | undefined): SignatureHelp | null {
  if (!found) return null;
  return {
    activeSignature: found.active,
    activeParameter: found.argument,
    signatures: found.signatures.map(({ label, params, documentation }) => ({
      label,
      ...(documentation === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
      parameters: params.map(([start, end]) => ({ label: [start, end] })),
    })),
  };
}
