// The main job: pick an example, run it, read what came of it; and the keys of a run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageTests, setUp, started, visit } from './harness.mjs';
import {
  LONG, canPress, ends, engine, equals, example, expanded, figure, finds, openExample, panel, press, runExample,
  saved, says, small, tab, until, word, write,
} from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

onPage('a first visit leads to a plan', async (page) => {
  await equals(() => canPress(page, 'Run'), false);
  await openExample(page, 'Axe, wood, fire');
  await press(page, 'Run');
  await ends(page, 'Solved');
  await equals(() => figure(page, /^cost/), 9);
  const result = panel(page);
  await says(result, /7 steps, cost 9/);
  await finds(result.locator('tr.press'), 7);
  await until(async () => /^Solved – Axe, wood, fire/.test(await page.title()));

  await result.getByRole('button', { name: 'take_axe' }).click();
  const detail = result.locator('tr.detail');
  await says(detail, /State after step 2[\s\S]*has_axe\s*true/);
  await finds(result.locator('tr.sel'), 1);

  await tab(page, 'Node');
  const node = panel(page);
  await says(node, /take_axe[\s\S]*g, paid/);
  await says(node, /has_axe\s*false→true/);
  await says(node, /Applicable actions/);
  await node.getByRole('button', { name: /^Parent: node/ }).click();
  await node.getByText('go shed').first().waitFor();

  await tab(page, 'Timings');
  for (const row of ['Parse', 'Compile', 'Search', 'Replay plan', 'Expanded', 'Peak memory']) await says(panel(page), new RegExp(row));

  await tab(page, 'Runs');
  await says(panel(page), /1 run of this text[\s\S]*A\*, FF[\s\S]*Solved/);
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
  await equals(() => word(page), 'Solved');
});

onPage('a problem without a plan says why, link by link', async (page) => {
  await runExample(page, 'No key to this door', 'Unsolvable');
  const result = panel(page);
  await says(result, /No plan exists\.[\s\S]*This is a proof, not a limit/);
  await finds(result.locator('ol.chain li'), (count) => count >= 1);
  await finds(result.locator('ol.chain li.end'), 1);
  await result.locator('ol.chain .jump').last().click();
  await page.locator('#problem').waitFor();
});

onPage('a broken document shows what is wrong, and each finding goes to its place', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('broken').replace('"lamp": true } }]', '"lmap": true } }]'));
  const finding = page.locator('#problem .problems li button', { hasText: 'lmap' });
  await says(finding, /line \d+/);
  await finding.click();
  await page.locator('#problem .problems li button[aria-current=true]').waitFor();
  await until(() => page.evaluate(() => Boolean(document.activeElement?.closest('.editor'))), { message: 'the editor has no focus' });
  const chosen = () => page.evaluate(() => {
    const plain = document.activeElement;
    return plain.tagName === 'TEXTAREA' ? plain.value.slice(plain.selectionStart, plain.selectionEnd) : String(getSelection());
  });
  await until(async () => /lmap/.test(await chosen()), { message: chosen });
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
  await says(panel(page), /No plan within 1 s\.[\s\S]*A plan may still exist/);
  await until(async () => (await expanded(page)) > 0);
  await panel(page).getByRole('button', { name: 'Raise the limit to 10 s and run' }).waitFor();

  await engine(page, { time: '10 s', memory: '4 MiB' });
  await press(page, 'Run');
  await ends(page, 'Memory limit');
  await says(panel(page), /No plan within 4 MiB of memory\.[\s\S]*A plan may still exist/);
  await panel(page).getByRole('button', { name: 'Raise the limit to 64 MiB and run' }).waitFor();

  await engine(page, { memory: '1 GiB' });
  await press(page, 'Run');
  await ends(page, 'Searching');
  await until(async () => (await expanded(page)) > 0);
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
  await says(panel(page), /Cancelled before a plan was found\./);
  await until(async () => (await expanded(page)) > 0);
  await until(async () => !(await canPress(page, 'Cancel')));
});

onPage('Step makes one expansion, Pause holds, Resume goes on', async (page) => {
  await openExample(page, 'Village economy');
  for (let count = 1; count <= 5; count += 1) {
    await press(page, 'Step');
    await until(async () => (await expanded(page)) >= count);
    await equals(() => expanded(page), count);
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
  await equals(() => expanded(page), held);
  await press(page, 'Step');
  await until(async () => (await expanded(page)) !== held);
  await equals(() => expanded(page), held + 1);
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
  const count = await until(async () => {
    const now = await expanded(page);
    return now >= 5 && now;
  });
  // Read before the time is: a machine that is slow only makes the bound wider.
  const took = (Date.now() - begun) / 1000;
  assert.ok(count <= 10 * took + 2, `${count} expansions in ${took} s`);
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
  await equals(() => expanded(page), held + 1);
  await page.keyboard.press('Space');
  await ends(page, 'Searching');
  await page.keyboard.press('Escape');
  await ends(page, 'Cancelled');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.waitFor();
  await says(help, /Pause or resume/);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
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
  await says(panel(page), /An optimal plan of cost [\d.]+ is kept, found by A\*, hmax[\s\S]*Breadth-first did not find it[\s\S]*Found by Breadth-first/);
  await until(async () => (await figure(page, /^cost/)) > best);
  await until(async () => (await expanded(page)) > 0);
  // The tree is that of this search, and so is what Runs says of it.
  await page.locator('.tree-canvas').waitFor();
  await until(async () => {
    const [second, first] = await runs(page);
    const isSecond = second[0] === 'Breadth-first' && Number(second[3]) > 0 && Number.parseFloat(second[2]) > best;
    return isSecond && /A\*, hmax/.test(first[0]);
  }, { message: async () => JSON.stringify(await runs(page)) });

  // What is taken up is called what it is.
  await tab(page, 'Plan');
  await panel(page).getByRole('button', { name: 'Show the kept plan' }).click();
  await ends(page, 'Kept plan');
  await says(panel(page), /Kept from A\*, hmax; checked by replay on the document\. Nothing was searched\./);
  await equals(() => figure(page, /^cost/), best);
  await equals(async () => {
    const [kept] = await runs(page);
    return [kept[0], kept[3]];
  }, ['Kept plan (A*, hmax)', '–']);
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
  await equals(() => expanded(page), full);
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
  await says(panel(page), /Found by A\*, FF/);
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
    await ends(page, expected, 120_000);
  }
}, { timeout: 600_000 });

onPage('a text over a mebibyte, and one with deep brackets, are refused with words', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, '['.repeat(100_000));
  await page.locator('#problem .problems li button').first().waitFor();
  await write(page, example('axe-wood-fire').replace('Axe, wood, fire', '<img src=x onerror=alert(1)>'));
  await until(async () => (await page.locator('#problem .problems li').count()) === 0);
  await press(page, 'Run');
  await ends(page, 'Solved');
});
