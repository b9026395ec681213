; Where names are made and where they are used. A `$variable` lives in its block, a map in the whole file.

(source_file) @local.scope
(probe) @local.scope
(function_definition) @local.scope
(macro_definition) @local.scope
(block) @local.scope
(for_statement) @local.scope

(variable_declaration name: (variable) @local.definition.var)
(assignment left: (variable) @local.definition.var)
(for_statement variable: (variable) @local.definition.var)
(parameter name: (variable) @local.definition.parameter)
(macro_parameters (variable) @local.definition.parameter)
(macro_parameters (map) @local.definition.parameter)
(macro_parameters (identifier) @local.definition.parameter)

(function_definition name: (identifier) @local.definition.function)
(macro_definition name: (identifier) @local.definition.macro)
(preproc_define name: (identifier) @local.definition.macro)
(struct_definition name: (type_identifier) @local.definition.type)
(enum_definition name: (type_identifier) @local.definition.type)
(enumerator name: (identifier) @local.definition.enum)
(map_declaration name: (map) @local.definition.var)
(assignment left: (map) @local.definition.var)
(assignment left: (map_access map: (map) @local.definition.var))

(variable) @local.reference
(map) @local.reference
(identifier) @local.reference
(type_identifier) @local.reference
