/** A declaration at the top of a file. */
export interface Item {
  readonly text: string;
  /** Names that it declares: tags, types, members of enums, functions, variables. */
  readonly declares: readonly string[];
  /** A function, with its body or without. */
  readonly isFunction: boolean;
  /** Where it begins. */
  readonly file: string;
  readonly line: number;
}

/** Declarations of headers, by what they declare. */
export interface Declarations {
  readonly items: readonly Item[];
  readonly byName: ReadonlyMap<string, readonly number[]>;
}

/** Names, and tags behind their keyword: both kinds of names live side by side. */
const WORD = /\b(?:struct|union|enum)\s+\w+|[A-Za-z_]\w*/g;
const TAG = /^(?:struct|union|enum)\s+/;
/** What SeaHorn's header brings: a second declaration would differ. */
const KNOWN = new Set(['bool', 'true', 'false', 'size_t', 'uintptr_t', 'intptr_t', ...['', 'u'].flatMap((sign) => ['8', '16', '32', '64'].map((bits) => `${sign}int${bits}_t`))]);
/** Names that the C library may declare otherwise where SeaHorn is. */
const OF_LIBRARY = new Set(['timespec', 'timeval', 'itimerspec', 'itimerval', 'fd_set', 'loff_t', 'off_t', 'ssize_t', 'time_t', 'clock_t', 'clockid_t', 'timer_t', 'dev_t', 'ino_t', 'mode_t', 'nlink_t', 'key_t', 'id_t', 'sigset_t', 'suseconds_t', 'blkcnt_t', 'u_char', 'u_short', 'u_int', 'u_long', 'ushort', 'uint', 'ulong', 'u_int8_t', 'u_int16_t', 'u_int32_t', 'u_int64_t', 'int8_t', 'fsid_t', 'daddr_t', 'caddr_t', 'div_t', 'timezone', 'register_t', 'quad_t', 'u_quad_t', 'random_data']);

/** Splits C text, which may have line markers of a preprocessor, into its declarations. */
export function itemsOf(text: string): readonly Item[] {
  const items: Item[] = [];
  let [file, line] = ['', 1];
  let begin: { file: string; line: number } | undefined;
  let kept: string[] = [];
  let depth = 0;
  let isFunction = false;
  const finish = (): void => {
    const whole = kept.join('').trim();
    if (whole !== '' && whole !== ';') items.push({ text: whole, declares: declaredIn(whole, isFunction), isFunction: isFunction || isPrototype(whole), ...(begin ?? { file, line }) });
    [kept, begin, depth, isFunction] = [[], undefined, 0, false];
  };
  for (const row of text.split('\n')) {
    const marker = /^#\s*(?:line\s+)?(\d+)\s+"([^"]*)"/.exec(row);
    if (marker) {
      [line, file] = [Number(marker[1]), marker[2] ?? ''];
      // Lines that a macro spreads over are told of again.
      if (begin && kept.length > 0 && file === begin.file) kept.push(`\n#line ${line} ${JSON.stringify(file)}\n`);
      continue;
    }
    if (row.startsWith('#')) {
      line++;
      continue;
    }
    let from = 0;
    for (const { index: at, 0: sign } of row.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};()[\]]/g)) {
      if (sign.length > 1) continue;
      if ('([{'.includes(sign)) {
        if (sign === '{' && depth === 0) isFunction = bodyFollows(`${kept.join('')}${row.slice(from, at)}`);
        depth++;
      } else if (sign !== ';') depth--;
      if (depth === 0 && (sign === ';' || (sign === '}' && isFunction))) {
        if (kept.length === 0) begin = { file, line };
        kept.push(row.slice(from, at + 1));
        from = at + 1;
        finish();
      }
    }
    const rest = row.slice(from);
    if (kept.length > 0 || rest.trim() !== '') {
      if (kept.length === 0) begin = { file, line };
      kept.push(`${rest}\n`);
    }
    line++;
  }
  finish();
  return items;
}

/** Whether a brace behind this begins the body of a function. */
function bodyFollows(head: string): boolean {
  const plain = head.replace(/__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)/g, '').replace(/^#.*$/gm, '').trim();
  return plain.endsWith(')') && !/(?<![=!<>])=(?!=)/.test(plain);
}

