// What the browser tests share: the built page on a static server, Chromium, and a watch over each page
// that fails the test on a console message, a blocked resource or a failed request.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { serve } from '../../www/tools/serve.mjs';
import { launchOptions } from './chromium.mjs';

export const DIST = join(import.meta.dirname, '..', '..', 'dist');

/** Runs in the page before its own scripts: notes long tasks, pictures of the tree, and violations of the policy. */
function observe() {
  globalThis.observed = { longTasks: [], pictures: 0, violations: [] };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function clearRect(...place) {
    if (this.canvas.classList?.contains('tree-canvas')) globalThis.observed.pictures += 1;
    clear.apply(this, place);
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      globalThis.observed.longTasks.push({ startTime, duration });
    }
  }).observe({ type: 'longtask', buffered: true });
  document.addEventListener('securitypolicyviolation', (event) => {
    globalThis.observed.violations.push(`${event.violatedDirective}: ${event.blockedURI || event.sample}`);
  });
}

/**
 * Starts a server and a browser for the tests of one file, and stops both after them. The object's
 * `url` and `browser` are there once the tests run.
 */
export function setUp({ base = '/', folder = DIST } = {}) {
  const stage = {};
  before(async () => {
    assert.ok(existsSync(join(DIST, 'index.html')), 'no built page: run make dist');
    const server = await serve({ folder, base });
    stage.url = server.url;
    stage.stop = server.stop;
    stage.browser = await chromium.launch(launchOptions());
  });
  after(async () => {
    await stage.browser?.close();
    await stage.stop?.();
  });
  return stage;
}

/** A new context, as for a person who has never been here, with one watched page. */
export async function visit(stage, { context: options = {}, path = '', allow = [] } = {}) {
  const context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(30_000);
  await context.addInitScript(observe);
  const page = await context.newPage();
  const watched = watch(page, allow);
  await page.goto(stage.url + path);
  return { context, page, ...watched };
}

/**
 * What makes a test over a page of a first visit, which must be clean in the end. The test's body is given the
 * page and its context. `timeout` holds where a test names none: it leaves room for a machine whose cores others
 * keep busy.
 */
export function pageTests(stage, { timeout = 120_000 } = {}) {
  return function onPage(name, body, { timeout: own = timeout, ...options } = {}) {
    test(name, { timeout: own }, async () => {
      const { context, page, assertClean } = await visit(stage, options);
      try {
        await started(page);
        await body(page, context);
        await assertClean();
      } finally {
        await context.close();
      }
    });
  };
}

/** Collects what a page must not have; `assertClean` fails on anything but what `allow` matches. */
export function watch(page, allow = []) {
  const messages = [];
  const note = (text) => {
    if (!allow.some((pattern) => pattern.test(text))) messages.push(text);
  };
  page.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => note(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) note(`${response.status()}: ${response.url()}`);
  });
  return {
    messages,
    async assertClean() {
      const { violations } = await page.evaluate(() => globalThis.observed ?? { violations: [] });
      assert.deepEqual([...messages, ...violations], []);
    },
  };
}

/** Waits until the page has started. */
export async function started(page) {
  await page.waitForFunction(() => !document.getElementById('boot'));
}

/** Waits until the service worker holds this version. */
export async function offlineReady(page) {
  const isReady = await page.evaluate(() => Promise.race([
    navigator.serviceWorker.ready.then(() => true),
    new Promise((resolve) => { setTimeout(resolve, 15_000, false); }),
  ]));
  assert.ok(isReady, 'the service worker was not installed');
}
