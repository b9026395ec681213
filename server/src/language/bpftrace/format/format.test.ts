import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { marked, parse } from '../../../../test/support/marked.ts';
import { applyEdits, format, type FormatOptions } from './format.ts';

const SPACES: FormatOptions = { tabSize: 2, insertSpaces: true };
const TABS: FormatOptions = { tabSize: 8, insertSpaces: false };

const laidOut = (text: string, options = SPACES): string => applyEdits(text, format(parse(text), options));

/** Lays out, and checks what holds of every program: nothing but white space changed, and a second time changes nothing. */
function check(source: string, expected: string, options = SPACES): void {
  const result = laidOut(source, options);
  expect(result).toBe(expected);
  expect(result.replace(/\s/g, '')).toBe(source.replace(/\s/g, ''));
  expect(laidOut(result, options)).toBe(result);
}

describe('spaces', () => {
  const body = (source: string, expected: string): void => check(`BEGIN\n{\n  ${source}\n}\n`, `BEGIN\n{\n  ${expected}\n}\n`);
  it.each([
    ['@x[pid,tid]=count( );', '@x[pid, tid] = count();'],
    ['$x=-1;', '$x = -1;'],
    ['$x=$a- -1;', '$x = $a - -1;'],
    ['$x=$a-1*2;', '$x = $a - 1 * 2;'],
    ['$s=(struct sock*)arg0;', '$s = (struct sock *)arg0;'],
    ['$s=( uint64 ) $x;', '$s = (uint64)$x;'],
    ['$s=(uint8)*$p;', '$s = (uint8)*$p;'],
    ['print(*$p,&$q);', 'print(*$p, &$q);'],
    ['$a=$b&&!$c||~$d&1;', '$a = $b && !$c || ~$d & 1;'],
    ['$i ++;', '$i++;'],
    ['++ $i;', '++$i;'],
    ['$x=pid?1:2;', '$x = pid ? 1 : 2;'],
    ['$x=pid?:2;', '$x = pid ?: 2;'],
    ['$x=$s -> a . b;', '$x = $s->a.b;'],
    ['if(pid){exit();}', 'if (pid) { exit(); }'],
    ['for($kv:@x){print($kv);}', 'for ($kv : @x) { print($kv); }'],
    ['for($i:0 .. 5){@++;}', 'for ($i : 0..5) { @++; }'],
    ['while($x<3){$x+=1;}', 'while ($x < 3) { $x += 1; }'],
    ['unroll(3){@a++;}', 'unroll (3) { @a++; }'],
    ['let $x:uint64=1;', 'let $x : uint64 = 1;'],
    ['$t=(1,"a",);', '$t = (1, "a",);'],
    ['$r=(a=1,b=2);', '$r = (a = 1, b = 2);'],
    ['$x=sizeof(struct s)+offsetof(struct s,a);', '$x = sizeof(struct s) + offsetof(struct s, a);'],
    ['return  ;', 'return;'],
    ['$x = "a  b,c" ;', '$x = "a  b,c";'],
    ['$x=$1/$#;', '$x = $1 / $#;'],
    ['printf("%d" ,  /* why */pid);', 'printf("%d", /* why */ pid);'],
  ])('%s', body);
});

describe('lines', () => {
  it('hold one statement each', () => check('BEGIN{$a=1;$b=2;if($a){print(1);print(2);}else if($b){exit();}}', 'BEGIN {\n  $a = 1;\n  $b = 2;\n  if ($a) {\n    print(1);\n    print(2);\n  } else if ($b) { exit(); }\n}\n'));
  it('of a block with one statement stay as they were', () => {
    check('BEGIN { exit(); }\n', 'BEGIN { exit(); }\n');
    check('BEGIN\n{\n  exit();\n}\n', 'BEGIN\n{\n  exit();\n}\n');
    check('BEGIN { }\nEND {}\n', 'BEGIN { }\nEND {}\n');
  });
  it('are broken where a block is too long for one', () => {
    const long = `printf("${'x'.repeat(100)}");`;
    check(`BEGIN { ${long} }\n`, `BEGIN {\n  ${long}\n}\n`);
  });
  it('of headers stay where a person broke them', () => {
    check('kprobe:a,\n  kprobe:b\n  /pid==1/\n  {\n@++;\n@++;}', 'kprobe:a,\nkprobe:b\n/pid == 1/\n{\n  @++;\n  @++;\n}\n');
    check('kprobe:a,kprobe:b /pid==1&&tid!=2/{@++}', 'kprobe:a, kprobe:b /pid == 1 && tid != 2/ { @++ }\n');
    check('uprobe:/bin/bash:readline,u:"/a b/c":f  /1/  { }\n', 'uprobe:/bin/bash:readline, u:"/a b/c":f /1/ { }\n');
  });
  it('that go on keep their alignment to the statement', () => {
    check('BEGIN\n{\n      printf("%d %d",\n             pid,\n             tid);\n}\n', 'BEGIN\n{\n  printf("%d %d",\n         pid,\n         tid);\n}\n');
    check('BEGIN\n{\nprintf("%d",\npid);\n}\n', 'BEGIN\n{\n  printf("%d",\n    pid);\n}\n');
    check('BEGIN\n{\n\tprintf("%d",\n\t    pid);\n}\n', 'BEGIN\n{\n\tprintf("%d",\n\t    pid);\n}\n', TABS);
  });
  it('between are one at most, and none at the ends of blocks', () => check('\n\nBEGIN\n{\n\n\n  @++;\n\n\n\n  @++;\n\n}\n\n\n\nEND { }\n\n\n', 'BEGIN\n{\n  @++;\n\n  @++;\n}\n\nEND { }\n'));
  it('begin with each item', () => check('BEGIN { } END { }', 'BEGIN { }\nEND { }\n'));
});

