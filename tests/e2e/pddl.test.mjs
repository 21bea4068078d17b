// Problems in PDDL: a domain and a problem in one document, from the gallery or from files, to a plan.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pageTests, setUp, started, visit } from './harness.mjs';
import {
  documents, editor, ends, engine, equals, finds, openExample, panel, pddl, press, reads, runExample, saved, says,
  stored, tab, until, write, written,
} from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

const findings = (page) => page.locator('#problem .problems li button');
const selection = (page) => page.evaluate(() => {
  const { activeElement: active } = document;
  const state = active?.cmTile?.root?.view?.state;
  return { label: active?.getAttribute('aria-label'), text: state?.sliceDoc(state.selection.main.from, state.selection.main.to) };
});
const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const names = async (page) => (await stored(page)).map(({ name }) => name).sort();

async function pick(page, files) {
  const list = await documents(page);
  await list.locator('input[type=file]').setInputFiles(files);
  await list.waitFor({ state: 'hidden' });
}

/** Drops files on the page, on what `selector` finds. */
async function drop(page, selector, files) {
  await page.locator(selector).first().evaluate((target, given) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of given) dataTransfer.items.add(new File([text], name, { type: 'text/plain' }));
    for (const type of ['dragenter', 'dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, files);
}

onPage('an example runs to a plan, and its nodes open', async (page) => {
  await runExample(page, 'Gripper');
  const result = panel(page);
  await says(result, /\d+ steps, cost \d+/);
  await says(page.locator('#problem .pane-head').first(), /PDDL[\s\S]*actions?, \d+ objects/);
  await result.locator('tr.press button').nth(1).click();
  await says(result.locator('tr.detail'), /State after step 2[\s\S]*\(/);

  await tab(page, 'Node');
  const node = panel(page);
  await says(node, /\d+ of \d+ facts changed from the parent/);
  await says(node, /\([^)]+\)\s+(added|deleted)/);
  await node.getByRole('button', { name: /^All / }).click();
  await says(node, /\([^)]+\)\s+holds/);

  await tab(page, 'Timings');
  for (const row of ['Parse', 'Ground', 'prepare', 'Search', 'Replay plan', 'Atoms', 'Operators', 'Variables', 'Mutex groups']) {
    await says(panel(page), new RegExp(row));
  }
  // One goal: there is nothing to choose.
  await finds(page.locator('.bar-engine .cap', { hasText: 'Goal' }), 0);
});

onPage('a node says what guides the search there', async (page) => {
  await runExample(page, 'Gripper', 'Solved', { search: 'LAMA first' });
  await panel(page).locator('tr.press button').nth(1).click();
  await tab(page, 'Node');
  const node = panel(page);
  await says(node, /Node \d+, depth/);
  await says(node, /Queues[\s\S]*By FF: all successors\s+\d+\s+By FF: successors by preferred operators\s+\d+/);
  await says(node, /By landmarks: all successors\s+\d+/);
  await says(node, /Landmarks\s+\d+ of \d+ still to be reached/);
  await says(node, /^[a-z ]+ preferred\t/m);
});

onPage('the plan goes out as a plan file', async (page) => {
  await runExample(page, 'Ferry');
  await panel(page).getByRole('button', { name: 'Export…' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Plan file' }).click()]);
  assert.match(download.suggestedFilename(), /\.plan$/);
  const text = readFileSync(await download.path(), 'utf8');
  assert.match(text, /^\([a-z-]+( [a-z0-9-]+)+\)\n/);
  assert.match(text, /; cost = \d+ \((unit|general) cost\)\n$/);
});

onPage('what is wrong is shown in its text, and its place is gone to from the other', async (page) => {
  const { domain, problem } = pddl('ferry');
  await openExample(page, 'Ferry');
  await editor(page, 'Domain');
  await finds(findings(page), 0);
  const broken = problem.replace('(:goal (and', '(:goal (and (no-such-predicate jura)');
  assert.notEqual(broken, problem);
  await write(page, broken, 'Problem');
  const finding = findings(page).filter({ hasText: 'no-such-predicate' }).first();
  await says(finding, /problem, line \d+/);
  await page.locator('.text[aria-label=Problem] .ps-mark').first().waitFor();
  await finds(page.locator('.text[aria-label=Domain] .ps-mark'), 0);
  await (await editor(page, 'Domain')).click();
  await finding.click();
  await until(async () => /no-such-predicate/.test((await selection(page)).text ?? ''), { message: async () => JSON.stringify(await selection(page)) });
  await until(async () => (await selection(page)).label === 'Problem text');

  await press(page, 'Run');
  await ends(page, 'Not run');
  await panel(page).getByRole('button', { name: /Go to line \d+ of the problem/ }).waitFor();
  await write(page, problem, 'Problem');
  await until(async () => (await findings(page).count()) === 0);
  await write(page, domain.replace(/\(:predicates/, '(:predicate'), 'Domain');
  await until(async () => (await findings(page).filter({ hasText: 'domain, line' }).count()) > 0);
});

onPage('what is not supported is named with its place', async (page) => {
  const { domain } = pddl('gripper');
  await openExample(page, 'Gripper');
  await write(page, domain.replace(/\)\s*$/, `
  (:durative-action rest
    :parameters ()
    :duration (= ?duration 1)
    :condition (and)
    :effect (and)))
`), 'Domain');
  await until(async () => (await findings(page).count()) > 0);
  await press(page, 'Run');
  await ends(page, 'Not supported');
  await says(panel(page), /asks for what is not supported[\s\S]*domain, line \d+/);
});

onPage('F12 goes from a name to its declaration in the other text, and names are completed', async (page) => {
  await openExample(page, 'Ferry');
  const field = await editor(page, 'Problem');
  await field.evaluate((element) => {
    const { view } = element.cmTile.root;
    const at = view.state.doc.toString().indexOf('(', view.state.doc.toString().indexOf('(:init') + 2) + 2;
    view.dispatch({ selection: { anchor: at } });
    view.focus();
  });
  await page.keyboard.press('F12');
  await until(async () => (await selection(page)).label === 'Domain text');
  await until(async () => /^[a-z-]+$/.test((await selection(page)).text), { message: async () => JSON.stringify(await selection(page)) });
  await field.evaluate((element) => {
    const { view } = element.cmTile.root;
    const at = view.state.doc.toString().indexOf('(:init') + '(:init'.length;
    view.dispatch({ selection: { anchor: at } });
    view.focus();
  });
  await page.keyboard.type(' (');
  await page.keyboard.press('Control+Space');
  await page.locator('.cm-tooltip-autocomplete li', { hasText: /\?/ }).first().waitFor();
});

onPage('a document keeps both texts: saved, reloaded, duplicated, deleted and brought back', async (page) => {
  const { problem } = pddl('ferry');
  await openExample(page, 'Ferry');
  await write(page, `; edited\n${problem}`, 'Problem');
  await saved(page);
  await page.reload();
  await started(page);
  await reads(page, /^; edited/, 'Problem');
  await reads(page, pddl('ferry').domain, 'Domain');
  let list = await documents(page);
  await list.getByRole('button', { name: 'Duplicate' }).click();
  await until(async () => (await names(page)).join() === 'Ferry,Ferry (copy)');
  const kept = await stored(page);
  assert.deepEqual(kept.map((one) => one.problem), [`; edited\n${problem}`, `; edited\n${problem}`]);
  await page.keyboard.press('Escape');
  list = await documents(page);
  await list.getByRole('button', { name: 'Delete', exact: true }).first().click();
  await until(async () => (await stored(page)).length === 1);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await until(async () => (await stored(page)).length === 2);
  // Another document has a history of its own.
  await openExample(page, 'Gripper');
  await (await editor(page, 'Problem')).click();
  await page.keyboard.press('ControlOrMeta+z');
  await reads(page, pddl('gripper').problem, 'Problem');
});

onPage('two files come in as one document, by the dialog and by dropping them, and go out as two', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  const { domain, problem } = pddl('gripper');
  await pick(page, [file('p01.pddl', problem), file('domain.pddl', domain)]);
  await until(async () => (await names(page)).join() === 'Axe, wood, fire,gripper, p01');
  await reads(page, domain, 'Domain');
  await reads(page, problem, 'Problem');

  const list = await documents(page);
  const downloads = [];
  page.on('download', (download) => downloads.push(download));
  await list.getByRole('button', { name: 'Export', exact: true }).click();
  await until(() => downloads.length === 2);
  const files = new Map(await Promise.all(downloads.map(async (one) => [one.suggestedFilename(), readFileSync(await one.path(), 'utf8')])));
  assert.deepEqual([...files.keys()].sort(), ['gripper- p01.domain.pddl', 'gripper- p01.problem.pddl']);
  assert.equal(files.get('gripper- p01.problem.pddl'), problem);
  await page.keyboard.press('Escape');

  const other = pddl('ferry');
  await drop(page, '.cm-content', [{ name: 'ferry.problem.pddl', text: other.problem }, { name: 'ferry.domain.pddl', text: other.domain }]);
  await until(async () => (await names(page)).includes('ferry'));
  await reads(page, other.problem, 'Problem');
  await press(page, 'Run');
  await ends(page, 'Solved');
});

onPage('one file takes its half, which can be undone; a wrong pair and wrong files are named', async (page) => {
  const { domain, problem } = pddl('gripper');
  await openExample(page, 'Gripper');
  await saved(page);
  await pick(page, [file('other.pddl', problem.replace('(define', '; another\n(define'))]);
  await page.getByText('“other.pddl” is now the problem of this document.').waitFor();
  await reads(page, /; another/, 'Problem');
  await equals(() => names(page), ['Gripper']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await reads(page, problem, 'Problem');

  await pick(page, [file('d.pddl', domain), file('p.pddl', pddl('ferry').problem)]);
  await page.getByText('“p.pddl” is for the domain “ferry”, and “d.pddl” is the domain “gripper”.').waitFor();
  await pick(page, [
    file('nothing.pddl', '(defin (domain x))'),
    { name: 'latin.pddl', mimeType: 'text/plain', buffer: Buffer.from([0x3b, 0x0a, 0x3b, 0xe9, 0x0a]) },
    { name: 'huge.pddl', mimeType: 'text/plain', buffer: Buffer.alloc(16 * 2 ** 20 + 1, 32) },
  ]);
  await page.getByText('“nothing.pddl” is not opened').waitFor();
  await page.getByText('“latin.pddl” is not UTF-8: it is read as Windows-1252.').waitFor();
  await page.getByText('“huge.pddl” is larger than 16 MiB').waitFor();
});

onPage('the gallery makes problems of any size, and another one each time', async (page) => {
  const entry = page.locator('.first li', { has: page.locator('b', { hasText: 'Gripper' }) });
  await entry.getByLabel('Gripper: balls').fill('3');
  await entry.getByRole('button', { name: /^Generate with/ }).click();
  await page.locator('.app[data-mode=work]').waitFor();
  const first = await written(page, 'Problem');
  await press(page, 'Run');
  await ends(page, 'Solved');
  await page.locator('.bar .gallery').click();
  await entry.getByRole('button', { name: /^Generate with/ }).click();
  await page.locator('.app[data-mode=work]').waitFor();
  await until(async () => (await written(page, 'Problem')) !== first, { message: 'the same problem once more' });
  await saved(page);
  await until(async () => {
    const all = await names(page);
    return all.length === 2 && all.every((name) => /^Gripper, \d+ balls, no\. \d+$/.test(name));
  }, { message: async () => String(await names(page)) });

  await page.locator('.bar .gallery').click();
  await page.locator('.filter button', { hasText: 'PDDL' }).click();
  const visible = page.locator('.first li:visible');
  await finds(visible, (count) => count >= 16);
  await page.locator('.filter button', { hasText: 'GOAP' }).click();
  await page.getByText('Gripper', { exact: true }).waitFor({ state: 'hidden' });
});

onPage('a problem from nothing is sound, and a text of megabytes waits for Run', async (page) => {
  await page.getByRole('button', { name: 'New PDDL problem' }).click();
  await page.locator('.app[data-mode=work]').waitFor();
  await press(page, 'Run');
  await ends(page, 'Solved');
  const text = await written(page, 'Problem');
  const large = text.replace('(at hall)', `(at hall)\n${'    ; one more line of a comment that says nothing at all\n'.repeat(80_000)}`);
  await write(page, large, 'Problem');
  await page.getByText('Over 4 MiB: checked when it is run').waitFor();
  await press(page, 'Run');
  await ends(page, 'Solved');
});

onPage('the memory limit of grounding has words of its own', async (page) => {
  const entry = page.locator('.first li', { has: page.locator('b', { hasText: 'Logistics' }) });
  await entry.getByLabel('Logistics: cities').fill('20');
  await entry.getByRole('button', { name: /^Generate with/ }).click();
  await page.locator('.app[data-mode=work]').waitFor();
  await engine(page, { memory: '1 MiB' });
  await press(page, 'Run');
  await ends(page, 'Memory limit');
  await says(panel(page), /Grounding does not fit into 1 MiB of memory[\s\S]*while grounding/);
});

onPage('window.planscope plans for a domain and a problem', async (page) => {
  const solve = (given) => page.evaluate((texts) => globalThis.planscope.solve(texts, { use_cache: false }), given);
  const result = await solve(pddl('gripper'));
  assert.equal(result.outcome, 'solved');
  assert.ok(result.plan.length > 0 && result.grounding.operators > 0);
  const { domain } = pddl('gripper');
  const broken = await solve({ domain, problem: '(define (problem p) (:domain gripper) (:init (nothing)))' });
  assert.equal(broken.outcome, null);
  assert.ok(broken.diagnostics.some((finding) => finding.file === 'problem'));
});

test('both texts can be written where the editor does not come', { timeout: 120_000 }, async () => {
  const { context, page } = await visit(stage, { path: '404', allow: [/./], context: { serviceWorkers: 'block' } });
  await page.route('**/editor-*.js', (route) => route.abort());
  await page.route('**/editor.js', (route) => route.abort());
  await page.goto(stage.url);
  await started(page);
  await openExample(page, 'Gripper');
  const plain = page.locator('textarea[aria-label="Problem text"]');
  await equals(() => plain.inputValue(), pddl('gripper').problem);
  await plain.fill('(define (problem p) (:domain gripper)');
  await until(async () => (await findings(page).count()) > 0);
  await findings(page).first().click();
  await plain.fill(pddl('gripper').problem);
  await press(page, 'Run');
  await ends(page, 'Solved');
  await context.close();
});

