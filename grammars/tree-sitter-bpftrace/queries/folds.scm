; What can be folded away, from its first line to its last.

(block) @fold
(config_block) @fold
(field_list) @fold
(enumerator_list) @fold
(block_comment) @fold
(argument_list) @fold
(attach_point_list) @fold
(preproc_define) @fold
