import { expect, it } from 'vitest';
import { listenForAttached, withoutAttached } from './attached.ts';

it('hears the word of the watcher once, wherever the stream is cut', () => {
  const text = 'Attaching 3 probes...\nKGENT attached\nlost 3 events\nKGENT attached\n';
  for (let size = 1; size <= text.length; size++) {
    let heard = 0;
    const listen = listenForAttached(() => heard++);
    for (let at = 0; at < text.length; at += size) listen(text.slice(at, at + size));
    expect(heard).toBe(1);
  }
  let never = 0;
  listenForAttached(() => never++)('KGENT attach\ned');
  expect(never).toBe(0);
});

it('standard error is told without it', () => {
  expect(withoutAttached('a\nKGENT attached\nb\n')).toBe('a\nb\n');
});
