import { UserError } from '../base/error.ts';
import { LineIndex } from '../base/line-index.ts';
import { judgedAgainst } from '../checks/against.ts';
import { analyze } from '../language/bpftrace/analysis/analyze.ts';
import { hoverAt } from '../language/bpftrace/queries/hover/hover.ts';
import { hoverText } from '../language/bpftrace/queries/hover/text.ts';
import { parseDocument } from '../language/bpftrace/syntax/parse.ts';
import { EXIT, options, type Command } from './command.ts';
import { readProgram } from './program-file.ts';

const usage = 'hover FILE:LINE:COL [--target T] [--json]';

export const hover: Command = {
  usage,
  does: 'tells what stands at a place of a program; line and column count from 1',
  async run(args, terminal) {
    const { values, positionals } = options(args, usage, { target: { type: 'string' }, json: { type: 'boolean' } }, { min: 1, max: 1 });
    const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(positionals[0] ?? '') ?? [];
    if (file === undefined || Number(line) < 1 || Number(column) < 1) throw new UserError('usage', `A place is FILE:LINE:COL, counted from 1. Usage: kgent ${usage}`);
    const program = await readProgram(file);
    const { engine } = terminal;
    const target = engine.target(values.target);
    const known = await engine.inventories.ask(target, { signal: terminal.interrupted });
    const facts = known.kind === 'known' ? known.facts : undefined;
    const [parser, inventory, described] = await Promise.all([engine.parser(), engine.inventories.own(target, facts, { timeoutMs: 60_000, signal: terminal.interrupted }), engine.described()]);
    const lines = new LineIndex(program.text);
    const analysis = analyze(parseDocument(parser, program.language === 'bpftrace' ? program.text : ''), judgedAgainst(target.name, facts, inventory));
    const found = hoverAt(analysis, lines.offset({ line: Number(line) - 1, character: Number(column) - 1 }), described);
    if (values.json) terminal.print(JSON.stringify({ file, target: target.name, hover: found ? { range: lines.range(found.span), code: found.code, notes: found.notes, links: found.links } : null }));
    else terminal.print(found ? hoverText(found) : 'Nothing is known of what stands there.');
    return EXIT.fine;
  },
};
