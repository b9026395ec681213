/** Names with a value of their own: the builtins of all versions, also those that became macros of the standard library. */
const BUILTINS = [
  'args', 'cgroup', 'comm', 'cpid', 'cpu', 'ctx', 'curtask', 'elapsed', 'func', 'gid', 'jiffies', 'kstack', 'ncpus',
  'nsecs', 'numaid', 'pcomm', 'pid', 'ppid', 'probe', 'rand', 'retval', 'stack', 'tid', 'uid', 'usermode', 'username', 'ustack',
  ...Array.from({ length: 10 }, (_, index) => `arg${index}`),
  ...Array.from({ length: 10 }, (_, index) => `sarg${index}`),
];

/** Names, literals and comments. */
export default {
  _name: ($) => choice($.identifier, alias($.builtin, $.identifier)),

  identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,
  builtin: () => choice(...BUILTINS),
  variable: () => /\$[A-Za-z_][A-Za-z0-9_]*/,
  map: () => /@([A-Za-z_][A-Za-z0-9_]*)?/,
  positional_parameter: () => /\$[0-9]+/,
  positional_count: () => '$#',

  integer: () =>
    token(choice(/0[xX][0-9a-fA-F_]*[0-9a-fA-F]/, /[0-9]([0-9_]*[0-9])?([eE]([0-9_]*[0-9]))?[uU]?[lL]{0,2}/)),

  duration: () => token(/[0-9]([0-9_]*[0-9])?([eE]([0-9_]*[0-9]))?(ns|us|ms|s|m|h|d)/),

  /** Digits with something behind them that no number ends with. */
  invalid_number: () => /[0-9][0-9A-Za-z_]*/,

  boolean: () => choice('true', 'false'),

  _string: ($) => choice($.string, $.unterminated_string),

  string: ($) =>
    seq('"', repeat(choice($.string_content, $.escape_sequence, $.invalid_escape, $._in_string)), token.immediate('"')),

  string_content: () => token.immediate(prec(1, /[^"\\\r\n]+/)),

  escape_sequence: () => token.immediate(/\\([ntr"\\]|[0-7]{1,3}|[xX][0-9a-fA-F]{1,2})/),

  invalid_escape: () => token.immediate(/\\[^\r\n]/),

  // -- Comments

  line_comment: () => token(/\/\/[^\r\n]*/),
  contract_comment: () => token(prec(1, /\/\/@[^\r\n]*/)),
  block_comment: () => token(/\/\*[^*]*\*+([^/*][^*]*\*+)*\//),
};
