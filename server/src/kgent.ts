#!/usr/bin/env node
// The program `kgent`: the language server, or a command of the terminal. Each is loaded without the other.
await (process.argv[2] === 'lsp' ? import('./start.ts') : import('./cli.ts'));
