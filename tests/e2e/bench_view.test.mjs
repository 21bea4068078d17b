// The Bench view: it measures in the tab, lays native figures beside, and takes files.

import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { pageTests, setUp } from './harness.mjs';
import { canPress, openExample, press, says, until } from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage, { timeout: 240_000 });

const word = (page) => page.locator('#scope .readout:visible .out b').innerText();

/** Opens the view, and waits until the figures of the sample are there. */
async function open(page) {
  await openExample(page, 'Village economy');
  await page.locator('#v-bench').click();
  await page.locator('.bars tr.press').first().waitFor();
}

/** A file with one workload. */
const file = (more = {}) => JSON.stringify({
  format: 'planscope-parity/1',
  machine: { platform: 'native', name: 'A machine of a test', threads: 2, target: 'linux x86_64', build: 'planscope' },
  measured: '2026-11-30T20:16:17Z',
  seconds: 1,
  clock_us: 0.1,
  complete: true,
  workloads: [{ name: 'yield', label: 'Yield', kind: 'serving', unit: 'µs', per_round: 10, limit: 5, judged: 'median', rounds: [1, 2, 4] }],
  ...more,
});

onPage('native figures stand there from the start, and each workload shows its rounds', async (page) => {
  await open(page);
  assert.equal(await word(page), 'Not measured yet');
  const rows = await page.locator('.bars tr.press').count();
  assert.ok(rows > 15, `${rows} workloads`);
  const second = page.locator('.bars tr.press button').nth(1);
  const name = await second.innerText();
  await second.click();
  assert.equal(await second.getAttribute('aria-pressed'), 'true');
  await says(page.locator('#result .say'), new RegExp(`^${name.replace(/[*.]/g, '\\$&')}: measured natively alone`));
  assert.ok(await page.locator('#result .bars circle.nat').count() > 4);
});

onPage('one workload is measured in the tab, and stands beside the native figures with a ratio', async (page) => {
  await open(page);
  await page.locator('.bar-engine select').nth(1).selectOption({ label: '5' });
  await page.locator('.bars tr.press button', { hasText: 'First plan' }).click();
  await page.locator('#result button', { hasText: 'Measure this one again' }).click();
  await until(async () => (await word(page)) === 'Done', { timeout: 120_000, message: async () => `the page says “${await word(page)}”` });
  const cells = await page.locator('.bars tr.sel td.r').allInnerTexts();
  assert.match(cells[1], /^[\d.,]+ ms/);
  assert.match(cells[3], /^\d+\.\d\d ×/);
  assert.equal(await page.locator('#result .bars circle.here').count(), 5);
  const download = page.waitForEvent('download');
  await page.locator('#result button', { hasText: 'Export JSON' }).click();
  assert.equal((await download).suggestedFilename(), 'parity-browser.json');
});

onPage('Run measures one after the other and Cancel ends it with what there is', async (page) => {
  await open(page);
  await page.locator('.bar-engine select').nth(1).selectOption({ label: '5' });
  await press(page, 'Run');
  await until(async () => (await word(page)) === 'Measuring');
  // The first workload holds memory, the second one is the first that computes.
  const parsed = page.locator('.bars tr.press', { hasText: 'Parse, 100 actions' }).locator('td.r').nth(1);
  await until(async () => /\d ms/.test(await parsed.innerText()), { timeout: 120_000 });
  assert.equal(await canPress(page, 'Run'), false);
  await press(page, 'Cancel');
  await until(async () => (await word(page)) === 'Cancelled', { timeout: 60_000 });
  assert.equal(await canPress(page, 'Run'), true);
}, { timeout: 300_000 });

onPage('a file takes the place of the sample, and a wrong one says what is wrong with it', async (page) => {
  await open(page);
  const give = (name, text) => page.locator('#problem .drop input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await give('good.json', file());
  await says(page.locator('#problem .terms'), /A machine of a test/);
  assert.equal(await page.locator('.bars tr.press').count(), 1);
  await give('later.json', file({ format: 'planscope-parity/2' }));
  await says(page.locator('#problem .drop'), /later\.json” is not shown: the file has the format "planscope-parity\/2"/);
  await says(page.locator('#problem .terms'), /A machine of a test/);
});

onPage('a script measures what the view measures', async (page) => {
  const { report, seen } = await page.evaluate(async () => {
    const told = [];
    const found = await globalThis.planscope.bench({ rounds: 2, only: ['yield', 'not-kept'], on_progress: (now) => told.push(now) });
    return { report: found, seen: told };
  });
  assert.equal(report.format, 'planscope-parity/1');
  assert.equal(report.machine.platform, 'browser');
  assert.deepEqual(report.workloads.map(({ name, rounds }) => [name, rounds.length]), [['not-kept', 10], ['yield', 2]]);
  assert.deepEqual(seen.at(-1), { workload: 'yield', label: 'Yield', index: 1, workloads: 2, round: 2, rounds: 2 });
  const refused = await page.evaluate(() => globalThis.planscope.bench({ only: ['yeld'] }).catch((error) => `${error.name}: ${error.message}`));
  assert.match(refused, /^TypeError: there is no workload "yeld"; did you mean "yield"\?/);
  const aborted = await page.evaluate(async () => {
    const control = new AbortController();
    const found = await globalThis.planscope.bench({ rounds: 50, only: ['first-plan', 'yield'], signal: control.signal, on_progress: ({ round }) => { if (round === 3) control.abort(); } });
    return { complete: found.complete, measured: found.workloads.length };
  });
  assert.deepEqual(aborted, { complete: false, measured: 0 });
});
