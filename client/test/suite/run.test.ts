/** "Run on target" and "Connect to a target": this machine, and the virtual machine over SSH. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunEvent } from '../../../server/src/protocol.ts';
import { ModelServer } from '../../../server/test/support/model-server.ts';
import { api, changedTarget, closeEditors, eventually, inVm, openFile, saveVmTarget, withPerson, withSettings, type Said } from './support.ts';

/** Everything runs tell from now on. */
async function listen(): Promise<{ events: RunEvent[]; text: () => string; until: (what: string, wanted: (event: RunEvent) => boolean) => Promise<RunEvent> }> {
  const { runs } = await api();
  const events: RunEvent[] = [];
  let written = '';
  runs.onEvent(({ event }) => events.push(event));
  runs.onText((text) => (written += text));
  const until = (what: string, wanted: (event: RunEvent) => boolean): Promise<RunEvent> => eventually(runs.onEvent, `${what}; there was: ${JSON.stringify(events)}`, () => events.find(wanted));
  return { events, text: () => written, until };
}

const agree = ({ buttons }: Said): string | undefined => buttons.find((b) => b.startsWith('Run'));
const ended = (event: RunEvent): boolean => event.event === 'ended';

describe('run', () => {
  afterEach(closeEditors);

  it('asks first, and does nothing when that is declined', async () => {
    await openFile('ask.bt', 'tracepoint:sched:sched_process_fork { @forks = count(); }\n');
    const heard = await listen();
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.run');
      const { message, detail } = await person.hears(/Run ask\.bt on local\?/);
      assert.match(detail ?? '', /tracepoint:sched:sched_process_fork/, message);
    });
    assert.deepEqual(heard.events, []);
  });

  it('does not offer to run what can do harm by pressing Enter', async () => {
    await openFile('harm.bt', 'BEGIN { system("id"); exit(); }\n');
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.run');
      const { detail, buttons } = await person.hears(/Run harm\.bt/);
      assert.match(detail ?? '', /system/);
      assert.deepEqual(buttons, ['Show Program', 'Run Anyway']);
    });
  });

  it('streams the output and prints the maps when stopped', async () => {
    const { document } = await openFile('stream.bt', 'BEGIN { printf("hello from %s\\n", "BEGIN"); }\ninterval:ms:50 { @ticks[comm] = count(); }\n');
    const heard = await listen();
    await withPerson({ ask: agree }, async () => {
      await vscode.commands.executeCommand('kgent.run', document.uri);
      await heard.until('its line', (e) => e.event === 'line' && e.text.includes('hello from BEGIN'));
      await vscode.commands.executeCommand('kgent.stopRun', document.uri);
      const end = await heard.until('its end', ended);
      assert.equal(end.event === 'ended' && end.outcome, 'stopped');
    });
    assert.match(heard.text(), /hello from BEGIN\r\n/);
    assert.match(heard.text(), /Stopped/);
  });

  it('ends the run when its terminal is closed', async () => {
    const { document } = await openFile('closed.bt', 'BEGIN { printf("up\\n"); }\ninterval:s:1 { printf("tick\\n"); }\n');
    const heard = await listen();
    await withPerson({ ask: agree }, async () => {
      await vscode.commands.executeCommand('kgent.run', document.uri);
      await heard.until('its line', (e) => e.event === 'line');
      vscode.window.terminals.find((t) => t.name === 'closed.bt')?.dispose();
      await heard.until('its end', ended);
    });
  });
});

describe('on the virtual machine', function () {
  // It may be emulated, twenty times slower than this machine, and it is asked a dozen times.
  this.timeout(360_000);
  before(saveVmTarget);
  afterEach(closeEditors);
  after(async () => vscode.workspace.getConfiguration('kgent').update('target', undefined, vscode.ConfigurationTarget.Workspace));

  it('connects, generates, runs and shows the output', async () => {
    // kprobes do not exist on the machine of the tests: what fires can only be the other kernel.
    const model = await ModelServer.start(['```bpftrace\nkprobe:tcp_connect\n{\n  printf("connect by %s\\n", comm);\n}\n```']);
    const heard = await listen();
    const { generation } = await api();
    try {
      await withSettings({ 'model.baseUrl': model.url, 'model.name': 'scripted', 'agent.conditions': false }, () => withPerson({ pick: 'vm', ask: agree }, async (person) => {
        const { name, state } = await changedTarget(async () => vscode.commands.executeCommand('kgent.connect'));
        assert.deepEqual({ name, state }, { name: 'vm', state: 'connected' });
        await person.hears(/checked and run on vm/);
        assert.equal(vscode.workspace.getConfiguration('kgent').get('target'), 'vm');
        person.answers.tell = ({ buttons }) => buttons.find((b) => b === 'Run on vm');
        await vscode.commands.executeCommand('kgent.generate', { sentence: 'print each TCP connect' });
        assert.equal(generation.state?.verdict?.event, 'accepted', JSON.stringify(person.said));
        const program = vscode.workspace.textDocuments.find((document) => document.uri.scheme === 'untitled' && !document.isClosed && document.getText().includes('kprobe:tcp_connect'))?.uri;
        assert.ok(program, 'the program is open');
        await heard.until('its start', (e) => e.event === 'attached');
        // An idle machine connects to nothing.
        await inVm('bash -c ": < /dev/tcp/127.0.0.1/22"');
        await heard.until('the connect', (e) => e.event === 'line' && e.text === 'connect by bash');
        await vscode.commands.executeCommand('kgent.stopRun', program);
        await heard.until('its end', ended);
      }));
      assert.match(heard.text(), /Running on vm/);
      assert.match(heard.text(), /connect by bash\r\n/);
    } finally {
      await model.close();
    }
  });

  it('says what is wrong with a host that does not answer', async () => {
    await withPerson({}, async (person) => {
      await vscode.commands.executeCommand('kgent.connect', 'root@127.0.0.1:1');
      const { buttons } = await person.hears(/127\.0\.0\.1/);
      assert.deepEqual(buttons, ['Try Again', 'Use It Anyway']);
    });
    assert.notEqual(vscode.workspace.getConfiguration('kgent').get('target'), 'root@127.0.0.1:1');
  });
});
