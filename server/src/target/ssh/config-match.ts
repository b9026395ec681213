import { matchesPatterns } from './wildcard.ts';

/** What `Host` and `Match` lines are judged by. */
export interface Asked {
  /** The host as it was typed. */
  readonly original: string;
  /** The HostName so far, else the host as it was typed. */
  readonly host: string;
  /** The user typed or configured so far, else the local one. */
  readonly user: string;
  readonly localUser: string;
  /** The second reading, which `Match final` asks for. */
  readonly final: boolean;
}

/**
 * Whether the criteria of a `Match` line hold, ssh_config(5). Nothing is run: `exec` never holds, nor does what we cannot know
 * (`localnetwork`, `tagged`), negated or not. `wantsFinal` says that the files must be read a second time.
 * Undefined when a criterion lacks its value.
 */
export function judgeMatch(written: readonly string[], asked: Asked): { readonly applies: boolean; readonly wantsFinal: boolean } | undefined {
  const words = written.flatMap((word) => (/^!?[a-z]+=/i.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word]));
  let applies = true;
  let wantsFinal = false;
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] ?? '').toLowerCase();
    const negated = word.startsWith('!');
    const criterion = negated ? word.slice(1) : word;
    if (criterion === 'all') continue;
    if (criterion === 'final' || criterion === 'canonical') {
      wantsFinal ||= criterion === 'final';
      applies &&= asked.final !== negated;
      continue;
    }
    const subject = subjectOf(criterion, asked);
    const value = words[++i];
    if (value === undefined) return undefined;
    const patterns = value.split(',');
    applies &&= subject !== undefined && matchesPatterns(subject, criterion === 'host' || criterion === 'originalhost' ? patterns.map((p) => p.toLowerCase()) : patterns) !== negated;
  }
  return { applies, wantsFinal };
}

function subjectOf(criterion: string, { original, host, user, localUser }: Asked): string | undefined {
  switch (criterion) {
    case 'host':
      return host;
    case 'originalhost':
      return original;
    case 'user':
      return user;
    case 'localuser':
      return localUser;
    default:
      return undefined;
  }
}
