import { basename, relative, sep } from 'node:path';

/** The arguments that a `.clangd` adds for a file; both with absolute paths, `.clangd` in `folder`. Only the parts that are for this file count. */
export function clangdAdds(text: string, folder: string, file: string): readonly string[] {
  return text.split(/^---.*$/m).flatMap((fragment) => {
    const lines = fragment.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd());
    const within = relative(folder, file).split(sep).join('/');
    const matches = list(block(lines, 'If'), 'PathMatch');
    const excluded = list(block(lines, 'If'), 'PathExclude');
    if (matches.length > 0 && !matches.some((pattern) => fits(pattern, within))) return [];
    if (excluded.some((pattern) => fits(pattern, within))) return [];
    return list(block(lines, 'CompileFlags'), 'Add');
  });
}

/** clangd's patterns are regular expressions that match the whole path within the folder. */
function fits(pattern: string, path: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(path) || new RegExp(`^(?:${pattern})$`).test(basename(path));
  } catch {
    return false;
  }
}

/** The lines inside a key of the outermost level. */
function block(lines: readonly string[], key: string): readonly string[] {
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (at < 0) return [];
  const inline = lines[at]?.slice(key.length + 1).trim() ?? '';
  // CompileFlags: {Add: [-DX], Compiler: clang}
  if (inline.startsWith('{')) return inline.slice(1, -1).split(/,\s*(?=[A-Z]\w*:)/).map((line) => `  ${line.trim()}`);
  const end = lines.findIndex((line, i) => i > at && /^\S/.test(line));
  return lines.slice(at + 1, end < 0 ? undefined : end);
}

/** One word, `[several, in a line]`, or one a line behind dashes. */
function list(lines: readonly string[], key: string): readonly string[] {
  const at = lines.findIndex((line) => line.trimStart().startsWith(`${key}:`));
  if (at < 0) return [];
  const rest = (lines[at] ?? '').trimStart().slice(key.length + 1).trim();
  if (rest.startsWith('[')) {
    // It may go on over several lines.
    const text = [rest, ...lines.slice(at + 1)].join(' ');
    return items(text.slice(1, text.includes(']') ? text.indexOf(']') : undefined));
  }
  if (rest !== '') return [unquoted(rest)];
  const values: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === '') continue;
    const value = /^\s*-\s+(.*)$/.exec(line)?.[1];
    if (value === undefined) break;
    values.push(unquoted(value.trim()));
  }
  return values;
}

function items(text: string): readonly string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^,\s][^,]*/g) ?? []).map((item) => unquoted(item.trim()));
}

function unquoted(text: string): string {
  if (text.startsWith('"') && text.endsWith('"') && text.length > 1) return text.slice(1, -1).replace(/\\(.)/g, '$1');
  return text.startsWith("'") && text.endsWith("'") && text.length > 1 ? text.slice(1, -1) : text;
}
