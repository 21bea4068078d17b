// Documents: what is said to be saved is saved, whatever happens to the page, the tab or the browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pageTests, setUp, started, visit, watch } from './harness.mjs';
import { killable } from './chromium.mjs';
import {
  documents, ends, equals, finds, openExample, panel, paste, press, reads, saved, saying, says,
  selectAll, small, stored, tab, until, write, written,
} from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

/** Another page of the same profile. */
async function another(context, allow) {
  const page = await context.newPage();
  const watched = watch(page, allow);
  await page.goto(stage.url);
  await started(page);
  await page.locator('.app:not([data-mode=loading])').waitFor();
  return { page, ...watched };
}

const texts = async (page) => (await stored(page)).map(({ text }) => text);

onPage('an edit is saved, and is there after a reload, with its settings and result', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await saved(page);
  await write(page, small('edited'));
  await saved(page);
  await equals(() => texts(page), [small('edited')]);
  await press(page, 'Run');
  await ends(page, 'Solved');
  await page.locator('.bar-engine select').first().selectOption({ label: 'Greedy' });
  await until(async () => (await stored(page)).some(({ settings, last_result: last }) => /gbfs/i.test(settings) && last !== null));
  await saved(page);
  await page.reload();
  await started(page);
  await reads(page, /\/\/ edited/);
  await ends(page, 'Solved');
  await page.locator('.readout', { hasText: 'last run, plan kept' }).waitFor();
  await tab(page, 'Plan');
  await says(panel(page), /switch_on/);
  await equals(() => page.locator('.bar-engine select').first().evaluate((select) => select.selectedOptions[0].text), 'Greedy');
});

onPage('documents are renamed, duplicated, deleted and brought back', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  let list = await documents(page);
  await list.getByLabel('Name').fill('My fire');
  await list.getByLabel('Name').press('Enter');
  await until(async () => (await page.locator('.bar .doc .val').innerText()).trim() === 'My fire');
  await until(async () => (await stored(page)).some(({ name }) => name === 'My fire'));
  list = await documents(page);
  await list.getByRole('button', { name: 'Duplicate' }).click();
  await until(async () => (await stored(page)).map(({ name }) => name).sort().join() === 'My fire,My fire (copy)');
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  list = await documents(page);
  await list.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await until(async () => (await stored(page)).length === 1);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await until(async () => (await stored(page)).length === 2);
  await saved(page);
  await page.reload();
  await started(page);
  list = await documents(page);
  await until(async () => (await list.locator('.docs .pick').count()) === 1);
});

onPage('documents go out as files and come in again', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('to a file'));
  let list = await documents(page);
  const [download] = await Promise.all([page.waitForEvent('download'), list.getByRole('button', { name: 'Export', exact: true }).click()]);
  assert.match(download.suggestedFilename(), /^Axe. wood. fire\.goap\.json$/);
  const path = await download.path();
  assert.equal(readFileSync(path, 'utf8'), small('to a file'));
  list = await documents(page);
  await list.locator('input[type=file]').setInputFiles([
    { name: 'one.goap.json', mimeType: 'application/json', buffer: Buffer.from(small('from a file')) },
    { name: 'two.json', mimeType: 'application/json', buffer: Buffer.from('not JSON at all') },
    { name: 'large.json', mimeType: 'application/json', buffer: Buffer.alloc(1_048_577, 32) },
  ]);
  await until(async () => (await stored(page)).map(({ name }) => name).sort().join() === 'Axe, wood, fire,one,two');
  await page.getByText('“large.json” is larger than 1 MiB').waitFor();
  await until(async () => (await texts(page)).includes(small('from a file')));
});

