import { expect, it } from 'vitest';
import { parser } from '../../../../test/support/parser.ts';
import { parseDocument } from '../syntax/parse.ts';
import { binariesOf } from './binaries.ts';

it('each binary once, patterns and other probes not', () => {
  const text = 'uprobe:/bin/bash:readline,ur:/bin/bash:readline { }\nusdt:/usr/bin/node:gc__start { }\nU:"/opt/my app":x:y { }\nuprobe:libc:getenv { }\nuprobe:/bin/ba*:x { }\nkprobe:vfs_read { }\nuprobe: { }';
  expect(binariesOf(parseDocument(parser, text))).toEqual(['/bin/bash', '/usr/bin/node', '/opt/my app', 'libc']);
});