function isPrototype(text: string): boolean {
  return !/[{=]|^\s*typedef\b|\(\s*\*/.test(text) && /\w\s*\([^]*\)\s*;$/.test(text);
}

function declaredIn(text: string, isFunction: boolean): readonly string[] {
  const names: string[] = [];
  const flat = isFunction ? text.slice(0, text.indexOf('{')) : withoutBraces(text);
  const own = flat.replace(/__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)/g, '').replace(/^#.*$/gm, '').replace(/\s*;\s*$/, '').trim();
  for (const [, tag = ''] of (isFunction ? '' : text).matchAll(/\b(?:struct|union|enum)\s+(?:__attribute__\s*\(\([^)]*\)\)\s*)?(\w+)\s*(?=\{)/g)) names.push(`struct ${tag}`);
  if (/^(?:typedef\s+)?enum\b/.test(text)) for (const [, name = ''] of text.slice(text.indexOf('{')).matchAll(/[{,]\s*([A-Za-z_]\w*)/g)) names.push(name);
  const pointer = /\(\s*\*\s*(?:const\s+)?(\w+)\s*(?:\[[^\]]*\])?\s*\)/.exec(own)?.[1];
  if (/^typedef\b/.test(own)) names.push(pointer ?? /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(own)?.[1] ?? /(\w+)\s*\(/.exec(own)?.[1] ?? '');
  else if (/^(?:struct|union|enum)(?:\s+\w+)?$/.test(own)) names.push(/\}\s*(\w+)\s*;$/.exec(text)?.[1] ?? '');
  else names.push(/(\w+)\s*\(/.exec(own)?.[1] ?? /(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=.*)?$/s.exec(own)?.[1] ?? '');
  return names.filter((name) => name !== '');
}

function withoutBraces(text: string): string {
  let depth = 0;
  return text.replace(/[{}]|[^{}]+/g, (part) => {
    if (part === '{') depth++;
    else if (part === '}') depth--;
    else return depth === 0 ? part : '';
    return '';
  });
}

export function declarationsOf(items: readonly Item[]): Declarations {
  const byName = new Map<string, number[]>();
  items.forEach(({ declares }, n) => {
    for (const name of declares) {
      const known = byName.get(name);
      if (known) known.push(n);
      else byName.set(name, [n]);
    }
  });
  return { items, byName };
}

export function wordsIn(text: string): ReadonlySet<string> {
  return new Set(named(text.replace(/"(?:\\.|[^"\\])*"/g, '')));
}

/** All that a text names: `struct sock` for each kind of tag. */
function named(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.replace(TAG, 'struct '));
}

/**
 * What of the headers a program needs, in their order. A struct that is only pointed to is needed where the program names the
 * member that points to it.
 */
export function needed({ items, byName }: Declarations, program: ReadonlySet<string>): readonly Item[] {
  const kept = new Set<number>();
  const waiting = [...program];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (KNOWN.has(name)) continue;
    for (const n of byName.get(name) ?? []) {
      if (kept.has(n)) continue;
      kept.add(n);
      waiting.push(...usesOf(items[n]?.text ?? '', program));
    }
  }
  return [...kept].sort((a, b) => a - b).flatMap((n) => items[n] ?? []).filter(({ declares }) => !declares.some((name) => KNOWN.has(name)));
}

function usesOf(text: string, program: ReadonlySet<string>): readonly string[] {
  const plain = text.replace(/\b(?:struct|union)\s+\w+\s*\*+\s*(?:const\s+)?(\w+)?/g, (all, member: string | undefined) => (member !== undefined && program.has(member) ? all : ''));
  // Names of members are none of what they are of.
  return [...new Set(named(plain.replace(/\b\w+\s*(?=(?:\[[^\]]*\]\s*)*;)|\b\w+\s*(?=:\s*\d+;)/g, '')))];
}

/** Names that the C library has too get others. */
export function renamed(text: string, items: readonly Item[]): string {
  const own = items.flatMap(({ declares }) => declares).map((name) => name.replace(TAG, '')).filter((name) => OF_LIBRARY.has(name));
  return own.length === 0 ? text : text.replace(new RegExp(`\\b(?:${[...new Set(own)].join('|')})\\b`, 'g'), (name) => `kernel_${name}`);
}
