/**
 * The bpftrace language, versions 0.17 to 0.27: the union of what they read. Which version has what is a question for
 * the analysis, not for the grammar.
 *
 * Three things need the scanner (src/scanner.c): the parts of an attach point, the `/` that ends a predicate, and what
 * stands in for something that is missing, so that the rest of the file is understood. A program with one of the nodes
 * `missing_*`, `unterminated_*` or `invalid_*` is no more valid than one with an ERROR node.
 */

/** The parts of a list between separators. */
const list = (rule, separator = ',') => seq(rule, repeat(seq(separator, rule)));

const PREC = {
  conditional: 1,
  or: 2,
  and: 3,
  bitOr: 4,
  bitXor: 5,
  bitAnd: 6,
  equality: 7,
  relation: 8,
  shift: 9,
  sum: 10,
  product: 11,
  unary: 12,
  postfix: 13,
  statement: 14,
};

const BINARY = [
  ['||', PREC.or],
  ['&&', PREC.and],
  ['|', PREC.bitOr],
  ['^', PREC.bitXor],
  ['&', PREC.bitAnd],
  ['==', PREC.equality],
  ['!=', PREC.equality],
  ['<', PREC.relation],
  ['>', PREC.relation],
  ['<=', PREC.relation],
  ['>=', PREC.relation],
  ['<<', PREC.shift],
  ['>>', PREC.shift],
  ['+', PREC.sum],
  ['-', PREC.sum],
  ['*', PREC.product],
  ['/', PREC.product],
  ['%', PREC.product],
];

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='];

/** Names with a value of their own: the builtins of all versions, also those that became macros of the standard library. */
const BUILTINS = [
  'args', 'cgroup', 'comm', 'cpid', 'cpu', 'ctx', 'curtask', 'elapsed', 'func', 'gid', 'jiffies', 'kstack', 'ncpus',
  'nsecs', 'numaid', 'pcomm', 'pid', 'ppid', 'probe', 'rand', 'retval', 'stack', 'tid', 'uid', 'usermode', 'username', 'ustack',
  ...Array.from({ length: 10 }, (_, index) => `arg${index}`),
  ...Array.from({ length: 10 }, (_, index) => `sarg${index}`),
];

/** Types that the language knows by itself. */
const TYPES = [
  'void', 'bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'string', 'inet', 'buffer',
  'timestamp', 'macaddr_t', 'cgroup_path_t', 'strerror_t', 'min_t', 'max_t', 'sum_t', 'count_t', 'avg_t', 'stats_t',
  'umin_t', 'umax_t', 'usum_t', 'ucount_t', 'uavg_t', 'ustats_t',
];

/** Words that C's own types are made of. */
const C_TYPES = ['void', 'bool', '_Bool', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '__int128'];

