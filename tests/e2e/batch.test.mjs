// The batch: tasks by engines, run side by side in the tab.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pageTests, setUp } from './harness.mjs';
import { equals, finds, openExample, press, says, until, view, word } from './planscope.mjs';

const onPage = pageTests(setUp());

const table = (page) => page.locator('.batch-table');
const cell = (page, task, engine) => table(page).locator('tbody tr', { has: page.getByRole('button', { name: task, exact: true }) })
  .locator('td').nth(engine);
const box = (page, name) => page.locator('#problem').getByRole('checkbox', { name: new RegExp(`^${name}`) });

/** Opens the view, with these tasks and engines chosen and no others. */
async function choose(page, tasks, engines) {
  await view(page, 'Batch');
  await page.locator('#problem').getByRole('button', { name: 'All' }).click();
  await page.locator('#problem').getByRole('button', { name: 'None' }).click();
  const engine = page.locator('.picks.pairs input:checked').first();
  while (await engine.count() > 0) await engine.uncheck();
  await finds(page.locator('#problem input:checked'), 0);
  for (const name of [...tasks, ...engines]) await box(page, name).last().check();
}

onPage('each engine plans each task, and the figures are those of the runs', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await choose(page, ['No key to this door', 'Gripper', 'Ferry'], ['A\\*, FF', 'LAMA first']);
  await press(page, 'Run');
  await until(async () => (await word(page)) === 'Done');
  await says(page.locator('.readout:visible'), /6\s*of 6/);
  await says(page.locator('.readout:visible'), /4\s+with a plan/);
  await says(page.locator('.batch-legend'), /Solved\s+4\s+Unsolvable\s+2/);
  await finds(page.locator('.batch-table td.o-unsolvable'), 2);
  await page.getByRole('combobox', { name: 'What the table shows' }).selectOption('Steps of the plan');
  const steps = await cell(page, 'Gripper', 0).innerText();
  await cell(page, 'Gripper', 0).click();
  await says(page.locator('.batch-foot'), /^Gripper, fastest by .* in [\d.]+ ms: cost \d+, /);
  await says(page.locator('#result'), /leads: plans for 2 of 3 tasks/);
  await page.getByRole('tab', { name: 'Pairs' }).click();
  await says(page.locator('#result'), /against/);

  // The table as a file.
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
  const lines = readFileSync(await file.path(), 'utf8').trimEnd().split('\n');
  assert.equal(lines[0], 'task,engine,outcome,seconds,cost,steps,optimal,expanded');
  assert.equal(lines.length, 7);
  const gripper = lines.find((line) => line.startsWith('Gripper,"A*, FF",Solved,'));
  assert.equal(gripper.split(',')[6], steps, gripper);

  // The task that is selected opens, and a search of its own gives the same plan.
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await until(async () => (await page.locator('.bar-doc').innerText()).includes('Gripper'));
  await press(page, 'Run');
  await until(async () => (await word(page)) === 'Solved');
  await says(page.locator('.readout:visible'), new RegExp(`${steps} steps`));
});

onPage('a batch is paused, goes on and is cancelled, and keeps what has been run', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await choose(page, ['Axe, wood, fire', 'Workshop at full stretch'], ['Uniform cost', 'Breadth-first']);
  await page.getByRole('textbox', { name: 'Time limit' }).fill('none');
  await press(page, 'Run');
  await until(async () => (await cell(page, 'Axe, wood, fire', 0).innerText()).trim().match(/^[\d.]+$/));
  await equals(() => word(page), 'Running');
  await press(page, 'Pause');
  await equals(() => word(page), 'Paused');
  await press(page, 'Resume');
  await equals(() => word(page), 'Running');
  await press(page, 'Cancel');
  await equals(() => word(page), 'Cancelled');
  assert.match(await cell(page, 'Axe, wood, fire', 0).innerText(), /[\d.]+/);
  assert.equal((await cell(page, 'Workshop at full stretch', 0).innerText()).trim(), '·');
  // What is chosen changes: the table shows what is going to be run.
  await box(page, 'Workshop').uncheck();
  await equals(() => word(page), 'Not run yet');
  await press(page, 'Run');
  await equals(() => word(page), 'Done');
});

onPage('a limit that does not read keeps the batch from running, and says so', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await choose(page, ['Ferry'], ['Auto']);
  await page.getByRole('textbox', { name: 'Memory limit' }).fill('a lot');
  await says(page.locator('.bar-engine'), /Write a size such as/);
  await until(() => page.locator('.bar-run .run').isDisabled());
  await page.getByRole('textbox', { name: 'Memory limit' }).fill('64');
  await press(page, 'Run');
  await equals(() => word(page), 'Done');
});

onPage('the search that is open stays as it was while a batch runs', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await press(page, 'Run');
  await equals(() => word(page), 'Solved');
  await choose(page, ['Ferry'], ['LAMA first']);
  await press(page, 'Run');
  await equals(() => word(page), 'Done');
  await view(page, 'Search');
  await equals(() => word(page), 'Solved');
  await page.locator('#scope canvas.tree-canvas').waitFor();
});
