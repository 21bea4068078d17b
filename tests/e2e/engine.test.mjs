// The engine is a module of its own, fetched after the first paint: what the page does before it is there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import { canPress, ends, finds, openExample, press, runExample, small, tab, until, write } from './planscope.mjs';

const stage = setUp();
const ENGINE = '**/engine-*.wasm';
const EXAMPLE = 'Axe, wood, fire';

/** A page whose engine comes when it is let go. */
async function held(options) {
  const seen = await visit(stage, { ...options, path: '404', allow: [/404/] });
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  await seen.page.route(ENGINE, async (route) => {
    await released;
    await route.continue();
  });
  await seen.page.goto(stage.url);
  await started(seen.page);
  return { ...seen, release };
}

test('the engine is fetched once the page is painted', async () => {
  const { context, page, assertClean } = await visit(stage);
  await runExample(page, EXAMPLE);
  const { painted, fetched } = await page.evaluate(() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    fetched: performance.getEntriesByType('resource').find(({ name }) => /\/engine-[0-9a-f]+\.wasm$/.test(name)).startTime,
  }));
  assert.ok(fetched >= painted, `painted at ${painted} ms, fetched at ${fetched} ms`);
  await assertClean();
  await context.close();
});

test('everything but the engine works before it is there, and a run waits for it', async () => {
  const { context, page, release, assertClean } = await held();
  await openExample(page, EXAMPLE);
  await write(page, small('before the engine'));
  for (const name of ['Node', 'Timings', 'Runs', 'Plan']) await tab(page, name);
  await press(page, 'Run');
  await ends(page, 'Waiting');
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
  await until(() => canPress(page, 'Run'));
  await press(page, 'Run');
  const asked = page.evaluate((goap) => globalThis.planscope.solve({ goap }), small());
  await ends(page, 'Waiting');
  release();
  await ends(page, 'Solved');
  assert.equal((await asked).outcome, 'solved');
  await assertClean();
  await context.close();
});

test('the text is checked when the engine comes', async () => {
  const { context, page, release, assertClean } = await held();
  await openExample(page, EXAMPLE);
  await write(page, small().replace('"lamp": true } }]', '"lump": true } }]'));
  release();
  await page.locator('.problems li', { hasText: 'lump' }).first().waitFor();
  await assertClean();
  await context.close();
});

test('an engine that does not load is said, and can be fetched again', async () => {
  const { context, page } = await visit(stage, { path: '404', allow: [/./] });
  await page.route(ENGINE, (route) => route.abort());
  await page.goto(stage.url);
  await started(page);
  await openExample(page, EXAMPLE);
  await press(page, 'Run');
  const notice = page.locator('.notice', { hasText: 'The planner did not load' });
  await notice.waitFor();
  await ends(page, 'Waiting');
  const refused = page.evaluate((goap) => globalThis.planscope.solve({ goap }).catch(({ name }) => name), small());
  assert.equal(await refused, 'LoadError');
  await page.unroute(ENGINE);
  await notice.locator('button', { hasText: 'Try again' }).click();
  await ends(page, 'Solved');
  await finds(notice, 0);
  await context.close();
});

test('a call that is cancelled before the engine is there ends at once', async () => {
  const { context, page, release, assertClean } = await held();
  const name = await page.evaluate(async (goap) => {
    const controller = new AbortController();
    const asked = globalThis.planscope.solve({ goap }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 0);
    return asked.catch((error) => error.name);
  }, small());
  assert.equal(name, 'AbortError');
  release();
  assert.equal((await page.evaluate((goap) => globalThis.planscope.solve({ goap }), small())).outcome, 'solved');
  await assertClean();
  await context.close();
});
