// Cancelled runs give back what they held.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import { holdMemory } from './memory.mjs';
import { example } from './planscope.mjs';

const stage = setUp();

test('a thousand cancelled runs hold no more memory than ten', { timeout: 120_000 }, async (t) => {
  const { context, page, assertClean } = await visit(stage, { path: '404', allow: [/404/] });
  await context.addInitScript(holdMemory);
  await page.goto(stage.url);
  await started(page);
  const { pages, outcomes } = await page.evaluate(async (goap) => {
    const { solve } = globalThis.planscope;
    const pageCount = () => globalThis.wasmMemory.buffer.byteLength / 65_536;
    const rest = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
    const counts = {};
    const cancelled = async (after, options) => {
      const controller = new AbortController();
      const running = solve({ goap }, { search: 'astar', heuristic: 'blind', use_cache: false, timeout_ms: null, ...options, signal: controller.signal });
      await rest(after);
      controller.abort();
      const { outcome } = await running;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    };
    await globalThis.planscope.check({ goap });
    // The first ten go farther than any that come after: what those grew is enough for all.
    for (let run = 0; run < 10; run += 1) await cancelled(60);
    const after10 = pageCount();
    for (let run = 10; run < 1_000; run += 1) {
      await cancelled(run % 3, { heuristic: ['blind', 'hmax', 'ff'][run % 3], search: ['astar', 'gbfs'][run % 2] });
    }
    return { pages: [after10, pageCount()], outcomes: counts };
  }, example('workshop'));
  t.diagnostic(`${pages[0]} pages after 10 runs, ${pages[1]} after 1,000`);
  assert.deepEqual(outcomes, { cancelled: 1_000 });
  assert.equal(pages[1], pages[0]);
  await assertClean();
  await context.close();
});
