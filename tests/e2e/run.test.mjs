// The main job: pick an example, run it, read what came of it; and the keys of a run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import {
  LONG, canPress, ends, engine, example, expanded, figure, openExample, panel, press, runExample, saved, small, tab, until, word, write,
} from './planscope.mjs';

const stage = setUp();

/** A test with a page of a first visit, which must be clean in the end. */
function onPage(name, body, { timeout = 60_000, ...options } = {}) {
  test(name, { timeout }, async () => {
    const { context, page, assertClean } = await visit(stage, options);
    try {
      await started(page);
      await body(page);
      await assertClean();
    } finally {
      await context.close();
    }
  });
}

onPage('a first visit leads to a plan', async (page) => {
  assert.equal(await canPress(page, 'Run'), false);
  await openExample(page, 'Axe, wood, fire');
  await press(page, 'Run');
  await ends(page, 'Solved');
  assert.equal(await figure(page, /^cost/), 9);
  const result = panel(page);
  assert.match(await result.innerText(), /7 steps, cost 9/);
  assert.equal(await result.locator('tr.press').count(), 7);
  assert.match(await page.title(), /^Solved – Axe, wood, fire/);

  await result.getByRole('button', { name: 'take_axe' }).click();
  const detail = result.locator('tr.detail');
  assert.match(await detail.innerText(), /State after step 2[\s\S]*has_axe\s*true/);
  assert.equal(await result.locator('tr.sel').count(), 1);

  await tab(page, 'Node');
  const node = panel(page);
  assert.match(await node.innerText(), /take_axe[\s\S]*g, paid/);
  assert.match(await node.innerText(), /has_axe\s*false→true/);
  assert.match(await node.innerText(), /Applicable actions/);
  await node.getByRole('button', { name: /^Parent: node/ }).click();
  await node.getByText('go shed').first().waitFor();

  await tab(page, 'Timings');
  const timings = await panel(page).innerText();
  for (const row of ['Parse', 'Compile', 'Search', 'Replay plan', 'Expanded', 'Peak memory']) assert.match(timings, new RegExp(row));

  await tab(page, 'Runs');
  assert.match(await panel(page).innerText(), /1 run of this text[\s\S]*A\*, FF[\s\S]*Solved/);
});

onPage('a click in the tree and arrows on its outline select a node', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  const outline = page.getByRole('tree');
  await outline.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await tab(page, 'Node');
  await panel(page).getByText(/^Node \d+, depth 1;/).waitFor();
  await page.locator('.tree-canvas').click({ position: { x: 5, y: 300 } });
  assert.equal(await word(page), 'Solved');
});

onPage('a problem without a plan says why, link by link', async (page) => {
  await runExample(page, 'No key to this door', 'Unsolvable');
  const result = panel(page);
  assert.match(await result.innerText(), /No plan exists\.[\s\S]*This is a proof, not a limit/);
  assert.ok(await result.locator('ol.chain li').count() >= 1);
  assert.equal(await result.locator('ol.chain li.end').count(), 1);
  await result.locator('ol.chain .jump').last().click();
  await page.locator('#problem').waitFor();
});

onPage('a broken document shows what is wrong, and each finding goes to its place', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('broken').replace('"lamp": true } }]', '"lmap": true } }]'));
  const finding = page.locator('#problem .problems li button', { hasText: 'lmap' });
  assert.match(await finding.innerText(), /line \d+/);
  await finding.click();
  await page.locator('#problem .problems li button[aria-current=true]').waitFor();
  await until(() => page.evaluate(() => Boolean(document.activeElement?.closest('.editor'))), { message: 'the editor has no focus' });
  const chosen = await page.evaluate(() => {
    const plain = document.activeElement;
    return plain.tagName === 'TEXTAREA' ? plain.value.slice(plain.selectionStart, plain.selectionEnd) : String(getSelection());
  });
  assert.match(chosen, /lmap/);
  await press(page, 'Run');
  await panel(page).getByText('This document has 1 error.').waitFor();
  await ends(page, 'Not run');
  await write(page, small('mended'));
  await until(async () => (await page.locator('#problem .problems li').count()) === 0);
  await press(page, 'Run');
  await ends(page, 'Solved');
});