describe('comments', () => {
  it('stay, with what they stand at', () => {
    check(
      '#!/usr/bin/env bpftrace\n// head\n\n/* block */\nBEGIN // probe\n{ // open\n      // own line\n  @++;   // behind, in a column\n  @++; /* a */ /* b */\n  // last\n}\n// end',
      '#!/usr/bin/env bpftrace\n// head\n\n/* block */\nBEGIN // probe\n{ // open\n  // own line\n  @++;   // behind, in a column\n  @++; /* a */ /* b */\n  // last\n}\n// end\n',
    );
  });
  it('of several lines keep their stars in a column', () => check('BEGIN\n{\n/*\n* a\n   * b\n*/\n  @++;\n}\n', 'BEGIN\n{\n  /*\n   * a\n   * b\n   */\n  @++;\n}\n'));
  it('of several lines without stars keep their inside', () => check('BEGIN\n{\n/* a\n      b */\n  @++;\n}\n', 'BEGIN\n{\n  /* a\n      b */\n  @++;\n}\n'));
  it('in headers and expressions stay there', () => check('kprobe:a, // one\nkprobe:b // two\n{\n  $x = 1 + // why\n    2;\n  if ($x) // then\n  {\n    exit();\n  }\n}\n', 'kprobe:a, // one\nkprobe:b // two\n{\n  $x = 1 + // why\n    2;\n  if ($x) // then\n  {\n    exit();\n  }\n}\n'));
});

describe('what is kept as it is', () => {
  it('C and preprocessor lines', () => check('#include   <a.h>\n#define X   3\nstruct s {int a;\n    int  b; };\nBEGIN{}', '#include   <a.h>\n#define X   3\nstruct s {int a;\n    int  b; };\nBEGIN {}\n'));
  it('items with faults, and what is right around them', () => {
    check('BEGIN{$x=1}\nkprobe:f { $y=  ; }\nEND{$z=2}', 'BEGIN { $x = 1 }\nkprobe:f { $y=  ; }\nEND { $z = 2 }\n');
    check('BEGIN{$x=1', 'BEGIN{$x=1');
  });
  it('CRLF, a byte order mark and characters of two units', () => check('\uFEFFBEGIN\r\n{\r\n$e="𝛼";// é\r\n\r\n\r\n@x=1;}\r\n', '\uFEFFBEGIN\r\n{\r\n  $e = "𝛼"; // é\r\n\r\n  @x = 1;\r\n}\r\n'));
});

describe('a range', () => {
  it('changes only the items it touches', () => {
    const { text, spans } = marked('BEGIN{$x=1}\nkprobe:f {$y=«1»;}\nEND{$z=2}');
    const [within] = spans;
    expect(applyEdits(text, format(parse(text), SPACES, within))).toBe('BEGIN{$x=1}\nkprobe:f { $y = 1; }\nEND{$z=2}');
  });
});

describe('programs of others', () => {
  const root = join(import.meta.dirname, '../../../../..');
  const files = ['knowledge/examples', 'test-fixtures'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bt')).map((name) => join(root, folder, name)));
  it('keep every token and comment, and are stable', () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      for (const options of [SPACES, TABS]) {
        const result = laidOut(text, options);
        expect(result.replace(/\s/g, ''), file).toBe(text.replace(/\s/g, ''));
        expect(laidOut(result, options), file).toBe(result);
      }
    }
  });
});
