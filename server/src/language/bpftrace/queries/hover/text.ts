import type { Hover } from './hover.ts';

/** For an editor. */
export function hoverMarkdown({ code, language, notes, links }: Hover): string {
  const pages = links.map(({ title, url }) => `[${title}](${url})`).join(' · ');
  return [`\`\`\`${language}\n${code}\n\`\`\``, ...notes, ...(pages === '' ? [] : [pages])].join('\n\n');
}

/** For a terminal: the same without Markdown. */
export function hoverText({ code, notes, links }: Hover): string {
  const plain = notes.map((note) => note.replaceAll('`', '').replaceAll('  \n', '\n'));
  return [code, ...plain, ...links.map(({ title, url }) => `${title}: ${url}`)].join('\n\n');
}
