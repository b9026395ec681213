import { child, type Cst } from '../../../language/bpftrace/syntax/cst.ts';
import { AF_INET6, functionsSeeBoth, SOCKET_FIELDS } from '../../properties/sockets.ts';
import { isRead } from '../flow/calls.ts';
import { argumentsOf, bareC, operatorOf } from '../flow/piece.ts';
import type { Origin } from '../flow/value.ts';
import { isTest, outer, type Parents, type Writer } from './writer.ts';

type Field = Extract<Origin, { kind: 'field' }>;

interface Address {
  /** C that is true where the socket is not of the other family. */
  readonly condition: string;
  readonly field: Field;
}

/** `address-families` at one expression: an address of one family that is read where a socket of the other may come along. `read`: the expression itself, or the call that reads what it names. */
export function families(w: Writer, node: Cst, parents: Parents, read: Cst): void {
  const address = addressAt(w, node);
  if (!address || !seesBoth(w) || askedElsewhere(w, address)) return;
  const says = `${w.text(node)} is read of a socket of its family`;
  const variable = decidedLater(w, node, parents) ? variableGiven(w, node, parents) : undefined;
  if (variable) remembered(w, read, variable, address, says);
  else if (decidedLater(w, node, parents) && goesIntoMember(parents)) return;
  else if (node.type === 'field_expression' && node === read) w.wrap(node, `(*({ ${w.assert('address-families', node, says, address.condition)}; &`, '; }))');
  else w.before(read, 'address-families', says, address.condition);
}

/** An address's own field, or the call that reads one. */
function addressAt(w: Writer, node: Cst): Address | undefined {
  // What was copied into a member of the program's own was judged where it was read.
  if (node.type === 'field_expression') return w.of(node).place === undefined ? addressOf(w, w.of(node).origin, undefined) : undefined;
  if (node.type !== 'call_expression' || !isRead(w.text(child(node, 'function')))) return undefined;
  return w.flow.reads(node).flatMap(({ origin }) => addressOf(w, origin, node) ?? [])[0];
}

function addressOf(w: Writer, origin: Origin | undefined, read: Cst | undefined): Address | undefined {
  if (origin?.kind !== 'field') return undefined;
  const { name, struct, beside } = origin;
  const known = Object.hasOwn(SOCKET_FIELDS, name) ? SOCKET_FIELDS[name] : undefined;
  if (known) return { condition: `${beside(known.path.join('.'))} != ${known.other}`, field: origin };
  const { types } = w.flow.world;
  const both = read === undefined && types.field(struct, `${name}_v6`) !== undefined && types.field(struct, 'family') !== undefined;
  return both ? { condition: `${beside('family')} != ${AF_INET6}`, field: origin } : undefined;
}

/** Whether sockets of both families come to the programs that a piece is part of. */
function seesBoth({ piece, flow }: Writer): boolean {
  const programs = piece.kind === 'macro' ? flow.world.analysis.programs : flow.world.analysis.reachedBy(piece.name);
  return programs.some(({ section }) => {
    if (!section) return false;
    const { attach } = section.kind;
    if (/tracepoint$|^iter$/.test(attach)) return true;
    return functionsSeeBoth(/^(?:function|btf-function|lsm|function-pattern)$/.test(attach) ? [attach === 'lsm' ? `security_${section.target}` : section.target] : []);
  });
}

const FAMILY = /family$/;

/** Whether the program finds out about the family in another way than by the socket's own field. */
function askedElsewhere({ flow }: Writer, { field }: Address): boolean {
  const asked = flow.fieldsRead.filter(({ name }) => FAMILY.test(name));
  return asked.length > 0 && !asked.some(({ struct }) => struct.name === field.struct.name || flow.world.types.field(field.struct, 'sk') !== undefined);
}

/** Whether a condition behind it asks for a family. */
function decidedLater(w: Writer, node: Cst, parents: Parents): boolean {
  const statement = parents.findLast(({ type }) => /_statement$|^declaration$/.test(type)) ?? node;
  const asks = (at: Cst): boolean => (isFamily(w, at) || at.children.some(asks));
  const search = (at: Cst): boolean => {
    const condition = /^(?:if|switch|while|conditional)_/.test(at.type) ? child(at, 'condition') : at.type === 'binary_expression' && /^(?:&&|\|\|)$/.test(operatorOf(at)) ? at : undefined;
    return (condition !== undefined && condition.start >= statement.end && asks(condition)) || at.children.some(search);
  };
  return search(w.piece.body);
}

