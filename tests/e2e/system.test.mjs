// The System view: what the planner does now, live; and spans on the timeline of the browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageTests, setUp, started, visit } from './harness.mjs';
import { LONG, ends, engine, equals, finds, openExample, press, runExample, says, small, until, view } from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

const open = (page) => view(page, 'System');
const section = (page, name) => page.locator('.sys section', { has: page.getByRole('heading', { name }) });
const row = (page, name, first) => section(page, name).locator('tr', { has: page.getByRole('rowheader', { name: first }) });

onPage('a run is listed while it goes on and counted when it has ended', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await open(page);
  await says(section(page, 'Requests now'), /None: nothing waits/);
  await says(page.locator('.sys-now'), /0\s*of 4\s+in flight[\s\S]*0\s*of 64\s+waiting/);
  await view(page, 'Search');
  await engine(page, LONG);
  await press(page, 'Run');
  await open(page);
  await says(page.locator('.sys-now'), /Working[\s\S]*1\s*of 4\s+in flight/);
  const own = section(page, 'Requests now').locator('tbody tr');
  await finds(own, 1);
  await says(own, /Searches[\s\S]*\b(?:9\d|100)\b[\s\S]*\d+\.\d s[\s\S]*\d+\.\d s/);
  await equals(() => own.evaluate((line) => line.classList.contains('sel')), true);
  // It is live: the figures of a run under way move.
  const since = () => own.locator('td').nth(5).innerText();
  const before = await since();
  await until(async () => (await since()) !== before);
  await says(section(page, 'Slices'), /\d+ slices, longest/);
  await press(page, 'Cancel');
  await says(section(page, 'Requests now'), /None: nothing waits/);
  await says(section(page, 'Since the page was opened'), /Cancelled\s*1\b/);
  await finds(page.locator('.sys .hist rect'), (count) => count > 0);
});

onPage('caches and stores say what they hold', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  await press(page, 'Run');
  await until(async () => (await page.locator('#t-runs .count').textContent()) === '2');
  await ends(page, 'Solved');
  await open(page);
  await says(row(page, 'Caches', 'Compiled tasks'), /1 of 64[\s\S]*50\.0 % of 2/);
  await says(row(page, 'Caches', 'Kept plans'), /1 of 4,096/);
  await says(row(page, 'Stores', 'Documents'), /Written\s+1\s+0/);
  await says(row(page, 'Stores', 'Kept plans'), /Written[\s\S]*just now/);
  await says(section(page, 'Stores'), /in this browser, [\d.]+ \w+ of about [\d.]+ \w+/);
  await says(section(page, 'Answers'), /a second; dotted/);
  const said = await section(page, 'Answers').locator('svg').getAttribute('aria-label');
  assert.match(said, /^2 answers in the last ten minutes, 1 of them with help of the caches$/);
});

onPage('the figures are read while the view is open, and not when it is closed', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await page.evaluate(() => {
    const { setInterval: set, clearInterval: clear } = globalThis;
    globalThis.timers = new Set();
    globalThis.setInterval = (...given) => {
      const timer = set(...given);
      globalThis.timers.add(timer);
      return timer;
    };
    globalThis.clearInterval = (timer) => {
      globalThis.timers.delete(timer);
      clear(timer);
    };
  });
  const timers = () => page.evaluate(() => globalThis.timers.size);
  await open(page);
  await page.locator('.sys').waitFor();
  assert.equal(await timers(), 1);
  await view(page, 'Search');
  await finds(page.locator('.sys'), 0);
  await equals(timers, 0);
});

onPage('keys lead to the view and through it', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await page.getByRole('tab', { name: 'Search' }).focus();
  await page.keyboard.press('End');
  await equals(() => page.getByRole('tab', { name: 'System' }).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('Tab');
  await equals(() => page.evaluate(() => document.activeElement?.className), 'sys');
});

for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
  onPage(`nothing sticks out at ${viewport.width} pixels`, async (page) => {
    await page.setViewportSize(viewport);
    await runExample(page, 'Axe, wood, fire');
    await open(page);
    await page.locator('.sys').waitFor();
    const { wide, room } = await page.locator('.sys').evaluate((box) => ({ wide: box.scrollWidth, room: box.clientWidth }));
    assert.ok(wide <= room, `${wide} in ${room}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }, { context: { viewport } });
}

/** Names of the timeline's entries, with how many there are of each. */
const timeline = (page) => page.evaluate(() => {
  const counts = {};
  for (const { name } of performance.getEntries()) if (name.startsWith('planscope')) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
});

test('spans are on the timeline where that is asked for, and are bounded', { timeout: 120_000 }, async () => {
  const { context, page, assertClean } = await visit(stage, { path: '?timing' });
  try {
    await started(page);
    await runExample(page, 'Axe, wood, fire');
    const found = await timeline(page);
    for (const name of ['request', 'queue', 'phase parse', 'phase ground', 'phase search', 'phase validate', 'slice', 'store find', 'cache', 'answered']) {
      assert.ok(found[`planscope ${name}`] > 0, `no ${name} in ${JSON.stringify(found)}`);
    }
    const [request] = await page.evaluate(() => performance.getEntriesByName('planscope request').slice(-1).map(({ duration, detail }) => ({ duration, detail })));
    assert.ok(request.duration > 0);
    assert.equal(request.detail.devtools.trackGroup, 'Planscope');
    // Thousands of spans leave no more entries than there may be.
    await page.evaluate(async (text) => {
      for (let at = 0; at < 400; at += 1) await globalThis.planscope.solve({ goap: text }, { use_cache: false });
    }, small());
    const total = Object.values(await timeline(page)).reduce((sum, count) => sum + count, 0);
    assert.ok(total > 0 && total <= 2_000, `${total} entries`);
    await assertClean();
  } finally {
    await context.close();
  }
});

onPage('nothing is on the timeline unless it is asked for', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  assert.deepEqual(await timeline(page), {});
});
