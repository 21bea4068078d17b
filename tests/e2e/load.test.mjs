// The page loads: without a console message, under its policy, under any path, and never blank.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../www/tools/serve.mjs';
import { phase as firstFetched } from '../../www/tools/size.mjs';
import { DIST, offlineReady, setUp, started, visit } from './harness.mjs';
import { equals, until } from './planscope.mjs';

const stage = setUp();

test('loads without a console message or a blocked resource', async () => {
  const { context, page, assertClean } = await visit(stage);
  await started(page);
  await offlineReady(page);
  await equals(() => page.title(), 'Planscope');
  await assertClean();
  await context.close();
});

test('has a policy that refuses inline scripts, eval and other hosts', async () => {
  const { context, page } = await visit(stage, { allow: [/Content Security Policy/] });
  await started(page);
  const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
  assert.ok(!/unsafe-inline|'unsafe-eval'/.test(policy), policy);
  // In a task of its own: inside `evaluate` the browser lets eval pass.
  const ran = await page.evaluate(() => new Promise((resolve) => {
    setTimeout(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.inlineRan = true';
      document.head.append(script);
      let evaluated = true;
      try {
        globalThis.eval('1');
      } catch {
        evaluated = false;
      }
      resolve({ inline: globalThis.inlineRan === true, evaluated });
    });
  }));
  assert.deepEqual(ran, { inline: false, evaluated: false });
  await until(async () => (await page.evaluate(() => globalThis.observed.violations.length)) >= 2);
  await context.close();
});

test('fetches no more at first than what the size budget counts', async () => {
  const { context, page } = await visit(stage, { path: '404', allow: [/./] });
  const fetched = [];
  page.on('request', (request) => fetched.push(request.url()));
  await page.goto(stage.url);
  await started(page);
  const later = fetched.filter((url) => firstFetched(new URL(url).pathname) !== 'first load');
  assert.deepEqual(later.filter((url) => !/\/(?:sw\.js|editor-[0-9a-f]+\.js|engine-[0-9a-f]+\.wasm)$/.test(url)), []);
  await context.close();
});

test('works under a path of its own', async () => {
  const server = await serve({ folder: DIST, base: '/some/path/' });
  const { context, page, assertClean } = await visit({ ...stage, url: server.url });
  await started(page);
  await assertClean();
  await context.close();
  await server.stop();
});

test('says so when its wasm does not load', async () => {
  const { context, page } = await visit(stage, { path: '404', allow: [/./] });
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(stage.url);
  await page.locator('#boot-problem', { hasText: 'could not start' }).waitFor();
  await context.close();
});

test('says so without JavaScript', async () => {
  const context = await stage.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.locator('#boot', { hasText: 'Planscope' }).waitFor();
  // Chromium draws <noscript> only where scripts are off for the whole profile.
  assert.match(await page.content(), /<noscript>.*needs JavaScript/s);
  await context.close();
});

test('paints the ground of its theme from the start', async () => {
  for (const [colorScheme, ground] of [['light', 'rgb(243, 243, 240)'], ['dark', 'rgb(20, 24, 27)']]) {
    const { context, page } = await visit(stage, { context: { colorScheme } });
    await page.route('**/*.wasm', () => {}); // never answers
    await page.goto(stage.url);
    await equals(() => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), ground);
    await context.close();
  }
});