onPage('two tabs on one document lose nothing that either showed as saved', async (page, context) => {
  await openExample(page, 'Axe, wood, fire');
  await saved(page);
  const { page: other, assertClean } = await another(context);
  await reads(other, /Axe, wood, fire/);
  // Both write before either can hear of the other: a page in the background takes its time to select.
  await page.bringToFront();
  await selectAll(page);
  await other.bringToFront();
  await selectAll(other);
  await Promise.all([paste(page, small('from the first')), paste(other, small('from the second'))]);
  await Promise.all([saved(page), saved(other)]);
  await until(async () => {
    const all = (await texts(page)).join();
    return /from the first/.test(all) && /from the second/.test(all);
  }, { message: async () => `stored: ${(await stored(page)).map(({ name, text }) => `${name}: ${text.slice(0, 30)}`).join(' | ')}` });
  const names = (await stored(page)).map(({ name }) => name).sort();
  assert.deepEqual(names, ['Axe, wood, fire', 'Axe, wood, fire (conflict)']);
  // A tab without edits follows the other.
  const { page: third } = await another(context);
  await third.bringToFront();
  const before = await written(third);
  const owner = /from the first/.test(before) ? page : other;
  await owner.bringToFront();
  await write(owner, small('followed'));
  await saved(owner);
  await third.bringToFront();
  await reads(third, /followed/);
  await assertClean();
});

onPage('a crash of the renderer loses nothing that was saved', async (page, context) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('before the crash'));
  await saved(page);
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
  const { page: next, assertClean } = await another(context);
  await reads(next, /before the crash/);
  await assertClean();
  await page.close();
  // What follows looks at a page that answers.
  page.evaluate = next.evaluate.bind(next);
});

test('a kill of the browser loses nothing that was saved', { timeout: 120_000 }, async () => {
  const browser = await killable();
  try {
    let page = await browser.open(stage.url);
    await started(page);
    await openExample(page, 'Axe, wood, fire');
    await write(page, small('before the kill'));
    await saved(page);
    await browser.kill();
    page = await browser.open(stage.url);
    await started(page);
    await reads(page, /before the kill/);
    await equals(() => texts(page), [small('before the kill')]);
  } finally {
    await browser.end();
  }
});

test('without room it says that it is not saved, and what was saved stays', { timeout: 120_000 }, async () => {
  // The browser remembers for a while how much room there was, so the room is little from the start.
  const { context, page, assertClean } = await visit(stage, { path: '404', allow: [/404/, /Service Worker/], context: { serviceWorkers: 'block' } });
  const { origin } = new URL(stage.url);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 300_000 });
  await page.goto(stage.url);
  await started(page);
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('small enough'));
  await saved(page);
  await write(page, small(Array.from({ length: 60_000 }, () => Math.random().toString(36).slice(2, 12)).join('')));
  await says(page.locator('.saved'), /^Not saved: this browser has no more room for it; export it, or delete other documents$/);
  await equals(() => texts(page), [small('small enough')]);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await write(page, small('room again'));
  await saved(page);
  await equals(() => texts(page), [small('room again')]);
  await assertClean();
  await context.close();
});

/** The kinds of dialogs that the page opens from now on; each is accepted. */
function dialogs(page) {
  const seen = [];
  page.on('dialog', async (dialog) => {
    seen.push(dialog.type());
    await dialog.accept();
  });
  return seen;
}

onPage('what was written a moment before a reload is there after it, without a question', async (page) => {
  const asked = dialogs(page);
  await openExample(page, 'Axe, wood, fire');
  await saved(page);
  for (const mark of ['the first moment', 'the second moment']) {
    await write(page, small(mark));
    await page.reload();
    await started(page);
    await reads(page, new RegExp(mark));
    await saved(page);
    await equals(() => texts(page), [small(mark)]);
  }
  assert.deepEqual(asked, []);
  const drafts = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')));
  assert.deepEqual(drafts, [], 'what is saved leaves no draft behind');
});

onPage('what was written a moment before a tab was closed comes back in the next one', async (page, context) => {
  await openExample(page, 'Axe, wood, fire');
  await saved(page);
  const { page: other, assertClean } = await another(context);
  await write(other, small('before the close'));
  await assertClean();
  await other.close();
  const { page: next } = await another(context);
  await until(async () => (await texts(next)).some((text) => text.includes('before the close')), { timeout: 60_000 });
  await reads(next, /before the close/);
  page.evaluate = next.evaluate.bind(next);
});

