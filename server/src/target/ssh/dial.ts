import { lookup, type LookupAddress } from 'node:dns';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { SshSettings } from './config.ts';

type Resolve = (host: string) => Promise<LookupAddress[]>;

/**
 * Looks up each name once at a time. The system's lookups go on after we gave up, for half a minute where no name server answers, and
 * each holds one of the four threads that all files and all lookups of a Node process share: a dead name that is tried again and again
 * would stop every other host.
 */
export function sharedLookup(resolve: Resolve): LookupFunction {
  const running = new Map<string, Promise<LookupAddress[]>>();
  return (host, options, done) => {
    const asked = running.get(host) ?? resolve(host).finally(() => running.delete(host));
    running.set(host, asked);
    asked.then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true || !first) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
}

const lookupOnce = sharedLookup((host) => promisify(lookup)(host, { all: true }));

/** A TCP connection that is being made. */
export function dialTcp({ host, port }: SshSettings): Socket {
  return connect({ host, port, noDelay: true, lookup: lookupOnce });
}