onPage('each limit and Cancel end with words of their own', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await engine(page, { ...LONG, time: '1 s' });
  await press(page, 'Run');
  await ends(page, 'Time limit');
  assert.match(await panel(page).innerText(), /No plan within 1 s\.[\s\S]*A plan may still exist/);
  assert.ok(await expanded(page) > 0);
  await panel(page).getByRole('button', { name: 'Raise the limit to 10 s and run' }).waitFor();

  await engine(page, { time: '10 s', memory: '4 MiB' });
  await press(page, 'Run');
  await ends(page, 'Memory limit');
  assert.match(await panel(page).innerText(), /No plan within 4 MiB of memory\.[\s\S]*A plan may still exist/);
  await panel(page).getByRole('button', { name: 'Raise the limit to 64 MiB and run' }).waitFor();

  await engine(page, { memory: '1 GiB' });
  await press(page, 'Run');
  await ends(page, 'Searching');
  await until(async () => (await expanded(page)) > 0);
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
  assert.match(await panel(page).innerText(), /Cancelled before a plan was found\./);
  assert.ok(await expanded(page) > 0);
  await until(async () => !(await canPress(page, 'Cancel')));
});

onPage('Step makes one expansion, Pause holds, Resume goes on', async (page) => {
  await openExample(page, 'Village economy');
  for (let count = 1; count <= 5; count += 1) {
    await press(page, 'Step');
    await until(async () => (await expanded(page)) >= count);
    assert.equal(await expanded(page), count);
    await ends(page, 'Paused');
  }
  await press(page, 'Resume');
  await ends(page, 'Solved');

  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  await press(page, 'Run');
  await until(async () => (await expanded(page)) > 100);
  await press(page, 'Pause');
  await ends(page, 'Paused');
  const held = await expanded(page);
  await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 300); }));
  assert.equal(await expanded(page), held);
  await press(page, 'Step');
  await until(async () => (await expanded(page)) !== held);
  assert.equal(await expanded(page), held + 1);
  await press(page, 'Resume');
  await until(async () => (await expanded(page)) > held + 1_000);
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
});

onPage('the speed limits expansions, also of a run under way', async (page) => {
  await openExample(page, 'Village economy');
  await engine(page, { speed: '10 a second' });
  const begun = Date.now();
  await press(page, 'Run');
  await until(async () => (await expanded(page)) >= 5);
  const took = (Date.now() - begun) / 1000;
  const count = await expanded(page);
  assert.ok(count <= 10 * ((Date.now() - begun) / 1000) + 2, `${count} expansions in ${took} s`);
  assert.ok(took >= 0.3, `5 expansions in ${took} s`);
  await ends(page, 'Searching');
  await engine(page, { speed: 'Full' });
  await ends(page, 'Solved');
});

onPage('the keyboard runs, holds, steps, cancels and explains itself', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  await page.locator('#scope').focus();
  await page.keyboard.press('Control+Enter');
  await until(async () => (await expanded(page)) > 10);
  await page.keyboard.press('Space');
  await ends(page, 'Paused');
  const held = await expanded(page);
  await page.keyboard.press('.');
  await until(async () => (await expanded(page)) !== held);
  assert.equal(await expanded(page), held + 1);
  await page.keyboard.press('Space');
  await ends(page, 'Searching');
  await page.keyboard.press('Escape');
  await ends(page, 'Cancelled');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.waitFor();
  assert.match(await help.innerText(), /Pause or resume/);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
});

/** Waits until the result's panel reads so. */
const reads = (page, expected) => until(async () => expected.test(await panel(page).innerText()), {
  message: async () => `the panel says “${await panel(page).innerText()}”`,
});

/** The rows of Runs, newest first: engine, outcome, cost, expanded. */
async function runs(page) {
  await tab(page, 'Runs');
  const rows = await panel(page).locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => (await row.locator('td').allInnerTexts()).map((text) => text.trim()).slice(0, 4)));
}

