/** Targets in the sidebar: this machine, no machine, and a host of its own on this machine with a real sshd. */
import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TargetRow } from '../../../server/src/protocol.ts';
import { LoopbackHost } from '../../../server/test/support/loopback-host.ts';
import { itemsOf, type Item } from '../../src/targets/items.ts';
import { api, changedTarget, closeEditors, eventually, forgetSavedTargets, openFile, saveTarget, settledTarget, withPerson, type Person, type Said } from './support.ts';

const PASSWORD = 'a password of the suite';

/** The row of a target as soon as it is as wanted. */
async function row(name: string, what: string, wanted: (row: TargetRow) => boolean): Promise<TargetRow> {
  const { targets } = await api();
  return eventually(targets.onDidChange, `${name}: ${what}; there is ${JSON.stringify(targets.rows)}`, () => targets.rows.find((one) => one.name === name && wanted(one)));
}

/** The items of a target's tree, below each other. */
async function tree(name: string): Promise<readonly Item[]> {
  const { targets } = await api();
  const below = (item: Item): Item[] => [item, ...item.children.flatMap(below)];
  return itemsOf(targets.rows).filter((item) => item.target === name).flatMap(below);
}

async function item(name: string, label: RegExp): Promise<Item> {
  const items = await tree(name);
  const found = items.find((one) => label.test(one.label));
  if (!found) throw new Error(`No ${String(label)} among ${items.map((one) => one.label).join(', ')}`);
  return found;
}

const isWhole = ({ state, progress, about }: TargetRow): boolean => state === 'connected' && !progress && about.some(({ name }) => name === 'attach-points');

describe('targets in the sidebar', () => {
  before(async () => {
    forgetSavedTargets();
    const { ctx } = await api();
    await ctx.client();
    await vscode.commands.executeCommand('kgent.targets.focus');
  });

  it('are this machine, with its kernel, and no machine; another is offered to be added', async () => {
    const { targets } = await api();
    const local = await row('local', 'whole', (one) => one.current && isWhole(one));
    assert.deepEqual([local.kind, local.release], ['local', execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim()]);
    await row('none', 'whole', isWhole);
    assert.deepEqual(itemsOf(targets.rows).map(({ label }) => label), ['local', 'none', 'Add a Linux host over SSH…']);
    const points = await item('local', /^Attach points$/);
    assert.ok(points.children.some(({ label, description }) => label === 'tracepoint' && /^[\d,]{3,}$/.test(description ?? '')), JSON.stringify(points.children));
    assert.match((await item('local', /^Tools$/)).description ?? '', /^bpftrace \d/);
    assert.match((await item('local', /^Root$/)).description ?? '', /logged in as root/);
  });

  it('tell what is missing, why, and what to do', async () => {
    const missing = await item('local', /^No kprobes$/);
    assert.equal(missing.icon, 'missing');
    assert.deepEqual(missing.children.map(({ icon }) => icon), ['remedy']);
    assert.match(missing.spoken, /^Missing: No kprobes: .*Use tracepoints/);
  });

  it('show what a terminal did to them', async () => {
    const { targets } = await api();
    saveTarget('by-hand', { destination: 'dev@by-hand.example' });
    await targets.refresh();
    assert.deepEqual([targets.row('by-hand')?.state, targets.row('by-hand')?.saved], ['new', true]);
    forgetSavedTargets();
    await targets.refresh();
    assert.equal(targets.row('by-hand'), undefined);
  });

  it('can be asked again', async () => {
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.refreshTarget', await item('local', /^local$/));
      await row('local', 'whole again', isWhole);
      assert.deepEqual(person.said, []);
    });
  });

  it('need a destination and a name that can be ones', async () => {
    const judged: (string | undefined | null)[] = [];
    await withPerson({}, async (person) => {
      const answer = person.input.bind(person);
      person.input = async (options): Promise<string | undefined> => {
        for (const value of ['dev@', 'dev@web:99999', 'two words', 'dev@web']) judged.push(messageOf(await options.validateInput?.(value)));
        return answer(options);
      };
      await vscode.commands.executeCommand('kgent.addTarget');
      await person.hears(/SSH destination/);
    });
    assert.deepEqual(judged.map((text) => text === undefined), [false, false, false, true], JSON.stringify(judged));
  });
});

