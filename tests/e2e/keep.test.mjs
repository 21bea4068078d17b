// Everything that the browser keeps, as one file: out of one browser, into another one, and natively.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import { documents, openExample, runExample, saved, until, write } from './planscope.mjs';

const stage = setUp();
const folder = mkdtempSync(join(tmpdir(), 'planscope-keep-'));
after(() => rmSync(folder, { recursive: true }));

/** Presses "Export everything", and returns the file's bytes. */
async function exported(page) {
  await documents(page);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export everything' }).click()]);
  assert.equal(file.suggestedFilename(), 'planscope.planscope');
  await page.keyboard.press('Escape');
  return readFileSync(await file.path());
}

/** Opens files as a person picks them. */
async function pick(page, ...files) {
  if (!await page.locator('#documents').isVisible()) await documents(page);
  await page.locator('#documents').getByLabel('Files to open').setInputFiles(files);
}

const told = (page, text) => page.locator('.notice', { hasText: text }).first().waitFor();

test('a browser gives everything out, and another one takes it in and gives the same out', { timeout: 120_000 }, async () => {
  const one = await visit(stage);
  await started(one.page);
  await runExample(one.page, 'Axe, wood, fire');
  await runExample(one.page, 'Gripper');
  await saved(one.page);
  const bytes = await exported(one.page);
  assert.equal(bytes.subarray(0, 4).toString(), 'PLSC');
  const file = join(folder, 'all.planscope');
  writeFileSync(file, bytes);

  const other = await visit(stage);
  await started(other.page);
  await openExample(other.page, 'Ferry');
  await saved(other.page);
  await pick(other.page, file);
  await told(other.page, '2 documents and 2 kept plans imported');
  await documents(other.page);
  await until(async () => (await other.page.locator('#documents .docs .pick').count()) === 2);
  for (const { context, assertClean } of [one, other]) {
    await assertClean();
    await context.close();
  }

  const empty = await visit(stage);
  await started(empty.page);
  await pick(empty.page, file);
  await told(empty.page, '2 documents and 2 kept plans imported');
  const again = await exported(empty.page);
  assert.ok(again.equals(bytes), 'the same bytes come out');
  await empty.page.reload();
  await started(empty.page);
  assert.ok((await exported(empty.page)).equals(bytes), 'and after the page was opened again');
  await empty.assertClean();
  await empty.context.close();
});

test('the file that is checked in goes in and comes out byte for byte, as it does natively', { timeout: 60_000 }, async () => {
  const { context, page, assertClean } = await visit(stage);
  await started(page);
  const file = join(import.meta.dirname, '..', 'fixtures', 'all.planscope');
  await pick(page, file);
  await told(page, '2 documents and 2 kept plans imported');
  assert.ok((await exported(page)).equals(readFileSync(file)));
  await assertClean();
  await context.close();
});

test('a file that is no export, or is damaged, changes nothing that is kept', { timeout: 120_000 }, async () => {
  const { context, page, assertClean } = await visit(stage);
  await started(page);
  await runExample(page, 'Axe, wood, fire');
  await saved(page);
  const bytes = await exported(page);
  const wrong = join(folder, 'wrong.planscope');
  writeFileSync(wrong, 'wood');
  await pick(page, wrong);
  await told(page, '“wrong.planscope” was not imported: record 1 is damaged: it is no export of Planscope');
  const cut = join(folder, 'cut.planscope');
  writeFileSync(cut, bytes.subarray(0, bytes.length - 5));
  await pick(page, cut);
  await told(page, /the file ends, or cannot be read on, after 1 of 2 records/);
  // Another text under the same name: it stands beside the one that is there.
  const whole = join(folder, 'whole.planscope');
  writeFileSync(whole, bytes);
  await page.keyboard.press('Escape');
  await write(page, '{}');
  await saved(page);
  await pick(page, whole);
  await told(page, 'stand beside it');
  await documents(page);
  await page.locator('#documents .docs', { hasText: 'Axe, wood, fire (imported)' }).waitFor();
  await assertClean();
  await context.close();
});
