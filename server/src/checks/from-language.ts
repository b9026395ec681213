import type { LineIndex } from '../base/line-index.ts';
import type { Problem } from '../language/bpftrace/problem.ts';
import { allFaults } from '../language/bpftrace/syntax/all-faults.ts';
import type { Document } from '../language/bpftrace/syntax/document.ts';
import type { Finding } from './finding.ts';

/** What is wrong with a program's text, as findings of the syntax check. */
export function syntaxFindings(document: Document, lines: LineIndex): Finding[] {
  return allFaults(document).map(({ code, message, span, evidence, repair }) => ({
    check: 'syntax',
    code,
    severity: 'error',
    message,
    range: lines.range(span),
    evidence: evidence.map((e) => ({ range: lines.range(e.span), message: e.message })),
    repairs: repair ? [{ title: repair.title, sure: false, edits: [{ range: lines.range(repair.span), newText: repair.newText }] }] : [],
  }));
}

/** What analysis says of it, as findings of the semantics check; what it says of contracts keeps no tool from judging the program. */
export function semanticsFindings(problems: readonly Problem[], lines: LineIndex, check: 'semantics' | 'contract' = 'semantics'): Finding[] {
  return problems.map(({ code, severity, message, span, evidence, repairs }) => ({
    check,
    code,
    severity,
    message,
    range: lines.range(span),
    evidence: evidence.map((e) => (e.span ? { range: lines.range(e.span), message: e.message } : { message: e.message })),
    repairs: repairs.map(({ title, sure, edits }) => ({ title, sure, edits: edits.map((edit) => ({ range: lines.range(edit.span), newText: edit.newText })) })),
  }));
}
