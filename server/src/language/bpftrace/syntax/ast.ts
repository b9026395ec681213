import type { Span } from '../../../base/span.ts';

/**
 * The syntax tree of bpftrace, lowered from tree-sitter's. Every span counts UTF-16 units from the start of
 * the top-level item that the node is in: an item that only moved keeps its tree. Half-typed text gives nodes of
 * kind `missing` where an expression should stand, so that no consumer meets an absent child.
 */
export type Node = Expr | Stmt | Item | AttachPoint | TypeRef | Name;

/** A word with its place: what is renamed, coloured, pointed at. */
export interface Name extends Span {
  readonly kind: 'name';
  readonly text: string;
}

// ---- expressions

export type Expr =
  | Integer | Str | Bool | Identifier | Variable | MapAccess | Positional | Call | SizeOf | OffsetOf | TypeInfo
  | Unary | Update | Binary | Ternary | Field | Index | Cast | Tuple | RecordLiteral | BlockExpr | IfExpr | Comptime | Paren | Missing;

export interface Integer extends Span { readonly kind: 'integer'; readonly text: string; /** Durations are in nanoseconds. */ readonly value: bigint; readonly suffix?: string; readonly duration?: boolean }
export interface Str extends Span { readonly kind: 'string'; readonly value: string; /** As written, quotes included. */ readonly raw: string }
export interface Bool extends Span { readonly kind: 'bool'; readonly value: boolean }
/** A builtin, an enum member, a `#define`d name or a macro's parameter. */
export interface Identifier extends Span { readonly kind: 'identifier'; readonly name: string }
/** `$x`; the name has its `$`. */
export interface Variable extends Span { readonly kind: 'variable'; readonly name: string }
/** `@x`, `@x[1, 2]`; the name has its `@`. */
export interface MapAccess extends Span { readonly kind: 'map'; readonly name: string; readonly nameSpan: Span; /** Absent without brackets. */ readonly keys?: readonly Expr[] }
/** `$1`, `$#`. */
export interface Positional extends Span { readonly kind: 'positional'; readonly index: number | 'count' }
export interface Call extends Span { readonly kind: 'call'; readonly callee: Name; readonly args: readonly Expr[]; /** Inside the parentheses. */ readonly argSpan: Span }
export interface SizeOf extends Span { readonly kind: 'sizeof'; readonly of: TypeRef | Expr }
export interface OffsetOf extends Span { readonly kind: 'offsetof'; readonly of: TypeRef | Expr; readonly path: readonly Name[] }
export interface TypeInfo extends Span { readonly kind: 'typeinfo'; readonly of: TypeRef | Expr }
export interface Unary extends Span { readonly kind: 'unary'; readonly op: '-' | '!' | '~' | '*' | '&' | '+'; readonly operand: Expr }
export interface Update extends Span { readonly kind: 'update'; readonly op: '++' | '--'; readonly prefix: boolean; readonly operand: Expr }
export interface Binary extends Span { readonly kind: 'binary'; readonly op: BinaryOp; readonly opSpan: Span; readonly left: Expr; readonly right: Expr }
export type BinaryOp = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '<' | '>' | '<=' | '>=' | '==' | '!=' | '&' | '|' | '^' | '&&' | '||';
/** `a ? b : c`; without `then` the short form `a ?: c`. */
export interface Ternary extends Span { readonly kind: 'ternary'; readonly condition: Expr; readonly then?: Expr; readonly otherwise: Expr }
/** `x.name`, `x->name`; for tuples the name is a number. */
export interface Field extends Span { readonly kind: 'field'; readonly object: Expr; readonly op: '.' | '->'; readonly opSpan: Span; /** Empty while half-typed. */ readonly name: Name }
export interface Index extends Span { readonly kind: 'index'; readonly object: Expr; readonly index: Expr }
export interface Cast extends Span { readonly kind: 'cast'; readonly type: TypeRef; readonly operand: Expr }
export interface Tuple extends Span { readonly kind: 'tuple'; readonly elements: readonly Expr[] }
/** `(a = 1, b = "x")` */
export interface RecordLiteral extends Span { readonly kind: 'record'; readonly fields: readonly { readonly name: Name; readonly value: Expr }[] }
/** `{ stmts; expr }`, the value being the last expression. */
export interface BlockExpr extends Span { readonly kind: 'block-expr'; readonly body: Block }
export interface IfExpr extends Span { readonly kind: 'if-expr'; readonly condition: Expr; readonly then: Block; readonly otherwise?: Block | IfExpr }
export interface Comptime extends Span { readonly kind: 'comptime'; readonly operand: Expr }
export interface Paren extends Span { readonly kind: 'paren'; readonly inner: Expr }
export interface Missing extends Span { readonly kind: 'missing' }

// ---- types

export interface TypeRef extends Span {
  readonly kind: 'type';
  /** `struct`, `union`, `enum`, or `name` for everything written as one word (`uint64`, `u64`, `string`); `tuple` and `typeof` as they say. */
  readonly tag: 'struct' | 'union' | 'enum' | 'name' | 'typeof' | 'tuple';
  readonly name: Name;
  /** How many `*` follow. */
  readonly pointers: number;
  /** `[8]`, `[]`: lengths, null when not given. */
  readonly arrays: readonly (number | null)[];
  readonly of?: Expr | TypeRef;
  readonly elements?: readonly TypeRef[];
}

