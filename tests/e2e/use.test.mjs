// The page in the hands of people: the keyboard, other windows and settings, wrong values, and words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import {
  LONG, editor, ends, engine, expanded, openExample, panel, press, runExample, small, tab, until, word, write, written,
} from './planscope.mjs';

const stage = setUp();

function onPage(name, body, { timeout = 90_000, ...options } = {}) {
  test(name, { timeout }, async () => {
    const { context, page, assertClean } = await visit(stage, options);
    try {
      await started(page);
      await body(page, context);
      await assertClean();
    } finally {
      await context.close();
    }
  });
}

/** The part of the page that an element takes, and whether it lies in the window. */
const inWindow = (locator) => locator.evaluate((element) => {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return { top, bottom, left, right, isIn: top >= -1 && left >= -1 && bottom <= innerHeight + 1 && right <= innerWidth + 1 };
});

onPage('Escape in the editor leaves the search alone', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  await (await editor(page)).click();
  await page.keyboard.press('Control+Enter');
  await until(async () => (await expanded(page)) > 10);
  await page.keyboard.press('Escape');
  const before = await expanded(page);
  await until(async () => (await expanded(page)) > before);
  assert.equal(await word(page), 'Searching');
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
});

onPage('a plan is copied where the page has no clipboard', async (page) => {
  await page.evaluate(() => Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }));
  await page.evaluate(() => document.addEventListener('copy', () => { globalThis.copied = document.activeElement.value; }));
  await runExample(page, 'Axe, wood, fire');
  await panel(page).getByRole('button', { name: 'Copy plan' }).click();
  await panel(page).getByRole('button', { name: 'Copied' }).waitFor();
  assert.match(await page.evaluate(() => globalThis.copied), /^\(go shed\)\n/);
});

onPage('a size that cannot be made is said and not changed in silence', async (page) => {
  const entry = page.locator('.first li', { has: page.locator('b', { hasText: 'Gripper' }) });
  const size = entry.getByLabel('Gripper: balls');
  const make = entry.locator('.more button');
  for (const wrong of ['0', '-5', '100000', '']) {
    await size.fill(wrong);
    assert.equal(await size.inputValue(), wrong);
    assert.equal(await size.getAttribute('aria-invalid'), 'true');
    assert.equal(await make.isDisabled(), true);
  }
  assert.match(await entry.locator('.more .sub').innerText(), /^\d+ to \d+ balls$/);
  await size.fill('7');
  assert.match(await make.innerText(), /^Generate with 7/);
  await make.click();
  await page.locator('.app[data-mode=work]').waitFor();
  assert.match(await page.locator('.bar .doc .val').innerText(), /Gripper, 7 balls/);
});

onPage('objects that throw are refused, and every promise settles', async (page) => {
  const names = await page.evaluate(async (goap) => {
    const trap = () => { throw new RangeError('mine'); };
    const { solve, check } = globalThis.planscope;
    const settled = (promise) => promise.then(() => 'answered', (error) => error.name);
    const hostile = [
      solve(new Proxy({}, { ownKeys: trap })),
      solve(new Proxy({ goap }, { get: trap })),
      solve({ get goap() { throw new RangeError('mine'); } }),
      solve({ goap }, new Proxy({}, { ownKeys: trap })),
      solve({ goap }, { get weight() { throw new RangeError('mine'); } }),
      check(new Proxy({}, { ownKeys: trap })),
    ];
    const late = new Promise((resolve) => { setTimeout(resolve, 10_000, 'never'); });
    return Promise.all(hostile.map((promise) => Promise.race([settled(promise), late])));
  }, small());
  assert.deepEqual(names, Array.from({ length: 6 }, () => 'RangeError'));
});

onPage('on a phone the views stay at the foot on a first visit', async (page) => {
  const tabs = page.locator('.m-tabs');
  const before = await inWindow(tabs);
  await tabs.getByRole('button', { name: 'Problem' }).click();
  await page.getByRole('button', { name: 'New PDDL problem' }).waitFor();
  const after = await inWindow(tabs);
  assert.deepEqual([after.top, after.isIn], [before.top, true]);
  assert.equal(await page.locator('h1:visible').count(), 1);
}, { context: { viewport: { width: 390, height: 844 }, hasTouch: true } });

for (const [width, height] of [[1440, 400], [844, 390], [720, 450]]) {
  onPage(`everything can be reached at ${width} by ${height}`, async (page) => {
    await runExample(page, 'Axe, wood, fire');
    for (const selector of ['.readout', '.legend', '.tree', '.scrub', '.strips']) {
      const part = page.locator(selector).first();
      await part.evaluate((element) => element.scrollIntoView({ block: 'nearest' }));
      const box = await inWindow(part);
      assert.ok(box.bottom <= height + 1 && box.bottom > 0, `${selector} at ${JSON.stringify(box)}`);
    }
    assert.ok((await page.locator('.tree').boundingBox()).height >= 150);
    assert.ok((await inWindow(page.locator('.bar-run .run'))).isIn);
  }, { context: { viewport: { width, height } } });
}