function isFamily(w: Writer, node: Cst): boolean {
  const { origin } = w.of(node);
  return origin?.kind === 'field' && FAMILY.test(origin.name);
}

function goesIntoMember(parents: Parents): boolean {
  const around = outer(parents);
  return around?.type === 'initializer_pair' || (around?.type === 'assignment_expression' && child(around, 'left')?.type !== 'identifier');
}

interface Given {
  readonly name: string;
  readonly declared: number;
  /** The statement that gives it. */
  readonly statement: Cst;
}

/** The variable that is given the address, where both stand in one block. */
function variableGiven(w: Writer, node: Cst, parents: Parents): Given | undefined {
  const around = parents.findLast(({ type }) => !/^(?:parenthesized|cast)_expression$/.test(type));
  const target = around?.type === 'init_declarator' ? child(around, 'declarator') : around?.type === 'assignment_expression' && operatorOf(around) === '=' ? child(around, 'left') : node.type === 'call_expression' ? intoVariable(w, node) : undefined;
  const place = target?.type === 'identifier' ? w.of(target).place : undefined;
  const statement = parents.findLast(({ type }) => type === 'declaration' || type === 'expression_statement');
  const declared = place?.startsWith('local ') === true ? Number(place.slice(place.lastIndexOf(' ') + 1)) - w.piece.placed.start : undefined;
  return target && statement && declared !== undefined && w.piece.kind === 'function' ? { name: w.text(target), declared, statement } : undefined;
}

function intoVariable(w: Writer, call: Cst): Cst | undefined {
  const [first] = argumentsOf(call);
  const at = first && bareC(first);
  return at?.type === 'pointer_expression' && w.text(child(call, 'function')).includes('_INTO') ? child(at, 'argument') : undefined;
}

/** Whether it is right is kept when it is read, and asked for where the variable is used. */
function remembered(w: Writer, node: Cst, { name, declared, statement }: Given, { condition }: Address, says: string): void {
  const declaration = declarationOf(w.piece.body, declared);
  const block = declaration && blockOf(w.piece.body, declaration);
  if (!declaration || !block) return;
  const kept = `kgent_of_family_${declared}`;
  if (!w.remembers(kept)) {
    w.wrap({ start: block.start + 1, end: block.start + 1 }, ` long ${kept} = 1; (void)${kept}; `, '');
    useSites(w, w.piece.body, [], name, declared, statement, (use) => { w.before(use, 'address-families', says, kept); });
  }
  w.wrap(node, `({ ${kept} = ${condition}; `, '; })');
}

function declarationOf(node: Cst, at: number): Cst | undefined {
  if (node.type === 'declaration' && node.start <= at && at < node.end) return node;
  return node.children.map((inner) => declarationOf(inner, at)).find(Boolean);
}

/** The block that a declaration stands in. */
function blockOf(node: Cst, declaration: Cst): Cst | undefined {
  if (node.type === 'compound_statement' && node.children.includes(declaration)) return node;
  return node.children.map((inner) => blockOf(inner, declaration)).find(Boolean);
}

/** Where the value of a variable, or its memory, is handed on. */
function useSites(w: Writer, node: Cst, parents: Parents, name: string, declared: number, from: Cst, use: (at: Cst) => void): void {
  if (node.type === 'identifier' && node.start > from.end && w.text(node) === name && w.of(node).place === `local ${w.piece.name} ${w.piece.placed.start + declared}`) {
    const around = parents.at(-1);
    const address = around?.type === 'pointer_expression' && operatorOf(around) === '&';
    const target = around?.type === 'assignment_expression' && child(around, 'left') === node;
    const written = address && argumentsOf(parents.findLast(({ type }) => type === 'call_expression') ?? node)[0] === around;
    if (!target && !written && !isTest(node, parents)) use(address ? around : node);
  }
  for (const inner of node.children) useSites(w, inner, [...parents, node], name, declared, from, use);
}
