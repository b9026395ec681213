/** A bpftrace that is copied to a host over SSH which has none, and to places that do not take it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { copyBpftrace } from '../../src/target/install.ts';
import type { Target } from '../../src/target/target.ts';
import { LoopbackHost } from '../support/loopback-host.ts';
import { TestHome } from '../support/sshd.ts';

const work = mkdtempSync(join(tmpdir(), 'kgent-install-ssh-'));
const file = join(work, 'bpftrace');
let host: LoopbackHost;
let home: TestHome;

beforeAll(async () => {
  writeFileSync(join(work, 'program.c'), '#include <stdio.h>\nint main(void) { puts("bpftrace v0.99.1"); return 0; }\n');
  execFileSync('gcc', ['-static', '-o', file, join(work, 'program.c')]);
  host = await LoopbackHost.start({
    users: [{ name: 'dev', home: '/home/d e v' }, { name: 'full' }, { name: 'sealed' }, { name: 'halted' }],
    // A file that cannot be run in the place of bpftrace: the host has none.
    prepare: `mount --bind /mnt/id.pub /usr/bin/bpftrace
mount -t tmpfs -o size=64k,uid=$(id -u full) tmpfs /home/full
mount -t tmpfs -o noexec,uid=$(id -u halted) tmpfs /home/halted
chown root: /home/sealed; chmod 755 /home/sealed`,
  });
  home = new TestHome();
  home.write('known_hosts', host.known());
});
afterAll(async () => {
  await home.close();
  await host.stop();
  rmSync(work, { recursive: true });
});
/** Nothing runs and nothing lies on the host, whatever happened. */
afterEach(async () => expect(await host.left()).toEqual([]));

function as(user: string): Target {
  home.write('config', `Host *\nIdentityFile ${host.key}\n`);
  return home.targets().get(`${user}@127.0.0.1:${host.port}`);
}

it('is found there, also in a home with spaces, and can be run as root would', async () => {
  const target = as('dev');
  expect(await copyBpftrace(target, file)).toEqual({ version: 'bpftrace v0.99.1', used: 'bpftrace v0.99.1' });
  const known = await target.facts();
  const command = known.kind === 'known' ? known.facts.tools.bpftrace?.command : undefined;
  expect(command).toBe('/home/d e v/.local/share/kgent/bin/bpftrace');
  expect(await target.exec({ argv: [command ?? '', '--version'], timeoutMs: 20_000 })).toMatchObject({ kind: 'ran', stdout: 'bpftrace v0.99.1\n' });
});

it.each([
  ['full', /~\/\.local\/share\/kgent\/bin on .* cannot be written: .*No space left on device/],
  ['sealed', /cannot be written: .*Permission denied/],
  ['halted', /does not start on .*, so it was removed again: .*Permission denied/],
])('a home that is %s does not get it, and the message says why', async (user, why) => {
  await expect(copyBpftrace(as(user), file)).rejects.toThrow(why);
  expect(await host.inside(`find /home/${user} -name '*bpftrace*'`)).toBe('');
});
