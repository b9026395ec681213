import { list } from './list.js';

/** Words that C's own types are made of. */
const C_TYPES = ['void', 'bool', '_Bool', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '__int128'];

/** C in front of the first probe. */
export default {
  preproc_include: ($) =>
    seq(alias(token(prec(1, /#[ \t]*include/)), '#include'), field('path', choice($.system_path, $.string))),

  system_path: () => /<[^>\r\n]*>/,

  preproc_define: ($) =>
    seq(
      alias(token(prec(1, /#[ \t]*define/)), '#define'),
      choice(
        seq(
          field('name', $.identifier),
          optional(field('parameters', $.preproc_parameters)),
          optional(field('value', $.preproc_argument)),
        ),
        $.missing_name,
      ),
    ),

  preproc_parameters: ($) => seq(token.immediate('('), optional(list(choice($._name, '...'))), ')'),

  preproc_directive: ($) =>
    seq(field('directive', alias(/#[ \t]*[a-z_]*/, $.preproc_name)), optional(field('argument', $.preproc_argument))),

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

  /** `struct s;` before what is defined later: bpftrace up to 0.23 hands it to clang. */
  struct_declaration: ($) =>
    seq(field('kind', choice('struct', 'union')), field('name', alias($.identifier, $.type_identifier)), ';'),

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

  field_list: ($) =>
    seq(
      '{',
      repeat(choice($.field_declaration, $.macro_invocation, $.preproc_define, $.preproc_directive, $.preproc_include)),
      choice('}', alias($._missing_end, $.missing_brace)),
    ),

  field_declaration: ($) =>
    seq(
      $._c_specifiers,
      optional(list(seq(optional(field('declarator', $._c_declarator)), optional($.bitfield), repeat($.attribute)))),
      choice(';', alias($._missing_end, $.missing_semicolon)),
    ),

  /** `DECLARE_BITMAP(name, 8);` */
  macro_invocation: ($) => seq(field('name', $.identifier), $._balanced, ';'),

  bitfield: ($) => seq(':', field('width', $._expression)),

  _c_specifiers: ($) =>
    prec.right(seq(repeat($.type_qualifier), field('type', $._c_type), repeat(choice($.type_qualifier, $.attribute)))),

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
      seq(
        'enum',
        choice(
          seq(field('name', alias($.identifier, $.type_identifier)), optional(field('body', $.enumerator_list))),
          field('body', $.enumerator_list),
        ),
      ),
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

  parenthesized_declarator: ($) => seq('(', field('declarator', $.pointer_declarator), ')'),

  c_parameter: ($) => seq($._c_specifiers, optional(field('declarator', $._c_declarator))),

  enumerator_list: ($) =>
    seq('{', repeat(choice(seq($.enumerator, optional(',')), $.preproc_define, $.preproc_directive)), '}'),

  enumerator: ($) => seq(field('name', $._name), optional(seq('=', field('value', choice($._expression, $.char_literal))))),

  char_literal: () => /'([^'\\\r\n]|\\[^\r\n])+'/,

  attribute: ($) => seq(choice('__attribute__', '__attribute'), $._balanced),

  _balanced: ($) => seq('(', repeat(choice($._balanced, $.identifier, $.integer, $.string, ',')), ')'),
};