export default grammar({
  name: 'bpftrace',

  word: ($) => $.identifier,

  extras: ($) => [/[\s\uFEFF]/, $.line_comment, $.block_comment, $.contract_comment, $.unterminated_comment],

  externals: ($) => [
    $.attach_point_part,
    $._predicate_end,
    $._trailing_comma,
    $.unterminated_string,
    $.unterminated_comment,
    $._missing_end,
    $._missing_paren,
    $._missing_bracket,
    $.missing_expression,
    $.missing_name,
    $._item_start,
    $._attach_point_start,
    $._in_string,
    $._error_sentinel,
  ],

  conflicts: ($) => [
    // `(name) …` may be a cast, `(name * …` and `(name[ …` may begin one.
    [$._primary, $._type],
    // `DECLARE(…` and `int (*…`
    [$._c_type, $.macro_invocation],
  ],

  supertypes: ($) => [$._expression, $._type],

  inline: ($) => [$._name, $._value, $._close_paren, $._close_bracket],

  rules: {
    source_file: ($) => repeat(choice($._item, $._item_start)),

    _item: ($) =>
      choice(
        $.shebang,
        $.preproc_include,
        $.preproc_define,
        $.preproc_directive,
        $.config_block,
        $.import_statement,
        $.struct_definition,
        $.enum_definition,
        $.type_definition,
        $.map_declaration,
        $.macro_definition,
        $.function_definition,
        $.probe,
      ),

    shebang: () => token(prec(1, /#![^\r\n]*/)),

    // -- Probes

    probe: ($) =>
      seq(
        field('attach_points', $.attach_point_list),
        optional(field('predicate', $.predicate)),
        choice(field('body', $.block), alias($._missing_end, $.missing_block)),
      ),

    attach_point_list: ($) => seq(list($.attach_point), optional(alias($._trailing_comma, ','))),

    attach_point: ($) =>
      seq(
        // Never there: it tells the scanner that a provider here goes on with a list.
        optional($._attach_point_start),
        optional(seq(field('name', alias($.identifier, $.probe_name)), token.immediate('='))),
        field('provider', choice(alias($.identifier, $.provider), alias($._wildcard, $.provider))),
        repeat(seq(':', optional(field('part', $.attach_point_part)))),
      ),

    _wildcard: () => token(/[A-Za-z_][A-Za-z0-9_]*[*?][A-Za-z0-9_*?]*|\*[A-Za-z0-9_*?]*/),

    predicate: ($) => seq('/', field('condition', $._value), choice(alias($._predicate_end, '/'), alias($._missing_end, $.missing_slash))),

    // -- What else stands at the top

    config_block: ($) => seq('config', '=', '{', repeat(seq($.config_assignment, ';')), optional($.config_assignment), '}'),

    config_assignment: ($) => seq(field('key', $._name), '=', field('value', choice($._name, $.integer, $.boolean, $._string))),

    import_statement: ($) => seq('import', field('path', $._string), ';'),

    map_declaration: ($) =>
      seq('let', field('name', $.map), '=', field('type', $.identifier), field('arguments', $.argument_list), optional(';')),

    macro_definition: ($) =>
      seq('macro', field('name', $._name), field('parameters', $.macro_parameters), field('body', $.block)),

    macro_parameters: ($) => seq('(', optional(list(choice($.variable, $.map, $._name))), ')'),

    function_definition: ($) =>
      seq('fn', field('name', $._name), field('parameters', $.parameters), ':', field('return_type', $._type), field('body', $.block)),

    parameters: ($) => seq('(', optional(list($.parameter)), ')'),

    parameter: ($) => seq(field('name', $.variable), ':', field('type', $._type)),

    // -- Statements

    block: ($) =>
      seq('{', repeat($._statement), optional($._simple_statement), choice('}', alias($._missing_end, $.missing_brace))),

    _statement: ($) => choice(seq($._simple_statement, ';'), $._compound_statement),

    _simple_statement: ($) =>
      choice(
        $.assignment,
        $.variable_declaration,
        $.discard_statement,
        $.break_statement,
        $.continue_statement,
        $.return_statement,
        $.expression_statement,
      ),

    _compound_statement: ($) =>
      choice(
        prec(PREC.statement, alias($.if_expression, $.if_statement)),
        prec(PREC.statement, $.block),
        $.while_statement,
        $.unroll_statement,
        $.for_statement,
        $.import_statement,
        $.empty_statement,
      ),

    empty_statement: () => ';',

    expression_statement: ($) => $._expression,

    assignment: ($) =>
      seq(field('left', $._target), field('operator', choice(...ASSIGNMENTS)), field('right', $._value)),

    _target: ($) => choice($.variable, $.map, $.map_access, $.field_expression, $.tuple_access, $.index_expression),

    discard_statement: ($) => seq('_', '=', field('value', $._value)),

    variable_declaration: ($) =>
      seq(
        'let',
        field('name', $.variable),
        optional(seq(':', field('type', $._type))),
        optional(seq('=', field('value', $._value))),
      ),

    break_statement: () => 'break',
    continue_statement: () => 'continue',
    return_statement: ($) => prec.right(seq('return', optional(field('value', $._expression)))),

    while_statement: ($) => seq('while', field('condition', $._operand), field('body', $.block)),

    unroll_statement: ($) => seq('unroll', field('count', $._operand), field('body', $.block)),

    for_statement: ($) => seq('for', choice(seq('(', $._for_head, $._close_paren), $._for_head), field('body', $.block)),

    _for_head: ($) => seq(field('variable', $.variable), ':', field('iterable', choice($.range, $._primary))),

    range: ($) => seq(field('start', $._primary), '..', field('end', choice($._primary, $.missing_expression))),

    // -- Expressions

    /** An expression where one must stand. */
    _value: ($) => choice($._expression, $.missing_expression),

    _close_paren: ($) => choice(')', alias($._missing_paren, $.missing_paren)),

    _close_bracket: ($) => choice(']', alias($._missing_bracket, $.missing_bracket)),

    _expression: ($) => choice($._unary, $.binary_expression, $.conditional_expression),

    _unary: ($) => choice($._operand, $.block),

    /** What may stand before a block: a condition without parentheses. */
    _operand: ($) =>
      choice($._primary, $.field_expression, $.tuple_access, $.index_expression, $.unary_expression, $.update_expression),

    /** What may stand at either end of a range. */
    _primary: ($) =>
      choice(
        $.identifier,
        $.builtin,
        $.variable,
        $.map,
        $.map_access,
        $.positional_parameter,
        $.positional_count,
        $.integer,
        $.duration,
        $.invalid_number,
        $.boolean,
        $._string,
        $.call_expression,
        $.parenthesized_expression,
        $.tuple,
        $.record,
        $.cast_expression,
        $.sizeof_expression,
        $.offsetof_expression,
        $.typeinfo_expression,
        $.comptime_expression,
        $.if_expression,
      ),

    binary_expression: ($) =>
      choice(
        ...BINARY.map(([operator, precedence]) =>
          prec.left(precedence, seq(field('left', $._expression), field('operator', operator), field('right', $._value))),
        ),
      ),

    conditional_expression: ($) =>
      prec.right(
        PREC.conditional,
        seq(
          field('condition', $._expression),
          '?',
          optional(field('consequence', $._expression)),
          ':',
          field('alternative', $._value),
        ),
      ),

    unary_expression: ($) =>
      prec.right(PREC.unary, seq(field('operator', choice('!', '~', '-', '*', '&')), field('argument', $._unary))),

    update_expression: ($) =>
      choice(
        prec.right(PREC.unary, seq(field('operator', choice('++', '--')), field('argument', $._unary))),
        prec.left(PREC.postfix, seq(field('argument', $._unary), field('operator', choice('++', '--')))),
      ),

    comptime_expression: ($) => prec.right(PREC.unary, seq('comptime', field('value', $._unary))),

    cast_expression: ($) => prec.dynamic(1, prec(PREC.unary, seq('(', field('type', $._type), ')', field('value', $._operand)))),

    field_expression: ($) =>
      prec(PREC.postfix, seq(field('argument', $._unary), field('operator', choice('.', '->')), field('field', choice(alias($.identifier, $.field_identifier), $.missing_name)))),

    tuple_access: ($) => prec(PREC.postfix, seq(field('argument', $._unary), '.', field('index', $.integer))),

    index_expression: ($) => prec(PREC.postfix, seq(field('argument', $._unary), '[', field('index', $._value), $._close_bracket)),

    map_access: ($) => prec(PREC.postfix + 1, seq(field('map', $.map), '[', field('key', list($._value)), $._close_bracket)),

    call_expression: ($) => prec(PREC.postfix, seq(field('function', $._name), field('arguments', $.argument_list))),

    argument_list: ($) => seq('(', optional(seq($._argument, repeat(seq(',', choice($._argument, $.missing_expression))))), $._close_paren),

    _argument: ($) => choice($._expression, $.primitive_type, $.typeof_type),

    parenthesized_expression: ($) => seq('(', $._expression, $._close_paren),

    tuple: ($) => choice(seq('(', ')'), seq('(', $._expression, ',', optional(seq(list($._expression), optional(','))), ')')),

    record: ($) => seq('(', list($.record_field), ')'),

    record_field: ($) => seq(field('name', $._name), '=', field('value', $._value)),

    sizeof_expression: ($) => seq('sizeof', '(', $._type_or_value, ')'),

    typeinfo_expression: ($) => seq('typeinfo', '(', $._type_or_value, ')'),

    offsetof_expression: ($) =>
      seq('offsetof', '(', $._type_or_value, ',', field('member', list(alias($.identifier, $.field_identifier), '.')), ')'),

    if_expression: ($) =>
      prec.right(
        seq(
          'if',
          field('condition', $._operand),
          field('consequence', $.block),
          optional(seq('else', field('alternative', choice($.block, $.if_expression)))),
        ),
      ),

    // -- Types

    _type: ($) =>
      choice($.primitive_type, alias($.identifier, $.type_identifier), $.struct_type, $.pointer_type, $.array_type, $.typeof_type),

    /** A type that cannot be taken for an expression: a name alone is one. */
    _certain_type: ($) => choice($.primitive_type, $.struct_type, $.pointer_type, $.array_type, $.typeof_type),

    _type_or_value: ($) => choice(field('type', $._certain_type), field('value', $._expression)),

    primitive_type: () => choice(...TYPES),

    struct_type: ($) =>
      seq(field('kind', choice('struct', 'union', 'enum')), field('name', alias($.identifier, $.type_identifier))),

    pointer_type: ($) => prec(PREC.postfix, seq(field('type', $._type), '*')),

    array_type: ($) => prec(PREC.postfix, seq(field('type', $._type), '[', optional(field('size', $.integer)), ']')),

    typeof_type: ($) => seq('typeof', '(', $._type_or_value, ')'),

    // -- Names and literals

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
    invalid_number: () => token(prec(-1, /[0-9][0-9A-Za-z_]*/)),

    boolean: () => choice('true', 'false'),

    _string: ($) => choice($.string, $.unterminated_string),

    string: ($) =>
      seq('"', repeat(choice($.string_content, $.escape_sequence, $.invalid_escape, $._in_string)), token.immediate('"')),

    string_content: () => token.immediate(prec(1, /[^"\\\r\n]+/)),

    escape_sequence: () => token.immediate(/\\([ntr"\\]|[0-7]{1,3}|[xX][0-9a-fA-F]{1,2})/),

    invalid_escape: () => token.immediate(prec(-1, /\\[^\r\n]/)),

    // -- The C preamble

    preproc_include: ($) => seq(alias(token(prec(1, /#[ \t]*include/)), '#include'), field('path', choice($.system_path, $.string))),

    system_path: () => /<[^>\r\n]*>/,

    preproc_define: ($) =>
      seq(
        alias(token(prec(1, /#[ \t]*define/)), '#define'),
        choice(
          seq(field('name', $.identifier), optional(field('parameters', $.preproc_parameters)), optional(field('value', $.preproc_argument))),
          $.missing_name,
        ),
      ),

    preproc_parameters: ($) => seq(token.immediate('('), optional(list(choice($._name, '...'))), ')'),

    preproc_directive: ($) => seq(field('directive', alias(/#[ \t]*[a-z_]*/, $.preproc_name)), optional(field('argument', $.preproc_argument))),

    /** The rest of the line, and the lines that a backslash joins to it. */
    preproc_argument: () =>
      token.immediate(prec(2, /([ \t]+|([ \t]*\\\r?\n)+[ \t]*)?([^\s(\/\\]|[ \t]\(|\/[^\/*])([^\r\n\\]|\\\r?\n|\\[^\r\n])*/)),

    struct_definition: ($) =>
      prec.right(
        seq(
          field('kind', choice('struct', 'union')),
          repeat($.attribute),
          optional(seq(field('name', alias($.identifier, $.type_identifier)), repeat($.attribute))),
          field('body', $.field_list),
          repeat($.attribute),
          optional(';'),
        ),
      ),

    enum_definition: ($) =>
      prec.right(
        seq(
          'enum',
          optional(field('name', alias($.identifier, $.type_identifier))),
          field('body', $.enumerator_list),
          repeat($.attribute),
          optional(';'),
        ),
      ),

    type_definition: ($) => seq('typedef', $._c_specifiers, field('declarator', list($._c_declarator)), ';'),

    field_list: ($) => seq('{', repeat(choice($.field_declaration, $.macro_invocation, $.preproc_define, $.preproc_directive, $.preproc_include)), choice('}', alias($._missing_end, $.missing_brace))),

    field_declaration: ($) =>
      seq($._c_specifiers, optional(list(seq(optional(field('declarator', $._c_declarator)), optional($.bitfield), repeat($.attribute)))), choice(';', alias($._missing_end, $.missing_semicolon))),

    /** `DECLARE_BITMAP(name, 8);` */
    macro_invocation: ($) => seq(field('name', $.identifier), $._balanced, ';'),

    bitfield: ($) => seq(':', field('width', $._expression)),

    _c_specifiers: ($) => prec.right(seq(repeat($.type_qualifier), field('type', $._c_type), repeat(choice($.type_qualifier, $.attribute)))),

    type_qualifier: () => choice('const', 'volatile', 'static', 'restrict', '__restrict', '_Atomic', '__extension__'),

    _c_type: ($) =>
      choice($.c_type, alias($.identifier, $.type_identifier), alias($.c_struct, $.struct_specifier), alias($.c_enum, $.enum_specifier)),

    c_type: () => prec.right(repeat1(choice(...C_TYPES))),

    c_struct: ($) =>
      prec.right(
        seq(
          field('kind', choice('struct', 'union')),
          repeat($.attribute),
          choice(
            seq(field('name', alias($.identifier, $.type_identifier)), optional(field('body', $.field_list))),
            field('body', $.field_list),
          ),
        ),
      ),

    c_enum: ($) =>
      prec.right(
        seq('enum', choice(seq(field('name', alias($.identifier, $.type_identifier)), optional(field('body', $.enumerator_list))), field('body', $.enumerator_list))),
      ),

    _c_declarator: ($) =>
      choice(
        alias($.identifier, $.field_identifier),
        $.pointer_declarator,
        $.array_declarator,
        $.function_declarator,
        $.parenthesized_declarator,
      ),

    pointer_declarator: ($) => prec.right(1, seq('*', repeat($.type_qualifier), optional(field('declarator', $._c_declarator)))),

    array_declarator: ($) =>
      prec(2, seq(optional(field('declarator', $._c_declarator)), '[', optional(field('size', $._expression)), ']')),

    function_declarator: ($) =>
      prec(2, seq(field('declarator', $._c_declarator), '(', optional(list(choice($.c_parameter, '...'))), ')')),

    parenthesized_declarator: ($) => seq('(', $.pointer_declarator, ')'),

    c_parameter: ($) => seq($._c_specifiers, optional(field('declarator', $._c_declarator))),

    enumerator_list: ($) =>
      seq('{', repeat(choice(seq($.enumerator, optional(',')), $.preproc_define, $.preproc_directive)), '}'),

    enumerator: ($) => seq(field('name', $._name), optional(seq('=', field('value', choice($._expression, $.char_literal))))),

    char_literal: () => /'([^'\\\r\n]|\\[^\r\n])+'/,

    attribute: ($) => seq(choice('__attribute__', '__attribute'), $._balanced),

    _balanced: ($) => seq('(', repeat(choice($._balanced, $.identifier, $.integer, $.string, ',')), ')'),

    // -- Comments

    line_comment: () => token(/\/\/[^\r\n]*/),
    contract_comment: () => token(prec(1, /\/\/@[^\r\n]*/)),
    block_comment: () => token(/\/\*[^*]*\*+([^/*][^*]*\*+)*\//),
  },
});
