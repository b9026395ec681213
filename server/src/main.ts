import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, DidChangeConfigurationNotification, ProposedFeatures, TextDocuments, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Log } from './base/log.ts';
import { Engine } from './engine.ts';
import { Diagnostics } from './features/diagnostics.ts';
import { registerGenerate } from './features/generate.ts';
import { registerRun } from './features/run.ts';
import { TargetFeature } from './features/targets.ts';
import { apiKeyRequest, secretRequest, trustHostKeyRequest } from './protocol.ts';
import { flattenSettings, readSettings, settingsFromEnvironment, type Settings } from './settings.ts';

const connection = createConnection(ProposedFeatures.all);
const log: Log = {
  debug: (m) => connection.console.debug(m),
  info: (m) => connection.console.info(m),
  warn: (m) => connection.console.warn(m),
  error: (m) => connection.console.error(m),
};
let settings: Settings = settingsFromEnvironment(process.env).settings;
/** Editors other than VS Code may know neither configuration requests nor ours. */
let client = { configuration: false, kgent: false };

const engine = new Engine({
  assets: dirname(fileURLToPath(import.meta.url)),
  env: process.env,
  log,
  settings: () => settings,
  apiKey: async () => (client.kgent ? await connection.sendRequest(apiKeyRequest) : null) ?? process.env['KGENT_API_KEY'],
  ask: {
    trustHostKey: async (host, keyType, fingerprint) => client.kgent && connection.sendRequest(trustHostKeyRequest, { host, keyType, fingerprint }),
    secret: async (what) => (client.kgent ? await connection.sendRequest(secretRequest, { what }) : null) ?? undefined,
  },
});
const documents = new TextDocuments(TextDocument);
const targets = new TargetFeature(connection, engine);
/** A request that comes right after a changed setting waits for that setting. */
let configured: Promise<void> = Promise.resolve();
registerGenerate(connection, engine, () => configured);
registerRun(connection, engine, () => configured);
const diagnostics = new Diagnostics(connection, documents, engine, () => settings, log);

connection.onInitialize(({ capabilities, initializationOptions }) => {
  client = {
    configuration: capabilities.workspace?.configuration === true,
    kgent: (initializationOptions as { kgent?: boolean } | undefined)?.kgent === true,
  };
  return { capabilities: { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true } }, serverInfo: { name: 'kgent' } };
});
connection.onInitialized(async () => {
  if (client.configuration) {
    connection.onDidChangeConfiguration(() => void configure());
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'kgent' });
  }
  await configure();
});
connection.onShutdown(async () => {
  diagnostics.dispose();
  await engine.dispose();
});

async function configure(): Promise<void> {
  configured = readConfiguration();
  await configured;
  diagnostics.refresh();
  await targets.show(settings.target);
}

async function readConfiguration(): Promise<void> {
  if (!client.configuration) return;
  const raw: unknown = await connection.workspace.getConfiguration('kgent');
  const read = readSettings(flattenSettings(raw));
  read.problems.forEach((problem) => log.warn(problem));
  settings = read.settings;
}

documents.listen(connection);
connection.listen();
