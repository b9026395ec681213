import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the page's script and style lie. */
export const pageFolder = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist', 'log-view');

/** The frame of the page; what it shows comes in messages and is set as text. */
export function pageOf(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extension), name)).toString();
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('style.css')}">
<title>Verifier log</title>
</head>
<body>
<header id="why">
  <div class="line"><code id="class"></code><select id="program" aria-label="Program" hidden></select><span id="stale" class="stale" role="status" hidden>The source has changed since this load. Save it to load it again.</span></div>
  <p id="message"></p>
  <ol id="steps" aria-label="The way of the fact that was missing"></ol>
</header>
<div id="tools" role="toolbar" aria-label="Stepping and searching">
  <button id="previous" title="Previous step of the explanation (p)">◂ Step</button>
  <button id="next" title="Next step of the explanation (n)">Step ▸</button>
  <span id="place"></span>
  <span class="find"><input id="find" type="search" placeholder="Find in the log" aria-label="Find in the log" spellcheck="false"><span id="found" role="status"></span></span>
</div>
<main id="log" role="listbox" tabindex="0" aria-label="The verifier's log"><div id="space"></div><div id="rows"></div></main>
<div id="ruler" aria-hidden="true"></div>
<section id="state" aria-label="What the verifier knew"></section>
<div id="none" role="status" hidden></div>
<script nonce="${nonce}" src="${file('page.js')}"></script>
</body>
</html>`;
}
