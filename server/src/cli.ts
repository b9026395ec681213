import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { describeError, UserError } from './base/error.ts';
import type { Log } from './base/log.ts';
import { check } from './cli/check.ts';
import { EXIT, type Command, type Terminal } from './cli/command.ts';
import { explain } from './cli/explain.ts';
import { fix } from './cli/fix.ts';
import { generate } from './cli/generate.ts';
import { hover } from './cli/hover.ts';
import { clearing, showReading } from './cli/progress-bar.ts';
import { index } from './cli/index.ts';
import { run } from './cli/run.ts';
import { search } from './cli/search.ts';
import { target } from './cli/target.ts';
import { verify } from './cli/verify.ts';
import { terminalAsk } from './cli/ask.ts';
import { Engine } from './engine.ts';
import { settingsFromEnvironment } from './settings.ts';

const COMMANDS: Readonly<Record<string, Command>> = { check, explain, fix, generate, hover, index, run, search, target, verify };

/** Forms of the terminal contract whose rooms are built later. */
const LATER: Readonly<Record<string, string>> = {
  eval: 'evaluating datasets',
};

/** Where this bundle and what it was built with stand. */
const assets = dirname(fileURLToPath(import.meta.url));

function help(): string {
  const lines = [...Object.values(COMMANDS).map((c) => `  kgent ${c.usage}\n      ${c.does}`), '  kgent lsp --stdio\n      the language server, for other editors'];
  return `kgent: checked eBPF from plain English\n\n${lines.join('\n')}\n\nA model is used when KGENT_MODEL (and KGENT_API_KEY, KGENT_BASE_URL) are set; else checked examples answer.`;
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help());
    return name === undefined ? EXIT.couldNotRun : EXIT.fine;
  }
  if (name === '--version' || name === 'version') {
    console.log(version());
    return EXIT.fine;
  }
  if (LATER[name] !== undefined) throw new UserError('later', `kgent ${name} (${LATER[name]}) is not built yet.`);
  const command = COMMANDS[name];
  if (!command) throw new UserError('usage', `There is no command '${name}'.\n\n${help()}`);
  if (asksForHelp(args)) {
    console.log(`Usage: kgent ${command.usage}\n\n${command.does}`);
    return EXIT.fine;
  }
  const terminal = makeTerminal();
  try {
    return await command.run(args, terminal);
  } finally {
    await terminal.engine.dispose();
  }
}

/** Behind `--` everything is meant as it stands. */
function asksForHelp(args: readonly string[]): boolean {
  const behind = args.indexOf('--');
  return args.slice(0, behind < 0 ? args.length : behind).some((arg) => arg === '--help' || arg === '-h');
}

function version(): string {
  const { version: own } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(assets, '../package.json'), 'utf8')));
  return own;
}

function makeTerminal(): Terminal {
  const tell = (text: string): void => void process.stderr.write(`${clearing(process.stderr)}${text}\n`);
  const debug = process.env['KGENT_DEBUG'] ? tell : (): void => undefined;
  const log: Log = { debug, info: debug, warn: tell, error: tell };
  const { settings, problems } = settingsFromEnvironment(process.env);
  problems.forEach(tell);
  const interrupted = new AbortController();
  process.on('SIGINT', () => {
    // The first Ctrl+C asks to finish; the second leaves. The far side ends with our input either way.
    if (interrupted.signal.aborted) process.exit(EXIT.interrupted);
    interrupted.abort();
  });
  const engine = new Engine({
    assets,
    env: process.env,
    ask: terminalAsk(process.env),
    log,
    settings: () => settings,
    apiKey: () => Promise.resolve(process.env['KGENT_API_KEY']),
  });
  showReading(engine.inventories, process.stderr);
  const print = (text: string): void => void process.stdout.write(`${process.stderr.isTTY ? clearing(process.stdout) : ''}${text}\n`);
  return { engine, tell, print, interrupted: interrupted.signal };
}

/** With `--json`, standard output still holds one document when nothing could be run. */
function report(error: unknown, json: boolean): void {
  const message = error instanceof UserError ? describeError(error) : error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: error instanceof UserError ? error.code : 'defect', message } })}\n`);
  process.stderr.write(`kgent: ${message}\n`);
}

const argv = process.argv.slice(2);
// A reader that went away (`| head`) is no error of ours.
process.stdout.on('error', () => process.exit(EXIT.couldNotRun));
process.exitCode = await main(argv).catch((error: unknown) => {
  report(error, argv.includes('--json'));
  return EXIT.couldNotRun;
});
