import { describe, expect, it } from 'vitest';
import { KeptSecrets, type SecretQuestion } from './secrets.ts';

const KEY = 'password dev@web:22';

/** Stores in memory, and a person who answers from a list. */
function world(answers: (string | undefined)[] = []) {
  const kept = new Map<string, string>();
  const names = new Map<string, unknown>();
  const asked: SecretQuestion[] = [];
  const secrets = new KeptSecrets(
    {
      get: (key) => Promise.resolve(kept.get(key)),
      store: (key, value) => Promise.resolve(void kept.set(key, value)),
      delete: (key) => Promise.resolve(void kept.delete(key)),
    },
    {
      get: <T>(key: string, fallback: T): T => (names.get(key) as T | undefined) ?? fallback,
      update: (key, value) => Promise.resolve(void names.set(key, value)),
    },
    (question) => {
      asked.push(question);
      return Promise.resolve(answers.shift());
    },
  );
  return { secrets, kept, asked, inNames: () => JSON.stringify([...names]) };
}

describe('a password', () => {
  it('is asked once, and kept only when it proved right', async () => {
    const { secrets, kept, asked } = world(['right one']);
    expect(await secrets.answer({ what: 'Password', key: KEY })).toBe('right one');
    expect(kept.size).toBe(0);
    await secrets.judged(KEY, 'right');
    expect(await secrets.answer({ what: 'Password', key: KEY })).toBe('right one');
    expect(asked).toHaveLength(1);
    expect(secrets.names()).toEqual([KEY]);
  });

  it('that was wrong is forgotten, and asked for again', async () => {
    const { secrets, kept } = world(['old', 'new']);
    await secrets.answer({ what: 'Password', key: KEY });
    await secrets.judged(KEY, 'right');
    // The host changed it since.
    await secrets.judged(KEY, 'wrong');
    expect([kept.size, secrets.names()]).toEqual([0, []]);
    expect(await secrets.answer({ what: 'Password', key: KEY, again: true })).toBe('new');
    expect(kept.size).toBe(0);
  });

  it('that is kept is not given again after it was wrong, whatever was judged', async () => {
    const { secrets } = world(['old', 'new']);
    await secrets.answer({ what: 'Password', key: KEY });
    await secrets.judged(KEY, 'right');
    expect(await secrets.answer({ what: 'Password', key: KEY, again: true })).toBe('new');
  });

  it('not given is not kept', async () => {
    const { secrets, kept } = world([undefined, '']);
    expect(await secrets.answer({ what: 'Password', key: KEY })).toBeNull();
    expect(await secrets.answer({ what: 'Password', key: KEY })).toBe('');
    await secrets.judged(KEY, 'right');
    expect(kept.size).toBe(0);
  });

  it('is nowhere but in the secret store', async () => {
    const { secrets, inNames } = world(['s3cret']);
    await secrets.answer({ what: 'Password', key: KEY });
    await secrets.judged(KEY, 'right');
    expect(inNames()).not.toContain('s3cret');
  });
});

it('a code that is used once has no name, and is never kept', async () => {
  const { secrets, kept, asked } = world(['123', '456']);
  expect([await secrets.answer({ what: 'Code' }), await secrets.answer({ what: 'Code' })]).toEqual(['123', '456']);
  expect([kept.size, asked.length]).toEqual([0, 2]);
});

it('several are kept and forgotten by their names', async () => {
  const { secrets, kept } = world(['a', 'b', 'c']);
  const keys = ['password dev@a:22', 'sudo dev@a:22', 'passphrase SHA256:x'];
  for (const key of keys) await secrets.answer({ what: 'Password', key });
  await Promise.all(keys.map((key) => secrets.judged(key, 'right')));
  expect(secrets.names()).toEqual(keys);
  await secrets.forget(keys.slice(0, 2));
  expect([secrets.names(), kept.size]).toEqual([['passphrase SHA256:x'], 1]);
});
