/**
 * What a user does in the workbench, by what they see. Where the workbench drops an action, because
 * something else took the focus meanwhile, it is done again.
 * @typedef {import('playwright-core').Page} Page
 */

const QUICK_INPUT = '.quick-input-widget .quick-input-box input';
const QUICK_ROW = '.quick-input-list .monaco-list-row';

export async function ready(/** @type {Page} */ page) {
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  await page.locator('.statusbar-item').first().waitFor({ timeout: 60_000 });
}

/** Chooses a command in the palette. */
export const command = (/** @type {Page} */ page, /** @type {string} */ title) => choose(page, 'F1', `>${title}`, title);

/** Opens a file of the workspace. */
export async function openFile(/** @type {Page} */ page, /** @type {string} */ name) {
  await choose(page, 'Control+p', name, name);
  await page.locator('.tab').filter({ hasText: name }).first().waitFor({ timeout: 15_000 });
}

/** @param {Page} page @param {string} key @param {string} text @param {string} row */
async function choose(page, key, text, row) {
  let last;
  for (let attempt = 0; attempt < 6; attempt++) {
    try {
      await page.keyboard.press('Escape');
      await page.keyboard.press(key);
      const input = page.locator(QUICK_INPUT);
      await input.fill(text, { timeout: 2500 });
      await page.locator(QUICK_ROW).filter({ hasText: row }).first().waitFor({ timeout: 5000 });
      return await input.press('Enter', { timeout: 2500 });
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Answers the input box that is open. */
export async function answer(/** @type {Page} */ page, /** @type {string} */ text) {
  const input = page.locator(QUICK_INPUT);
  await input.waitFor({ timeout: 15_000 });
  await input.fill(text);
  await input.press('Enter');
}

/** Rests the pointer on an underlined word until the hover shows. */
export async function hoverSquiggle(/** @type {Page} */ page, kind = 'error') {
  const squiggle = page.locator(`.squiggly-${kind}`).first();
  await squiggle.waitFor({ timeout: 60_000 });
  const box = await squiggle.boundingBox();
  if (!box) throw new Error('The underlined word is not on the screen.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor({ timeout: 15_000 });
}

export const statusBar = (/** @type {Page} */ page, /** @type {RegExp} */ text, timeout = 60_000) => page.locator('.statusbar-item').filter({ hasText: text }).first().waitFor({ timeout });

/** Opens a view container by its name in the activity bar. */
export const openView = (/** @type {Page} */ page, /** @type {string} */ name) => page.locator(`.activitybar .action-item a[aria-label^="${name}"]`).first().click();

/** A click on a button of a notification or a dialogue. */
export const press = (/** @type {Page} */ page, /** @type {string} */ label, timeout = 60_000) =>
  page.locator('.notification-toast .monaco-button, .monaco-dialog-box .monaco-button').filter({ hasText: label }).first().click({ timeout });

/**
 * Makes a part of the workbench larger or smaller by one of its edges.
 * @param {Page} page @param {string} part @param {'right' | 'top'} edge @param {number} by
 */
export async function drag(page, part, edge, by) {
  const box = await page.locator(part).boundingBox();
  if (!box) throw new Error(`${part} is not on the screen.`);
  // The handle lies in the gap beside the part.
  const [x, y] = edge === 'right' ? [box.x + box.width + 2, box.y + box.height / 2] : [box.x + box.width / 2, box.y - 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(edge === 'right' ? x + by : x, edge === 'top' ? y + by : y, { steps: 5 });
  await page.mouse.up();
  // Away from the handle, which is highlighted under the pointer.
  await page.mouse.move(x + 200, y - 100);
}

/** Waits for a line of the terminal; it must not be drawn on a canvas. */
export const terminalLine = (/** @type {Page} */ page, /** @type {RegExp} */ line, timeout = 60_000) => page.locator('.xterm-rows > div').filter({ hasText: line }).first().waitFor({ timeout });

export const closeNotifications = (/** @type {Page} */ page) => command(page, 'Notifications: Clear All Notifications');

/** Puts the cursor at a place, both counted from one. */
export async function goTo(/** @type {Page} */ page, /** @type {number} */ line, /** @type {number} */ column) {
  await choose(page, 'Control+g', `:${line}:${column}`, '');
}

/** Rests the pointer on a word of the editor until the hover shows. */
export async function hoverWord(/** @type {Page} */ page, /** @type {string} */ word) {
  const box = await page.locator('.view-line span').filter({ hasText: new RegExp(`^${word}$`) }).first().boundingBox();
  if (!box) throw new Error(`${word} is not on the screen.`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor({ timeout: 15_000 });
}

/** Waits for a completion in the list; asks for the list when it went away. */
export async function suggestion(/** @type {Page} */ page, /** @type {string} */ label) {
  const row = page.locator('.suggest-widget .monaco-list-row').filter({ hasText: label }).first();
  await row.waitFor({ timeout: 15_000 }).catch(async () => {
    await page.keyboard.press('Control+Space');
    await row.waitFor({ timeout: 15_000 });
  });
}
