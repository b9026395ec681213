/** The few settings the client itself reads; the server reads the rest. */
import * as vscode from 'vscode';

export function setting<T>(name: string, fallback: T): T {
  return vscode.workspace.getConfiguration('kgent').get<T>(name, fallback);
}

/** A choice belongs to the workspace when there is one: another project may have another host. */
export async function writeSetting(name: string, value: unknown): Promise<void> {
  const hasFolder = (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
  const where = hasFolder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration('kgent').update(name, value, where);
}
