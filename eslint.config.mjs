import tseslint from 'typescript-eslint';

/** One wall of the house: files in `folders` may not import `group`, because `why`. */
const wall = (folders, rules, except = []) => ({
  files: folders.map((folder) => (folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`)),
  ignores: except,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: rules.map(([what, message]) => (typeof what === 'string' ? { regex: what, message } : { group: what, message })) }] },
});

const vscode = [['vscode'], 'vscode only in client/: everything else must run in plain Node and from a terminal.'];
const client = [['**/client/**'], 'The server never imports the client.'];
const processes = [['child_process', 'node:child_process', 'ssh2'], 'Only target/ starts processes and opens SSH: one place that can hang, leak or be attacked.'];
const openai = [['openai', 'openai/*'], 'openai only in agent/model/: any other model is another file there.'];
const lsp = [['vscode-languageserver', 'vscode-languageserver/*', 'vscode-languageserver-protocol', 'vscode-languageserver-textdocument'], 'LSP types only in main, protocol and features/: the core speaks its own plain data.'];
const io = [['node:*', 'fs', 'net', 'http', 'https', 'os'], 'language/, kernel/, verifier-log/ and contracts/ do no I/O: text in, data out.'];
const up = (...names) => [names.flatMap((n) => [`**/${n}/**`, `**/${n}.ts`]), 'Imports go downwards only (see docs/architecture.md).'];
const packages = ['^(?!\\./|node:)', 'base/ imports nothing.'];

const S = 'server/src';
export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.vscode-test/**', 'docs/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.test.ts', 'client/test/**', 'scripts/**', 'server/test/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.mjs', '**/*.cjs', 'grammars/**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
  wall(['client/src'], [['server/src/(?!protocol\\.ts$|base/)', 'The client imports only protocol.ts and base/ of the server: one seam.'], processes, openai], ['**/*.test.ts']),
  wall([`${S}/base`], [packages], ['**/*.test.ts']),
  wall([`${S}/target`], [vscode, client, openai, lsp, up('checks', 'knowledge', 'agent', 'run', 'features', 'engine', 'protocol')]),
  wall([`${S}/language`, `${S}/kernel`, `${S}/verifier-log`, `${S}/contracts`], [vscode, client, processes, openai, lsp, io, up('target', 'checks', 'knowledge', 'agent', 'run', 'features', 'engine', 'protocol')], ['**/*.test.ts']),
  wall([`${S}/checks`], [vscode, client, processes, openai, lsp, up('knowledge', 'agent', 'run', 'features', 'engine', 'protocol')]),
  wall([`${S}/knowledge`], [vscode, client, processes, openai, lsp, up('agent', 'run', 'features', 'engine', 'protocol')]),
  wall([`${S}/agent`], [vscode, client, processes, openai, lsp, up('features', 'engine', 'protocol')], [`${S}/agent/model/**`]),
  wall([`${S}/agent/model`], [vscode, client, processes, lsp, up('features', 'engine', 'protocol')]),
  wall([`${S}/run`], [vscode, client, processes, openai, lsp, up('agent', 'features', 'engine', 'protocol')]),
  wall([`${S}/features`], [vscode, client, processes, openai]),
  wall([`${S}/engine.ts`, `${S}/cli.ts`, `${S}/settings.ts`], [vscode, client, processes, openai]),
);