onPage('in forced colours the tree is drawn in the colours of the system', async (page) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await runExample(page, 'Axe, wood, fire');
  const colours = await page.locator('.tree-canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let [bright, opaque] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 128) continue;
      opaque += 1;
      if (data[at] + data[at + 1] + data[at + 2] > 384) bright += 1;
    }
    return { bright, opaque };
  });
  // Lines and marks on the ground, and no solid boxes.
  assert.ok(colours.bright > 50 && colours.bright < colours.opaque / 4 + 4_000, JSON.stringify(colours));
});

onPage('a character that turns the text is shown by its number', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('turned').replace('"name": "light"', '"name": "light\u202egnorw"'));
  await (await editor(page)).locator('.ps-hidden', { hasText: 'U+202E' }).waitFor();
  await press(page, 'Run');
  await ends(page, 'Solved');
  await page.locator('#problem .problems li', { hasText: 'U+202E' }).waitFor();
  assert.ok(!(await page.locator('body').innerText()).replaceAll(await written(page), '').includes('\u202e'));
});

onPage('the keyboard gets from the first link to the tree and through it', async (page) => {
  await page.locator('.ex button').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until(() => page.evaluate(() => Boolean(document.activeElement.closest('.ex'))), { message: 'the link does not lead to the examples' });
  await page.keyboard.press('Enter');
  await page.locator('.app[data-mode=work]').waitFor();
  await until(() => page.evaluate(() => document.activeElement.id === 'scope'), { message: 'the focus is lost with the gallery' });
  await page.keyboard.press('Control+Enter');
  await ends(page, 'Solved');
  await page.locator('.skip').focus();
  await page.keyboard.press('Enter');
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('role'));
  await until(async () => (await focused()) === 'tree');
  await page.keyboard.press('End');
  const selected = page.locator('.outline [aria-selected=true]');
  await until(async () => Number(await selected.getAttribute('aria-level').catch(() => 0)) > 1);
  await page.keyboard.press('Home');
  await until(async () => (await selected.getAttribute('aria-level')) === '1');
});

onPage('what is half typed is no error yet, and the list of names is in sight', async (page) => {
  await openExample(page, 'Village economy');
  const field = await editor(page);
  await field.evaluate((element) => {
    const { view } = element.cmTile.root;
    const at = view.state.doc.line(view.state.doc.lines - 3).to;
    view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
    view.focus();
  });
  await page.keyboard.press('Enter');
  await page.keyboard.type('"');
  const list = page.locator('.cm-tooltip-autocomplete');
  await list.waitFor();
  assert.ok((await inWindow(list)).isIn, JSON.stringify(await inWindow(list)));
  assert.equal(await page.locator('#problem .problems li').count(), 0);
  await page.locator('#problem .problems li').first().waitFor();
  const caret = page.locator('.cm-cursor-primary, .cm-cursor').first();
  await until(async () => {
    const [own, pane] = [await caret.boundingBox(), await page.locator('.cm-scroller').first().boundingBox()];
    return own && own.y >= pane.y && own.y + own.height <= pane.y + pane.height + 1;
  }, { message: 'the caret is out of sight' });
});

onPage('the words are explained where they stand, and in help', async (page) => {
  await page.getByRole('button', { name: /What is planning/ }).click();
  const help = page.getByRole('dialog', { name: 'Help' });
  const text = await help.innerText();
  for (const said of ['GOAP', 'PDDL', 'Heuristic', 'Admissible', 'LM-cut', 'BFWS', 'Slices']) assert.ok(text.includes(said), said);
  await help.getByRole('button', { name: 'Close' }).click();
  await runExample(page, 'Axe, wood, fire');
  assert.match(await page.locator('label.cell', { hasText: 'Search' }).first().getAttribute('title'), /\w+ \w+ \w+/);
  assert.match(await page.locator('.readout > div', { hasText: 'expanded' }).getAttribute('title'), /applicable actions/);
  await tab(page, 'Timings');
  assert.ok(await panel(page).locator('.cnt [title]').count() >= 5);
});

test('without scripts nothing says that it starts', async () => {
  const context = await stage.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(stage.url);
  assert.equal(await page.locator('#boot-wait').isVisible(), false);
  await context.close();
});

onPage('on paper the plan stands in dark ink', async (page) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await runExample(page, 'Axe, wood, fire');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const { scheme, height, window: room } = await page.evaluate(() => ({
    scheme: getComputedStyle(document.documentElement).colorScheme,
    height: document.querySelector('#result').scrollHeight,
    window: document.body.scrollHeight,
  }));
  assert.equal(scheme, 'light');
  assert.ok(room >= height);
  assert.equal(await page.locator('.bar-run').isVisible(), false);
});