onPage('every engine searches by itself, and a better kept plan is an offer beside the run', async (page) => {
  await runExample(page, 'Trap: cost from the state', 'Solved', { search: 'A*', heuristic: 'hmax' });
  const best = await figure(page, /^cost/);
  await engine(page, { search: 'Breadth-first' });
  await press(page, 'Run');
  await reads(page, /An optimal plan of cost [\d.]+ is kept, found by A\*, hmax[\s\S]*Breadth-first did not find it[\s\S]*Found by Breadth-first/);
  assert.ok(await figure(page, /^cost/) > best);
  assert.ok(await expanded(page) > 0);
  // The tree is that of this search, and so is what Runs says of it.
  await page.locator('.tree-canvas').waitFor();
  const [second, first] = await runs(page);
  assert.equal(second[0], 'Breadth-first');
  assert.match(first[0], /A\*, hmax/);
  assert.ok(Number(second[3]) > 0 && Number.parseFloat(second[2]) > best);

  // What is taken up is called what it is.
  await tab(page, 'Plan');
  await panel(page).getByRole('button', { name: 'Show the kept plan' }).click();
  await ends(page, 'Kept plan');
  await reads(page, /Kept from A\*, hmax; checked by replay on the document\. Nothing was searched\./);
  assert.equal(await figure(page, /^cost/), best);
  const [kept] = await runs(page);
  assert.deepEqual([kept[0], kept[3]], ['Kept plan (A*, hmax)', '–']);
});

onPage('Step and Run after a solved run, and after a reload, search and show the search', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  const full = await expanded(page);
  await press(page, 'Step');
  await ends(page, 'Paused');
  await until(async () => (await expanded(page)) >= 1);
  await page.locator('.tree-canvas').waitFor();
  await press(page, 'Resume');
  await ends(page, 'Solved');
  assert.equal(await expanded(page), full);
  await press(page, 'Run');
  await until(async () => (await runs(page)).length === 3);
  await until(async () => (await runs(page)).every((row) => Number(row[3]) === full));

  await saved(page);
  await page.reload();
  await started(page);
  await press(page, 'Run');
  await page.locator('.tree-canvas').waitFor();
  await until(async () => (await word(page)) === 'Solved' && (await expanded(page)) === full);
  await tab(page, 'Plan');
  await reads(page, /Found by A\*, FF/);
  await panel(page).getByRole('button', { name: 'Prove optimal' }).click();
  await until(async () => (await page.locator('.readout').innerText()).includes('optimal'));
});

onPage('every example of the gallery ends as it should', async (page) => {
  await page.locator('.first li button b').first().waitFor();
  const names = await page.locator('.first li button b').allInnerTexts();
  assert.ok(names.length >= 12 + 25, `${names.length} examples`);
  const greedy = { search: 'Greedy', heuristic: 'FF', time: '60 s' };
  const engines = { 'Workshop at full stretch': greedy, 'Swapped tiles': { search: 'Breadth-first', time: '60 s' } };
  for (const name of names) {
    const expected = ['No key to this door', 'Swapped tiles'].includes(name) ? 'Unsolvable' : 'Solved';
    await openExample(page, name);
    const isPddl = (await page.locator('#problem .pane-head').first().innerText()).includes('PDDL');
    await engine(page, engines[name] ?? (isPddl ? greedy : {}));
    await press(page, 'Run');
    await ends(page, expected, 60_000);
  }
}, { timeout: 240_000 });

onPage('a text over a mebibyte, and one with deep brackets, are refused with words', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, '['.repeat(100_000));
  await page.locator('#problem .problems li button').first().waitFor();
  await write(page, example('axe-wood-fire').replace('Axe, wood, fire', '<img src=x onerror=alert(1)>'));
  await until(async () => (await page.locator('#problem .problems li').count()) === 0);
  await press(page, 'Run');
  await ends(page, 'Solved');
});
