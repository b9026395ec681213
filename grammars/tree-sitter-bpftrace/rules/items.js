import { list } from './list.js';

/** What stands at the top of a file. */
export default {
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
      $.struct_declaration,
      $.enum_definition,
      $.type_definition,
      $.map_declaration,
      $.macro_definition,
      $.function_definition,
      $.probe,
    ),

  // Its place at the top is not the parser's matter: an item may be parsed by itself.
  shebang: () => token(prec(1, /#![^\r\n]*/)),

  // -- Probes

  probe: ($) =>
    seq(
      field('attach_points', $.attach_point_list),
      optional(field('predicate', $.predicate)),
      choice(field('body', choice($.block, alias($._open_block, $.block))), alias($._missing_end, $.missing_block)),
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

  predicate: ($) =>
    seq('/', field('condition', $._value), choice(alias($._predicate_end, '/'), alias($._missing_end, $.missing_slash))),

  // -- What else stands at the top

  config_block: ($) =>
    seq('config', '=', '{', repeat(seq($.config_assignment, ';')), optional($.config_assignment), '}'),

  config_assignment: ($) =>
    seq(field('key', $._name), '=', field('value', choice($._name, $.integer, $.boolean, $._string))),

  import_statement: ($) => seq('import', field('path', $._string), ';'),

  map_declaration: ($) =>
    seq('let', field('name', $.map), '=', field('type', $.identifier), field('arguments', $.argument_list), optional(';')),

  macro_definition: ($) =>
    seq('macro', field('name', $._name), field('parameters', $.macro_parameters), field('body', $.block)),

  macro_parameters: ($) => seq('(', optional(list(choice($.variable, $.map, $._name))), ')'),

  function_definition: ($) =>
    seq(
      'fn',
      field('name', $._name),
      field('parameters', $.parameters),
      ':',
      field('return_type', $._type),
      field('body', $.block),
    ),

  parameters: ($) => seq('(', optional(list($.parameter)), ')'),

  parameter: ($) => seq(field('name', $.variable), ':', field('type', $._type)),
};
