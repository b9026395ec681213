import type { ServerCapabilities } from 'vscode-languageserver/node';
import { codeActions } from './code-actions.ts';
import { codeLens } from './code-lens.ts';
import { completion } from './completion.ts';
import { definition } from './definition.ts';
import { documentLinks } from './document-links.ts';
import type { Feature } from './feature.ts';
import { folding } from './folding.ts';
import { formatting } from './formatting.ts';
import { highlight } from './highlight.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { onType } from './on-type.ts';
import { references } from './references.ts';
import { rename } from './rename.ts';
import { selection } from './selection.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';
import { symbols } from './symbols.ts';

/** Every answer about programs the editor can ask for. */
export const features: readonly Feature[] = [
  codeActions, codeLens, completion, definition, documentLinks, folding, formatting, highlight, hover,
  inlayHints, onType, references, rename, selection, semanticTokens, signatureHelp, symbols,
];

export function capabilitiesOf(all: readonly Feature[]): ServerCapabilities {
  return Object.assign({}, ...all.map((feature) => feature.capabilities)) as ServerCapabilities;
}
