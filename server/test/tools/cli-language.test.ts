/** The terminal's commands that read programs: `kgent hover` and `kgent fix`. No machine is needed for them. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshConfig, kgent as run, type Ended } from '../support/kgent.ts';

const dir = mkdtempSync(join(tmpdir(), 'kgent-language-'));
const config = freshConfig();

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const kgent = (...args: string[]): Promise<Ended> => run([...args, '--target', 'none'], { XDG_CONFIG_HOME: config });

describe('hover', () => {
  const program = file('hover.bt', 'kprobe:vfs_read\n{\n  @start[tid] = nsecs;\n}\n');
  it('tells what stands at a place', async () => {
    const { code, stdout } = await kgent('hover', `${program}:1:10`);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ssize_t vfs_read\(struct file \*file, [^]*bundled Debian 13 kernel/) as string });
  });
  it('as JSON, with a range that counts from zero', async () => {
    const { stdout } = await kgent('hover', `${program}:3:4`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ file: program, hover: { code: '@start[uint32] → uint64', range: { start: { line: 2, character: 2 }, end: { line: 2, character: 8 } } } });
  });
  it('says when nothing stands there', async () => {
    expect(await kgent('hover', `${program}:2:1`)).toMatchObject({ code: 0, stdout: 'Nothing is known of what stands there.\n' });
    expect(JSON.parse((await kgent('hover', `${program}:2:1`, '--json')).stdout)).toMatchObject({ hover: null });
    expect(await kgent('hover', `${file('hover.bpf.c', 'int x;\n')}:1:1`)).toMatchObject({ code: 0 });
  });
  it.each(['x.bt', 'x.bt:1', 'x.bt:0:1', 'x.bt:a:b'])('wants a place: %s', async (place) => expect(await kgent('hover', place)).toMatchObject({ code: 2, stderr: expect.stringContaining('FILE:LINE:COL') as string }));
});

describe('fix', () => {
  const WRONG = '// é𝛼\r\nkprobe:vfs_reed { prinft("%d", nsecs); @x = args.nosuch; }\r\n';
  it('lists the repairs that are sure, and changes nothing', async () => {
    const path = file('list.bt', WRONG);
    const { code, stdout } = await kgent('fix', path, '--only', 'syntax,semantics', '--json');
    const { repairs } = JSON.parse(stdout) as { repairs: { title: string; sure: boolean }[] };
    expect(code).toBe(1);
    expect(repairs.map(({ sure }) => sure)).toEqual(repairs.map(() => true));
    expect(repairs.map(({ title }) => title).join('\n')).toMatch(/vfs_read[^]*printf/);
    expect(readFileSync(path, 'utf8')).toBe(WRONG);
  });
  it('applies them one after the other, and tells what is left', async () => {
    const path = file('apply.bt', WRONG);
    const { code, stdout, stderr } = await kgent('fix', path, '--apply', '--only', 'syntax,semantics');
    expect(readFileSync(path, 'utf8')).toBe('// é𝛼\r\nkprobe:vfs_read { printf("%d", nsecs); @x = args.nosuch; }\r\n');
    expect({ code, left: stdout }).toMatchObject({ code: 1, left: expect.stringMatching(/2:45: error: args exists only in/) as string });
    expect(stderr).toMatch(/2 repaired, \d left/);
  });
  it('is done when nothing is wrong', async () => {
    const path = file('right.bt', 'BEGIN { print(nsec); }\n');
    const { code, stdout } = await kgent('fix', path, '--apply', '--only', 'syntax,semantics', '--json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, applied: [{ code: 'unknown-identifier', title: expect.stringContaining('nsecs') as string }], findings: [] });
    expect(readFileSync(path, 'utf8')).toBe('BEGIN { print(nsecs); }\n');
  });
});
