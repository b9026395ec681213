/** "Kgent: Set up clangd for BPF C in this folder": writes `.clangd` and `vmlinux.h`, and asks before it replaces anything. */
import * as vscode from 'vscode';
import { printable } from '../../server/src/base/text.ts';
import { UserError } from '../../server/src/base/error.ts';
import { clangdSetupRequest, type ClangdSetup } from '../../server/src/protocol.ts';
import type { Ctx } from './ctx.ts';

const REPLACE = 'Replace';
const KEEP = 'Keep';

export function registerClangd(ctx: Ctx): void {
  ctx.command('kgent.setUpClangd', async () => {
    try {
      await setUp(ctx);
    } catch (error) {
      await ctx.fail(error);
    }
  });
}

async function setUp(ctx: Ctx): Promise<void> {
  const folder = await folderFor(ctx);
  if (!folder) return;
  const client = await ctx.client();
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Kgent: reading the types of the kernel', cancellable: true };
  const setup = await vscode.window.withProgress(progress, (_, token) => client.sendRequest(clangdSetupRequest, { folder: folder.fsPath }, token));
  const written = [...(await writeHeader(ctx, folder, setup)), ...(await writeClangd(ctx, folder, setup))];
  if (written.length > 0) ctx.background(ctx.offer('info', `${written.join(' and ')} written for the kernel of ${printable(setup.label)}.`, []));
}

/** The open file's folder of the workspace, or the only one. */
async function folderFor(ctx: Ctx): Promise<vscode.Uri | undefined> {
  const open = vscode.window.activeTextEditor?.document.uri;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = (open && vscode.workspace.getWorkspaceFolder(open)) ?? (folders.length === 1 ? folders[0] : undefined);
  if (own) return own.uri;
  if (folders.length === 0) throw new UserError('no-folder', 'clangd is set up for a folder: open one first.');
  const items = folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri }));
  return (await ctx.ui.pick(items, { title: 'Kgent: Set up clangd for BPF C' }))?.uri;
}

async function writeHeader(ctx: Ctx, folder: vscode.Uri, { header, label }: ClangdSetup): Promise<string[]> {
  if (header === null) {
    ctx.background(ctx.offer('warning', `There is no vmlinux.h of ${printable(label)}: its kernel carries no type information (BTF).`, []));
    return [];
  }
  const file = vscode.Uri.joinPath(folder, 'vmlinux.h');
  const before = await textOf(file);
  if (before === header) return [];
  if (before !== undefined && (await ctx.ui.ask('There is a vmlinux.h in this folder.', `Replace it by the types of ${printable(label)}?`, REPLACE, KEEP)) !== REPLACE) return [];
  await vscode.workspace.fs.writeFile(file, Buffer.from(header));
  return ['vmlinux.h'];
}

/** A person's own `.clangd` is never changed: what to add to it is shown beside it. */
async function writeClangd(ctx: Ctx, folder: vscode.Uri, { clangd }: ClangdSetup): Promise<string[]> {
  const file = vscode.Uri.joinPath(folder, '.clangd');
  const before = await textOf(file);
  if (before === undefined) {
    await vscode.workspace.fs.writeFile(file, Buffer.from(clangd));
    return ['.clangd'];
  }
  if (before.includes(clangd.trim())) return [];
  await vscode.window.showTextDocument(file, { preview: false });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'yaml', content: `---\n${clangd}` }), { viewColumn: vscode.ViewColumn.Beside });
  ctx.background(ctx.offer('info', 'There is a .clangd in this folder. Add what is shown beside it at its end.', []));
  return [];
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  return vscode.workspace.fs.readFile(file).then((bytes) => Buffer.from(bytes).toString(), () => undefined);
}
