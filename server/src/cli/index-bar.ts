import type { BuildProgress } from '../knowledge/index/build-part.ts';
import { CLEAR, filledBar } from './progress-bar.ts';

const STEPS: Readonly<Record<BuildProgress['step'], string>> = {
  learning: 'learning which words belong together',
  embedding: 'reading what there is',
  indexing: 'building the graph',
};

/** Draws on a terminal's last line how far building an index has come. Nothing where there is no terminal. */
export function showStep(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): { readonly show: (progress: BuildProgress) => void; readonly clear: () => void } {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (progress) => void stream.write(`${CLEAR}${stepText(progress)}`),
    clear: () => void stream.write(CLEAR),
  };
}

/** `building the graph, 12000 of 64000 [#####                   ] 18 %`. */
export function stepText({ step, done, total }: BuildProgress): string {
  if (total === 0) return STEPS[step];
  return `${STEPS[step]}, ${done} of ${total}${filledBar(Math.floor((100 * Math.min(done, total)) / total))}`;
}
