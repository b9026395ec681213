import { chromium } from 'playwright-core';
import { which } from '../lib/debian.mjs';

/** Chromium asks its maker's hosts for this and that; it has no business with them here. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A headless browser with one page that reaches nothing but this machine. */
export async function openBrowser({ width = 1400, height = 900, scale = 1 } = {}) {
  const executablePath = which('chromium') ?? which('google-chrome') ?? which('chrome');
  if (!executablePath) throw new Error('No Chromium was found.');
  const browser = await chromium.launch({ executablePath, headless: true, args: QUIET });
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
  await context.route((url) => !/^(127\.0\.0\.1|localhost)$|\.localhost$/.test(url.hostname), (route) => route.abort());
  return { page: await context.newPage(), close: () => browser.close() };
}