test('a document that found no room keeps its text when another one is opened, and is saved when there is room', { timeout: 120_000 }, async () => {
  const { context, page } = await visit(stage, { path: '404', allow: [/404/, /Service Worker/], context: { serviceWorkers: 'block' } });
  const { origin } = new URL(stage.url);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 300_000 });
  await page.goto(stage.url);
  await started(page);
  const asked = dialogs(page);
  await openExample(page, 'Axe, wood, fire');
  await saved(page);
  const large = small(Array.from({ length: 60_000 }, () => Math.random().toString(36).slice(2, 12)).join(''));
  await write(page, large);
  await until(async () => /^Not saved/.test(await saying(page)));
  await openExample(page, 'Hungry villager');
  await saved(page);
  let list = await documents(page);
  await list.locator('.docs .pick', { hasText: 'Axe' }).click();
  await until(async () => (await written(page)).length === large.length, { message: 'the text is gone' });
  await until(async () => /^Not saved/.test(await saying(page)));
  await page.reload();
  assert.deepEqual(asked, ['beforeunload']);
  await started(page);
  await context.close();
});

test('without IndexedDB the browser asks on leaving, and a reload brings the text back', { timeout: 120_000 }, async () => {
  const { context, page } = await visit(stage, { path: '404', allow: [/404/] });
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };
  });
  await page.goto(stage.url);
  await started(page);
  const asked = dialogs(page);
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('nowhere to go'));
  await until(async () => (await saying(page)) === 'Kept until this tab closes');
  await page.reload();
  assert.deepEqual(asked, ['beforeunload']);
  await started(page);
  await reads(page, /nowhere to go/);
  await context.close();
});

test('a database that never answers leaves a page that works in memory and says so', { timeout: 120_000 }, async () => {
  const { context, page, assertClean } = await visit(stage, { path: '404', allow: [/404/] });
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => ({});
  });
  await page.goto(stage.url);
  await started(page);
  await page.locator('.notices .notice', { hasText: /storage does not answer/ }).waitFor();
  await openExample(page, 'Axe, wood, fire');
  await press(page, 'Run');
  await ends(page, 'Solved');
  await until(async () => (await saying(page)) === 'Kept until this tab closes');
  await assertClean();
  await context.close();
});

test('without IndexedDB it works in memory and says so once', { timeout: 120_000 }, async () => {
  const { context, page, assertClean } = await visit(stage, { path: '404', allow: [/404/] });
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };
  });
  await page.goto(stage.url);
  await started(page);
  await openExample(page, 'Axe, wood, fire');
  const notices = page.locator('.notices .notice');
  await notices.first().waitFor();
  await until(async () => (await saying(page)) === 'Kept until this tab closes', { message: async () => saying(page) });
  await press(page, 'Run');
  await ends(page, 'Solved');
  await write(page, small('in memory'));
  await until(async () => (await saying(page)) === 'Kept until this tab closes');
  await openExample(page, 'Hungry villager');
  await finds(notices, 1);
  await says(notices, /only until this page closes/);
  await assertClean();
  await context.close();
});

onPage('a damaged record is named and set aside, and the others load', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await saved(page);
  await openExample(page, 'Hungry villager');
  await saved(page);
  await page.evaluate(async () => {
    const open = indexedDB.open('planscope');
    const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    const transaction = database.transaction('documents', 'readwrite');
    const cursor = transaction.objectStore('documents').openCursor();
    cursor.onsuccess = () => {
      if (!cursor.result) return;
      const bytes = cursor.result.value;
      if (new TextDecoder().decode(bytes).includes('Axe, wood, fire')) {
        bytes[100] ^= 0xff;
        cursor.result.update(bytes);
      }
      cursor.result.continue();
    };
    await new Promise((resolve) => { transaction.oncomplete = resolve; });
    database.close();
  });
  await page.reload();
  await started(page);
  await page.locator('.notices .notice', { hasText: /could not be read/ }).waitFor();
  await reads(page, /villager/i);
  const list = await documents(page);
  await finds(list.locator('.docs .pick'), 0);
  await page.reload();
  await started(page);
  await reads(page, /villager/i);
  await finds(page.locator('.notices .notice'), 0);
});

onPage('a wiped storage is noticed, and the open document is written again', async (page, context) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('before the wipe'));
  await saved(page);
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(stage.url).origin, storageTypes: 'indexeddb' });
  await write(page, small('after the wipe'));
  await saved(page);
  await equals(() => texts(page), [small('after the wipe')]);
});
