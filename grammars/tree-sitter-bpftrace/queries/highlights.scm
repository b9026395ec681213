; What is drawn how. Of two patterns for one node the later one counts.

; Names

(identifier) @variable
(builtin) @variable.builtin
(variable) @variable
(map) @variable.member
(positional_parameter) @variable.parameter
(positional_count) @variable.parameter
(field_identifier) @property
(type_identifier) @type
(primitive_type) @type.builtin
(c_type) @type.builtin
(type_qualifier) @keyword.modifier

((identifier) @constant
  (#match? @constant "^[A-Z_][A-Z0-9_]+$"))

; Probes

(provider) @keyword.function
(probe_name) @label
(attach_point_part) @string.special.symbol
((attach_point_part) @string.special.path
  (#match? @string.special.path "^[./~]"))
((attach_point_part) @string
  (#match? @string "^\""))
((attach_point_part) @number
  (#match? @number "^[0-9]"))
((attach_point_part) @variable.parameter
  (#match? @variable.parameter "^\\$"))
(predicate "/" @punctuation.delimiter)

; Functions and macros

(call_expression function: (identifier) @function.call)
(function_definition name: (identifier) @function)
(macro_definition name: (identifier) @function.macro)
(macro_parameters (identifier) @variable.parameter)
(macro_parameters (variable) @variable.parameter)
(parameter name: (variable) @variable.parameter)
(map_declaration type: (identifier) @type.builtin)
(config_assignment key: (identifier) @property)
(record_field name: (identifier) @property)

; Literals

(integer) @number
(duration) @number
(boolean) @boolean
(string) @string
(escape_sequence) @string.escape
(char_literal) @character
(invalid_number) @error
(invalid_escape) @error
(unterminated_string) @error
(unterminated_comment) @error

; The C preamble

(shebang) @keyword.directive
(preproc_name) @keyword.directive
"#include" @keyword.import
"#define" @keyword.directive.define
(system_path) @string
(preproc_include path: (string) @string)
(preproc_define name: (identifier) @constant.macro)
(preproc_define name: (identifier) @function.macro parameters: (_))
(preproc_parameters (identifier) @variable.parameter)
(preproc_argument) @string.special
(enumerator name: (identifier) @constant)
(attribute (identifier) @attribute)
(macro_invocation name: (identifier) @function.macro)

; Words

["if" "else"] @keyword.conditional
["while" "for" "unroll"] @keyword.repeat
(break_statement) @keyword.repeat
(continue_statement) @keyword.repeat
"return" @keyword.return
"import" @keyword.import
["fn" "macro"] @keyword.function
["struct" "union" "enum" "typedef"] @keyword.type
["let" "config" "comptime"] @keyword
["sizeof" "offsetof" "typeof" "typeinfo"] @keyword.operator
["__attribute__" "__attribute"] @keyword.modifier

; Marks

["=" "+=" "-=" "*=" "/=" "%=" "&=" "|=" "^=" "<<=" ">>="] @operator
["||" "&&" "|" "^" "&" "==" "!=" "<" ">" "<=" ">=" "<<" ">>" "+" "-" "*" "%" "!" "~" "++" "--" ".."] @operator
(binary_expression operator: "/" @operator)
(conditional_expression ["?" ":"] @operator)
["." "->"] @punctuation.delimiter
["," ";"] @punctuation.delimiter
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
(attach_point ":" @punctuation.delimiter)

; Comments

(line_comment) @comment
(block_comment) @comment
(contract_comment) @comment.documentation