function messageOf(judged: string | vscode.InputBoxValidationMessage | null | undefined): string | undefined {
  return typeof judged === 'string' ? judged : judged?.message;
}

describe('a host among the targets in the sidebar', () => {
  const work = mkdtempSync(join(tmpdir(), 'kgent-suite-targets-'));
  let host: LoopbackHost;
  const trusting: Person['answers'] = {
    ask: ({ buttons }) => buttons.find((button) => button.startsWith('Trust') || button === 'Remove'),
    input: ({ message }: Said) => (message.startsWith('Password') ? PASSWORD : message.startsWith('SSH destination') ? `dev@127.0.0.1:${host.port}` : 'loop'),
  };

  before(async () => {
    // A file that cannot be run in the place of bpftrace: the host has none.
    host = await LoopbackHost.start({ users: [{ name: 'dev', password: PASSWORD }], prepare: 'mount --bind /mnt/id.pub /usr/bin/bpftrace' });
  });
  after(async () => {
    await host.stop();
    rmSync(work, { recursive: true });
    await vscode.workspace.getConfiguration('kgent').update('target', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('is added by its destination and a name, asks for its password, and tells what it is', async () => {
    await withPerson(trusting, async (person) => {
      await vscode.commands.executeCommand('kgent.addTarget');
      await person.hears(/^loop is added: /);
      const asked = [/^SSH destination/, /^A short name for dev@127/, /^The host 127\.0\.0\.1 port \d+ is not known yet/, /^Password of dev@127/, /^loop is added: .*no bpftrace/];
      assert.ok(person.said.length === asked.length && asked.every((pattern, n) => pattern.test(person.said[n]?.message ?? '')), JSON.stringify(person.said));
    });
    const loop = await row('loop', 'connected', ({ state }) => state === 'connected');
    assert.deepEqual([loop.saved, loop.current, loop.kind], [true, false, 'ssh']);
    assert.match((await item('loop', /^Root$/)).description ?? '', /dev may not/);
    assert.ok((await item('loop', /^No root$/)).copies?.includes('dev ALL=(root) NOPASSWD: ALL'));
  });

  it('has commands that help copied', async () => {
    await vscode.commands.executeCommand('kgent.copyRemedy', await item('loop', /^bpftrace is not installed$/));
    assert.equal(await vscode.env.clipboard.readText(), 'sudo apt install bpftrace');
  });

  it('gets a bpftrace that is pointed to, and keeps one that does not fit out', async () => {
    await withPerson({ file: vscode.Uri.file('/bin/ls') }, async (person) => {
      await vscode.commands.executeCommand('kgent.copyBpftrace', await item('loop', /^Copy a bpftrace binary/));
      await person.hears(/\/bin\/ls cannot be copied: it is linked dynamically/);
    });
    const file = staticProgram(work, 'bpftrace v0.99.1');
    await withPerson({ file: vscode.Uri.file(file) }, async (person) => {
      await vscode.commands.executeCommand('kgent.copyBpftrace', await item('loop', /^Copy a bpftrace binary/));
      await person.hears(/^bpftrace v0\.99\.1 is copied to loop\.$/);
    });
    await row('loop', 'with bpftrace', ({ missing }) => !missing.some(({ name }) => name === 'bpftrace'));
    assert.match((await item('loop', /^Tools$/)).description ?? '', /^bpftrace 0\.99\.1/);
    assert.equal(await host.inside('stat -c %a /home/dev/.local/share/kgent/bin/bpftrace'), '700\n');
  });

  it('checks a program beside this machine', async () => {
    const { document } = await openFile('several.bt', 'BEGIN { printf("%d\\n", nosuch); }\n');
    await withPerson({ pick: 'nosuch' }, async (person) => {
      await vscode.commands.executeCommand('kgent.checkOnTargets');
      const { buttons } = await person.hears(/^Choose a problem/);
      const [local, loop] = [buttons.indexOf('local'), buttons.indexOf('loop')];
      assert.ok(local === 0 && loop > 0, buttons.join('\n'));
      for (const part of [buttons.slice(local, loop), buttons.slice(loop)]) assert.ok(part.some((line) => /nosuch/.test(line)), buttons.join('\n'));
    });
    assert.equal(vscode.window.activeTextEditor?.document, document);
    await closeEditors();
  });

  it('says when its connection dropped, and when it stands again', async () => {
    // Of the two processes of a connection one may end with the other.
    await host.inside("for p in $(ps -eo pid=,args= | awk '/[s]shd: dev/ { print $1 }'); do kill $p 2>/dev/null && killed=1; done; [ \"$killed\" ]");
    await row('loop', 'offline', ({ state, about }) => state === 'offline' && about.length > 0);
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.refreshTarget', 'loop');
      await row('loop', 'connected', ({ state }) => state === 'connected');
      assert.ok(!person.said.some(({ message }) => message.startsWith('Password')), JSON.stringify(person.said));
    });
  });

  it('is not asked for its password again by another server, until that is forgotten', async () => {
    const { ctx } = await api();
    await ctx.restart();
    await settledTarget();
    assert.equal((await row('loop', 'listed', () => true)).state, 'new');
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.connectTarget', 'loop');
      await row('loop', 'connected', ({ state }) => state === 'connected');
      assert.deepEqual(person.said, []);
    });
    await withPerson({ pick: `dev@127.0.0.1:${host.port}` }, async (person) => {
      await vscode.commands.executeCommand('kgent.forgetSecrets');
      await person.hears(/It is forgotten/);
    });
    await ctx.restart();
    await settledTarget();
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.connectTarget', 'loop');
      await person.hears(/^Password of dev@127\.0\.0\.1/);
      await person.hears(/none was given/);
    });
    // What it was the last time is still known.
    const offline = await row('loop', 'offline', ({ state }) => state === 'offline');
    assert.ok(offline.about.some(({ name }) => name === 'kernel'), JSON.stringify(offline));
  });

  it('has its password in no log', async () => {
    const { ctx } = await api();
    const logs = join(ctx.extension.logUri.fsPath, '..');
    const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
    assert.ok(files.some((name) => name.includes('kgent')), files.join(', '));
    for (const name of files) assert.ok(!readFileSync(join(logs, name), 'utf8').includes(PASSWORD), name);
  });

  it('becomes the one that programs are run on; removed, this machine is again', async () => {
    await withPerson(trusting, async (person) => {
      const { name, state } = await changedTarget(async () => vscode.commands.executeCommand('kgent.useTarget', await item('loop', /^loop$/)));
      assert.deepEqual({ name, state }, { name: 'loop', state: 'connected' });
      await row('loop', 'current', ({ current }) => current);
      await changedTarget(async () => vscode.commands.executeCommand('kgent.removeTarget', await item('loop', /^loop$/)));
      await person.hears(/^Remove the target loop\?$/);
      await row('local', 'current', ({ current }) => current);
    });
    const { targets } = await api();
    await eventually(targets.onDidChange, 'loop is gone', () => (targets.row('loop') ? undefined : true));
  });
});

function staticProgram(directory: string, says: string): string {
  const source = join(directory, 'program.c');
  writeFileSync(source, `#include <stdio.h>\nint main(void) { puts("${says}"); }\n`);
  execFileSync('gcc', ['-static', '-o', join(directory, 'program'), source]);
  return join(directory, 'program');
}
