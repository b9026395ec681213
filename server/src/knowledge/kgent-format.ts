import type { Spec } from './schema.ts';

/** A spec as the KGENT paper's vector database keeps them. */
export interface KgentSpec {
  readonly description: string;
  readonly proto: string;
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

/** The subset of a spec that the paper has. */
export function kgentFormat({ summary, meaning, proto, pre, post }: Pick<Spec, 'summary' | 'meaning' | 'proto' | 'pre' | 'post'>): KgentSpec {
  const description = [summary, meaning].filter((text) => text !== '').map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ');
  return { description, proto, pre, post };
}
