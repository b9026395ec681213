import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, DidChangeConfigurationNotification, ProposedFeatures, TextDocuments, TextDocumentSyncKind, type TextDocumentSyncOptions } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Log } from './base/log.ts';
import { Engine } from './engine.ts';
import { capabilitiesOf, features } from './features/all.ts';
import { clientFeatures, noClient } from './features/client.ts';
import { Diagnostics } from './features/diagnostics.ts';
import { registerFix } from './features/fix.ts';
import { registerGenerate } from './features/generate.ts';
import { registerClangd } from './features/bpfc/clangd.ts';
import { CPrograms } from './features/bpfc/programs.ts';
import { BackgroundIndex, registerIndex } from './features/index-target.ts';
import { languageOf, Programs } from './features/programs.ts';
import { showReading } from './features/reading.ts';
import { refreshEditor } from './features/refresh.ts';
import { registerRun } from './features/run.ts';
import { registerProofs } from './features/proofs.ts';
import { registerKnowledge } from './features/knowledge.ts';
import { TargetFeature } from './features/targets.ts';
import { VerifierLogs } from './features/verifier-log.ts';
import { Workspace } from './features/workspace.ts';
import type { Described } from './knowledge/described.ts';
import { apiKeyRequest, checkingNotification, proofsNotification, secretJudged, secretRequest, trustHostKeyRequest, type WrittenContract } from './protocol.ts';
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
let client = noClient;

const engine = new Engine({
  assets: dirname(fileURLToPath(import.meta.url)),
  env: process.env,
  log,
  settings: () => settings,
  apiKey: async () => (client.kgent ? await connection.sendRequest(apiKeyRequest) : null) ?? process.env['KGENT_API_KEY'],
  ask: {
    trustHostKey: async (host, keyType, fingerprint) => client.kgent && connection.sendRequest(trustHostKeyRequest, { host, keyType, fingerprint }),
    secret: async (what, use) => (client.kgent ? await connection.sendRequest(secretRequest, { what, ...use }) : null) ?? undefined,
    judged: (key, verdict) => void (client.kgent && connection.sendNotification(secretJudged, { key, verdict })),
  },
});
const documents = new TextDocuments(TextDocument);
const c = new CPrograms({ documents, parser: () => engine.cParser(), inventory: async () => (await engine.known()).inventory });
const programs = new Programs({ documents, parser: engine.parser(), against: () => engine.against(), c });
const workspace = new Workspace(engine.parser());
const targets = new TargetFeature(connection, engine, () => client.kgent);
/** A request that comes right after a changed setting waits for that setting. */
let configured: Promise<void> = Promise.resolve();
registerGenerate(connection, engine, () => configured);
registerRun(connection, engine, () => configured);
registerClangd(connection, engine, () => configured);
registerIndex(connection, engine, () => configured);
const background = new BackgroundIndex(engine, log);
const logs = new VerifierLogs(connection, () => client.kgent);
const checking = (uri: string, doing: string | undefined): void => void (client.kgent && connection.sendNotification(checkingNotification, { uri, doing: doing ?? null }));
const proved = (uri: string): void => {
  refreshEditor(connection, { ...client, refresh: { ...client.refresh, tokens: false } });
  if (client.kgent) void connection.sendNotification(proofsNotification, { uri });
};
const diagnostics = new Diagnostics({ connection, documents, programs, engine, settings: () => settings, log, logs, checking, proved });
registerFix(connection, engine, () => configured, (uri, version) => diagnostics.findings(uri, version));
const write = async (uri: string, sentence: string, signal: AbortSignal): Promise<readonly WrittenContract[]> => {
  await configured;
  const document = documents.get(uri);
  const language = document && languageOf(document);
  if (!document || !language) return [];
  return (await engine.author.conditions({ language, text: document.getText() }, sentence, signal)).map(({ clause, meaning, line }) => ({ clause, meaning, line: line - 1 }));
};
let described: Described | undefined;
const describing = engine.described().then((read) => (described = read));
registerProofs({ connection, programs, proofs: (uri) => diagnostics.proofs(uri), prove: (uri, signal) => diagnostics.prove(uri, signal), conditions: describing.then((read) => (id: string) => read.conditions(id)), write });
registerKnowledge({ connection, engine, configured: () => configured, described: describing });
for (const feature of features) {
  feature.register({
    connection,
    programs,
    workspace,
    settings: () => settings,
    client: () => client,
    findings: (uri, version) => diagnostics.findings(uri, version),
    proofs: (uri) => diagnostics.proofs(uri),
    whole: (uri, patienceMs) => diagnostics.whole(uri, patienceMs),
    described: { card: (id) => described?.card(id), argument: (id, name) => described?.argument(id, name) },
  });
}
engine.inventories.onMore((target) => {
  if (target !== engine.target().name) return;
  diagnostics.refresh();
  refreshEditor(connection, client);
  // Nobody waits for it; then this is told once more.
  void engine.inventories.learnHelpers(engine.target());
  void background.notice(target);
});
showReading(connection, engine.inventories);

// Whatever the target is, this kernel stands in until that one is read.
engine.inventories.bundled().catch((error: unknown) => log.error(`The bundled kernel cannot be read: ${String(error)}`));

connection.onInitialize(({ capabilities, initializationOptions, ...where }) => {
  workspace.open(foldersOf(where));
  client = clientFeatures(capabilities, (initializationOptions as { kgent?: boolean } | undefined)?.kgent === true);
  const textDocumentSync: TextDocumentSyncOptions = { openClose: true, change: TextDocumentSyncKind.Incremental, save: true };
  return { capabilities: { ...capabilitiesOf(features), textDocumentSync }, serverInfo: { name: 'kgent' } };
});
connection.onInitialized(async () => {
  if (client.folders) {
    connection.workspace.onDidChangeWorkspaceFolders(() => void connection.workspace.getWorkspaceFolders().then((folders) => workspace.open(folders?.map(({ uri }) => uri) ?? [])));
  }
  if (client.configuration) {
    connection.onDidChangeConfiguration(() => void configure());
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'kgent' });
  }
  await configure();
});
connection.onShutdown(async () => {
  diagnostics.dispose();
  logs.dispose();
  targets.dispose();
  background.dispose();
  await engine.dispose();
});

/** Older editors tell one folder. */
function foldersOf({ workspaceFolders, rootUri }: { workspaceFolders?: { uri: string }[] | null; rootUri?: string | null }): string[] {
  return workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
}

async function configure(): Promise<void> {
  configured = readConfiguration();
  await configured;
  diagnostics.refresh();
  refreshEditor(connection, client);
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
