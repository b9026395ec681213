import type { ClientCapabilities } from 'vscode-languageserver/node';

/** What the editor at the other end can do. */
export interface ClientFeatures {
  readonly configuration: boolean;
  /** Tells when folders are added to the workspace. */
  readonly folders: boolean;
  /** VS Code with our extension: it answers our requests and has our commands. */
  readonly kgent: boolean;
  readonly snippets: boolean;
  readonly markdown: boolean;
  /** Symbols as a tree. */
  readonly tree: boolean;
  /** Definitions with the span they belong to. */
  readonly links: boolean;
  /** Folds whole lines only. */
  readonly lineFolding: boolean;
  readonly refresh: { readonly hints: boolean; readonly lenses: boolean; readonly tokens: boolean };
}

export const noClient: ClientFeatures = {
  configuration: false,
  folders: false,
  kgent: false,
  snippets: false,
  markdown: false,
  tree: false,
  links: false,
  lineFolding: false,
  refresh: { hints: false, lenses: false, tokens: false },
};

export function clientFeatures(capabilities: ClientCapabilities, kgent: boolean): ClientFeatures {
  const { textDocument, workspace } = capabilities;
  return {
    configuration: workspace?.configuration === true,
    folders: workspace?.workspaceFolders === true,
    kgent,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    markdown: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    tree: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    links: textDocument?.definition?.linkSupport === true,
    lineFolding: textDocument?.foldingRange?.lineFoldingOnly === true,
    refresh: {
      hints: workspace?.inlayHint?.refreshSupport === true,
      lenses: workspace?.codeLens?.refreshSupport === true,
      tokens: workspace?.semanticTokens?.refreshSupport === true,
    },
  };
}