// ---- statements

export type Stmt = ExprStmt | Assign | Let | If | While | Unroll | For | Jump | Block | BadStmt;

export interface Block extends Span { readonly kind: 'block'; readonly statements: readonly Stmt[] }
export interface ExprStmt extends Span { readonly kind: 'expr-stmt'; readonly expr: Expr; /** False for a block's last expression without semicolon. */ readonly terminated: boolean }
export interface Assign extends Span { readonly kind: 'assign'; readonly target: Expr; readonly op: '=' | `${Exclude<BinaryOp, '&&' | '||' | '<' | '>' | '<=' | '>=' | '==' | '!='>}=`; readonly opSpan: Span; readonly value: Expr }
/** `let $x`, `let $x : uint64 = 1`. */
export interface Let extends Span { readonly kind: 'let'; readonly target: Variable | MapAccess; readonly type?: TypeRef; readonly value?: Expr }
export interface If extends Span { readonly kind: 'if'; readonly condition: Expr; readonly then: Block; readonly otherwise?: Block | If; readonly comptime?: boolean }
export interface While extends Span { readonly kind: 'while'; readonly condition: Expr; readonly body: Block }
export interface Unroll extends Span { readonly kind: 'unroll'; readonly count: Expr; readonly body: Block }
/** `for ($kv : @map) {}` or, with `to`, `for ($i : 0..10) {}`. */
export interface For extends Span { readonly kind: 'for'; readonly variable: Variable; readonly over: Expr; readonly to?: Expr; readonly body: Block }
export interface Jump extends Span { readonly kind: 'jump'; readonly what: 'break' | 'continue' | 'return'; readonly value?: Expr }
/** Text that could not be read as a statement. */
export interface BadStmt extends Span { readonly kind: 'bad'; readonly exprs: readonly Expr[] }

// ---- top level

export type Item = Probe | Directive | CType | Config | Import | MapDecl | Macro | Func | BadItem;

export interface Probe extends Span { readonly kind: 'probe'; readonly attachPoints: readonly AttachPoint[]; /** First attach point to last. */ readonly header: Span; readonly predicate?: Expr; /** With its slashes. */ readonly predicateSpan?: Span; readonly body: Block }
export interface AttachPoint extends Span {
  readonly kind: 'attach-point';
  /** As written: `tracepoint:syscalls:sys_enter_*`. */
  readonly text: string;
  /** The `x` of `x=kprobe:f`. */
  readonly label?: Name;
  /** The part before the first colon. */
  readonly provider: Name;
  /** The parts behind the provider, as written; quotes included. */
  readonly parts: readonly Name[];
}
/** A preprocessor line, continuation lines included. */
export interface Directive extends Span { readonly kind: 'directive'; /** `include`, `define`, `ifdef`, … */ readonly name: string; readonly text: string; /** What `define` defines, or the path of `include` without its brackets. */ readonly subject?: Name; readonly params?: readonly string[]; /** Replacement of `define`. */ readonly value?: string }
/** A struct, union, enum or typedef of the C preamble. */
export interface CType extends Span { readonly kind: 'c-type'; readonly tag: 'struct' | 'union' | 'enum' | 'typedef'; readonly name?: Name; readonly text: string; readonly members: readonly CMember[]; /** `struct s;`: what it has is said elsewhere. */ readonly forward?: true }
export interface CMember extends Span {
  /** Absent for anonymous structs and unions, whose members are `members`. */
  readonly name?: Name;
  /** `unsigned int`, `struct foo`, as written without the declarator. Empty for enum members. */
  readonly type: string;
  readonly pointers: number;
  /** As written: `[8]`, `[MAX]`. */
  readonly arrays: readonly string[];
  readonly bits?: number;
  readonly functionPointer?: boolean;
  /** Members of a struct or union defined in place. */
  readonly members?: readonly CMember[];
  readonly union?: boolean;
  /** Value of an enum member as written. */
  readonly value?: string;
}
export interface Config extends Span { readonly kind: 'config'; readonly entries: readonly { readonly name: Name; readonly value: Expr }[] }
export interface Import extends Span { readonly kind: 'import'; readonly path: string }
/** `let @m = hash(100);` */
export interface MapDecl extends Span { readonly kind: 'map-decl'; readonly map: MapAccess; readonly type: Name; readonly args: readonly Expr[] }
export interface Macro extends Span { readonly kind: 'macro'; readonly name: Name; readonly params: readonly (Variable | MapAccess | Identifier)[]; readonly body: Block }
export interface Func extends Span { readonly kind: 'func'; readonly name: Name; readonly params: readonly { readonly variable: Variable; readonly type: TypeRef }[]; readonly returns?: TypeRef; readonly body: Block }
/** Text that could not be read as an item. */
export interface BadItem extends Span { readonly kind: 'bad-item'; readonly text: string }
