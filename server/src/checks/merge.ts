import { bpftraceWouldSay } from '../language/bpftrace/analysis/codes.ts';
import { compareFindings, hasErrors, type Finding } from './finding.ts';
import type { CheckReport } from './pipeline.ts';

/** The findings of all checks by place, each mistake told once. */
export function allFindings(reports: readonly CheckReport[]): readonly Finding[] {
  const merged: Finding[] = [];
  for (const { findings } of withValues(yielding(standing(reports)))) {
    const earlier = [...merged];
    merged.push(...findings.filter((f) => !earlier.some((e) => tellsTheSame(e, f))));
  }
  return merged.toSorted(compareFindings);
}

/**
 * An advisory check gives way to the compiler and the kernel: what they say of the same place is told with their word and their
 * repairs, in the sentence and at the place of the one who knew what was meant.
 */
function yielding(reports: readonly CheckReport[]): readonly CheckReport[] {
  const confirmed = new Map<Finding, Finding>();
  const loaded = reports.some((r) => r.check === 'load' && r.skipped === undefined && !hasErrors(r.findings));
  const left = reports.map((report, i) => {
    if (!report.advisory) return report;
    const later = reports.slice(i + 1).flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error');
    const findings = report.findings.filter((ours) => {
      const theirs = later.filter((f) => tellsTheSame(ours, f));
      for (const f of theirs) confirmed.set(f, { ...f, message: ours.message, range: ours.range, repairs: [...f.repairs, ...ours.repairs] });
      return theirs.length === 0 && !(loaded && ours.severity === 'error' && LOADING.has(ours.code));
    });
    return { ...report, findings };
  });
  return left.map((report) => ({ ...report, findings: report.findings.map((f) => confirmed.get(f) ?? f) }));
}

/** What a lint suspects by the look of it, by the property that a proof refutes with values. */
const SUSPECTED: Readonly<Record<string, readonly string[]>> = {
  'network-order': ['network-byte-order'],
  'address-families': ['ipv4-only'],
  'absent-entry': ['unchecked-start'],
  'unsigned-underflow': ['unchecked-start'],
  units: ['time-unit'],
};

/** What was suspected and then shown with values is told once: with the values, and with the repairs of the one who suspected it. */
function withValues(reports: readonly CheckReport[]): readonly CheckReport[] {
  const refuted = reports.flatMap(({ check, findings }) => (check === 'contract' ? findings.filter(({ counterexample }) => counterexample) : []));
  const suspects = (lint: Finding, shown: Finding): boolean => (SUSPECTED[shown.code] ?? []).includes(lint.code) && lint.range.start.line === shown.range.start.line;
  const lints = reports.flatMap(({ check, findings }) => (check === 'semantics' ? findings.filter((lint) => refuted.some((shown) => suspects(lint, shown))) : []));
  if (lints.length === 0) return reports;
  return reports.map((report) => ({
    ...report,
    findings: report.findings.filter((f) => !lints.includes(f)).map((f) => (refuted.includes(f) ? { ...f, repairs: [...f.repairs, ...lints.filter((lint) => suspects(lint, f)).flatMap(({ repairs }) => repairs)] } : f)),
  }));
}

/** Forecasts about BPF C that a load proves wrong. Whether a place to attach to is there, loading does not tell. */
const LOADING: ReadonlySet<string> = new Set(['helper-not-allowed', 'helper-too-new', 'kfunc-not-allowed', 'gpl-only', 'sleepable', 'map-setup', 'section-too-new']);

/** What the checks said, without forecasts that the tool itself did not confirm. */
export function standing(reports: readonly CheckReport[]): readonly CheckReport[] {
  return acceptedByTool(reports) ? reports.map((r) => ({ ...r, findings: r.findings.filter((f) => !isForecast(f)) })) : reports;
}

/** The real bpftrace of the target read the program to its end and had nothing against it. */
function acceptedByTool(reports: readonly CheckReport[]): boolean {
  const compile = reports.find((r) => r.check === 'compile');
  return compile !== undefined && compile.skipped === undefined && !hasErrors(compile.findings);
}

/**
 * An error that only says what bpftrace would say. Where bpftrace itself was asked and accepted the program, such a
 * forecast was wrong: the tool is the judge, so nobody is told.
 */
function isForecast({ check, code, severity }: Finding): boolean {
  return check === 'semantics' && severity === 'error' && bpftraceWouldSay(code);
}

/**
 * What a later check says of a mistake an earlier one found. Ours stands: it marks the exact place and has repairs.
 * bpftrace marks whole statements, so the line and the code must agree, or the very place. A compiler stumbles behind
 * broken text and behind what its version does not know, once or several times: that is told already.
 */
function tellsTheSame(earlier: Finding, later: Finding): boolean {
  if (earlier.check === later.check) return false;
  if (earlier.check === 'syntax' && later.code === 'syntax-error') return true;
  if (earlier.range.start.line !== later.range.start.line) return false;
  if (earlier.severity === 'error' && earlier.range.start.character === later.range.start.character) return true;
  return earlier.check === 'semantics' && (earlier.code === later.code || isOfVersion(earlier));
}

function isOfVersion({ code }: Finding): boolean {
  return code === 'needs-newer-bpftrace' || code === 'removed-from-bpftrace';
}
