import { isUprobe } from '../providers.ts';
import type { Document } from '../syntax/document.ts';
import { outlineOf } from '../syntax/outline.ts';

/** Programs and libraries that the probes of a program name, each once: `/bin/bash` of `uprobe:/bin/bash:readline`. Patterns are left out. */
export function binariesOf(document: Document): readonly string[] {
  const points = outlineOf(document).probes.flatMap((probe) => probe.attachPoints);
  const paths = points.flatMap(({ provider, text }) => (isUprobe(provider) || provider === 'usdt' || provider === 'U' ? [text.split(':')[1] ?? ''] : []));
  return [...new Set(paths.map((path) => path.replaceAll('"', '')))].filter((path) => path !== '' && !path.includes('*'));
}
