import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The environment for npm. hnswlib-node has no prebuilt binaries: node-gyp compiles it, against the
 * headers beside the running node where they are, rather than a download of them.
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(node = process.execPath) {
  const prefix = dirname(dirname(node));
  const headers = existsSync(join(prefix, 'include/node/node.h'));
  return { ...(headers ? { npm_config_nodedir: prefix } : {}), npm_config_audit: 'false', npm_config_fund: 'false' };
}
