// The service worker: offline works, versions are not mixed, and a new one waits to be accepted.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DIST, offlineReady, setUp, started, visit } from './harness.mjs';
import { equals, runExample } from './planscope.mjs';

let folder = DIST;
const stage = setUp({ folder: () => folder });

const made = [];
after(() => made.forEach((path) => rmSync(path, { recursive: true })));

/** A copy of the built page that calls itself another version. */
function nextVersion({ broken = false } = {}) {
  const copy = mkdtempSync(join(tmpdir(), 'planscope-'));
  made.push(copy);
  cpSync(DIST, copy, { recursive: true });
  const edit = (name, change) => writeFileSync(join(copy, name), change(readFileSync(join(copy, name), 'utf8')));
  const style = readdirSync(copy).find((name) => /^main-.*\.css$/.test(name));
  const renamed = style.replace('main-', 'main-next-');
  renameSync(join(copy, style), join(copy, renamed));
  edit('index.html', (html) => html.replace(style, renamed).replace('<html', '<html data-version="next"'));
  edit('sw.js', (worker) => worker
    .replace(/VERSION = "/, 'VERSION = "next-')
    .replace(style, renamed)
    .replace(/"\.\/":"[^"]*"/, () => `"./":"${broken ? 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' : ''}"`));
  return copy;
}

/** Which version the page on screen is of. */
const version = (page) => page.evaluate(() => document.documentElement.dataset.version);

/** Looks for a new version; whether one is offered within some milliseconds. */
const update = (page, within) => page.evaluate(async (most) => {
  const offered = new Promise((resolve) => { window.addEventListener('planscope-update', () => resolve(true), { once: true }); });
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  return Promise.race([offered, new Promise((resolve) => { setTimeout(resolve, most, false); })]);
}, within);

test('works offline after the first visit', async () => {
  const { context, page } = await visit(stage);
  await started(page);
  await offlineReady(page);
  await context.setOffline(true);
  await page.reload();
  await started(page);
  await equals(() => page.title(), 'Planscope');
  await runExample(page, 'Axe, wood, fire');
  await context.close();
});

test('a new version waits until it is accepted, and then takes over whole', async () => {
  const { context, page, assertClean } = await visit(stage);
  await started(page);
  await offlineReady(page);
  await page.reload();
  await started(page);
  folder = nextVersion();
  try {
    assert.equal(await update(page, 20_000), true);
    await page.reload();
    await started(page);
    assert.equal(await version(page), undefined);
    // Offered again once the engine is there; before that nobody listens.
    await page.getByText('A new version').waitFor();
    await Promise.all([
      page.waitForEvent('load'),
      page.evaluate(() => window.dispatchEvent(new CustomEvent('planscope-update-accepted'))),
    ]);
    await started(page);
    assert.equal(await version(page), 'next');
    assert.ok(await page.evaluate(() => document.styleSheets[0].href.includes('main-next-')));
    await assertClean();
  } finally {
    folder = DIST;
  }
  await context.close();
});

test('a deployment that is not whole is never installed', async () => {
  const { context, page } = await visit(stage, { allow: [/integrity/] });
  await started(page);
  await offlineReady(page);
  folder = nextVersion({ broken: true });
  try {
    assert.equal(await update(page, 3_000), false);
    await page.reload();
    await started(page);
    assert.equal(await version(page), undefined);
  } finally {
    folder = DIST;
  }
  await context.close();
});
