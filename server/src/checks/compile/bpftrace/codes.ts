/**
 * The kind of problem behind bpftrace's words. Wording drifts between versions; each pattern stands
 * with a line a real version printed (0.17.0 unless noted).
 */
const CODES: readonly (readonly [RegExp, string])[] = [
  // syntax error, unexpected end of file, expecting }   |   0.27: syntax: expected '}'
  [/^syntax(?: error)?\b|^unterminated string|C definitions must appear before/, 'syntax-error'],
  // tracepoint not found: syscalls:sys_enter_opennat   |   0.27: No matches for kprobe vfs_read.   |   Probe has no valid attach points.
  [/tracepoints? not found|^No matches for|no valid attach points|not available for your kernel version|uprobe target file|Invalid probe type|No probes to attach/, 'attach-point-not-found'],
  // vfs_read is not traceable (either non-existing, inlined, or marked as "notrace"); …
  [/is not traceable/, 'not-traceable'],
  // kprobes should be attached to a function
  [/probes? should be attached|requires? .* (?:probe|attach)/i, 'bad-attach-point'],
  // Unknown function: prinft   |   0.27: Unknown function: 'prinft'
  [/^Unknown function/, 'unknown-function'],
  // Unknown identifier: 'pidd'
  [/^Unknown (?:identifier|builtin)/, 'unknown-identifier'],
  // Undefined or undeclared variable: $y
  [/^Undefined or undeclared variable/, 'undefined-variable'],
  // Undefined map: @nope
  [/^Undefined map/, 'undefined-map'],
  // Struct/union of type 'struct task_struct' does not contain a field named 'no_field'   |   Can not access field 'file_name' on type …
  [/does not contain a field named|Can not access field/, 'unknown-field'],
  // Unknown struct/union: 'struct no_such'   |   0.27: Cannot resolve unknown type "struct no_such"
  [/^Unknown struct\/union|Cannot resolve unknown type/, 'unknown-type'],
  // C: unknown type name 'nosuch_t'   |   field has incomplete type 'struct nosuch'
  [/^unknown type name|has incomplete (?:element )?type/, 'unknown-type'],
  // C: redefinition of 's'   |   duplicate member 'a'   |   member of anonymous struct redeclares 'a'
  [/^redefinition of|^duplicate member|anonymous \w+ redeclares|tag type that does not match/, 'redefined'],
  // C: use of undeclared identifier 'PATH_MAX'
  [/^use of undeclared identifier/, 'unknown-identifier'],
  // Argument mismatch for @a: trying to access with arguments: …
  [/^Argument mismatch for @/, 'map-key-mismatch'],
  // printf: Not enough arguments for format string (1 supplied, 2 expected)   |   0.27: unsupported format specifier for type 'string[4]': d
  [/format string|format specifier|specifier expects|for specifier/, 'printf-arguments'],
  // system() is an unsafe function being used in safe mode
  [/unsafe function/, 'unsafe-function'],
  // hist() requires one argument (3 provided)   |   str() expects an integer or a pointer type as first argument
  [/requires? (?:\w+ )*arguments?|expects? .*argument|takes .*argument/, 'wrong-arguments'],
  // Type mismatch for @a: trying to assign value of type 'string[4]' when map already contains …
  [/^Type mismatch|Cannot cast/, 'type-mismatch'],
  // The retval builtin can only be used with 'kretprobe' and …   |   0.27: The ctx builtin can not be used with 'rawtracepoint' probes   |   count() should be directly assigned to a map
  [/can (?:only|not) be used|should be directly assigned|must be assigned directly|Use args instead of ctx/, 'misplaced'],
  // Invalid condition in if(): string   |   The - operator can not be used on expressions of type 'string[2]'   |   Can not access index 0 on expression of type 'int64'
  [/^Invalid condition|Invalid type for predicate|operator can ?not be used|^Ternary|^Branches must/, 'type-mismatch'],
  // unroll maximum value is 100   |   lhist() step must be >= 1 (0 provided)
  [/^unroll m|^invalid unroll|^lhist\(\) /, 'wrong-arguments'],
  // Variable $x was already declared. Variable shadowing is not allowed.   |   Loop declaration shadows existing variable: $i
  [/was already declared|shadows existing variable|declarations need to occur before/, 'redeclared-variable'],
  // String is too long (over 64 bytes): xxx…
  [/^String is too long/, 'string-too-long'],
  // the index 5 is out of bounds for array of size 4
  [/out of bounds/, 'out-of-bounds'],
  // 0.27: unable to fold literals due to overflow or underflow
  [/^unable to fold/, 'constant-expression'],
  // 0.27, warnings: Return value discarded.   |   Unnecessary cast: expression is already of type struct task_struct *   |   Unreachable statement.
  [/^Return value discarded/, 'discarded-value'],
  [/^Unnecessary cast/, 'unnecessary-cast'],
  [/is unreachable|^Unreachable/, 'unreachable-code'],
  [/^comparison of distinct pointer/, 'distinct-pointers'],
  [/^Variable used before it was assigned/, 'used-before-assignment'],
  [/never assigned to/, 'never-assigned'],
  // nosuch: not a known configuration option
  [/not a known configuration option|^Unrecognized config/, 'unknown-config'],
  // Looks like the BPF stack limit of 512 bytes is exceeded.
  [/stack limit/, 'stack-limit'],
  // Your program is trying to generate more than 720 BPF programs, which exceeds the current limit of 512.
  [/trying to generate more than/, 'too-many-probes'],
];

export function codeOf(message: string, severity: 'error' | 'warning'): string {
  return CODES.find(([pattern]) => pattern.test(message))?.[1] ?? `bpftrace-${severity}`;
}
