// The page in the hands of people: the keyboard, other windows and settings, wrong values, and words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageTests, setUp, visit } from './harness.mjs';
import {
  LONG, documents, editor, ends, engine, equals, expanded, finds, openExample, panel, picture, press, runExample, says,
  small, tab, until, word, write, written,
} from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

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
  await equals(() => word(page), 'Searching');
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
});

onPage('a plan is copied where the page has no clipboard', async (page) => {
  await page.evaluate(() => Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined }));
  await page.evaluate(() => document.addEventListener('copy', () => { globalThis.copied = document.activeElement.value; }));
  await runExample(page, 'Axe, wood, fire');
  await panel(page).getByRole('button', { name: 'Copy plan' }).click();
  await panel(page).getByRole('button', { name: 'Copied' }).waitFor();
  await until(async () => /^\(go shed\)\n/.test(await page.evaluate(() => globalThis.copied)));
});

onPage('a size that cannot be made is said and not changed in silence', async (page) => {
  const entry = page.locator('.first li', { has: page.locator('b', { hasText: 'Gripper' }) });
  const size = entry.getByLabel('Gripper: balls');
  const make = entry.locator('.more button');
  for (const wrong of ['0', '-5', '100000', '']) {
    await size.fill(wrong);
    await equals(() => size.inputValue(), wrong);
    await equals(() => size.getAttribute('aria-invalid'), 'true');
    await until(() => make.isDisabled());
  }
  await says(entry.locator('.more .sub'), /^\d+ to \d+ balls$/);
  await size.fill('7');
  await says(make, /^Generate with 7/);
  await make.click();
  await page.locator('.app[data-mode=work]').waitFor();
  await says(page.locator('.bar .doc .val'), /Gripper, 7 balls/);
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
  await finds(page.locator('h1:visible'), 1);
}, { context: { viewport: { width: 390, height: 844 }, hasTouch: true } });

for (const [width, height] of [[1440, 400], [844, 390], [720, 450]]) {
  onPage(`everything can be reached at ${width} by ${height}`, async (page) => {
    await runExample(page, 'Axe, wood, fire');
    for (const selector of ['.readout', '.legend', '.tree', '.scrub', '.strips']) {
      const part = page.locator(selector).first();
      await part.evaluate((element) => element.scrollIntoView({ block: 'nearest' }));
      await until(async () => {
        const box = await inWindow(part);
        return box.bottom <= height + 1 && box.bottom > 0;
      }, { message: async () => `${selector} at ${JSON.stringify(await inWindow(part))}` });
    }
    await until(async () => (await page.locator('.tree').boundingBox()).height >= 150);
    await until(async () => (await inWindow(page.locator('.bar-run .run'))).isIn);
  }, { context: { viewport: { width, height } } });
}

onPage('in forced colours the tree is drawn in the colours of the system', async (page) => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await runExample(page, 'Axe, wood, fire');
  const colours = () => picture(page, '.tree-canvas', ({ data }) => {
    let [bright, opaque] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 128) continue;
      opaque += 1;
      if (data[at] + data[at + 1] + data[at + 2] > 384) bright += 1;
    }
    return { bright, opaque };
  });
  // Lines and marks on the ground, and no solid boxes.
  await until(async () => {
    const { bright, opaque } = await colours();
    return bright > 50 && bright < opaque / 4 + 4_000;
  }, { message: async () => JSON.stringify(await colours()) });
});

onPage('a character that turns the text is shown by its number', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await write(page, small('turned').replace('"name": "light"', '"name": "light\u202egnorw"'));
  await (await editor(page)).locator('.ps-hidden', { hasText: 'U+202E' }).waitFor();
  await press(page, 'Run');
  await ends(page, 'Solved');
  await page.locator('#problem .problems li', { hasText: 'U+202E' }).waitFor();
  await until(async () => !(await page.locator('body').innerText()).replaceAll(await written(page), '').includes('\u202e'));
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
  // The tree comes with a later frame than the word; before, the link leads to what is there.
  await page.getByRole('tree').waitFor();
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
  // How long after the key the first finding came: a slow machine only makes it longer.
  await page.evaluate(() => {
    let typed = 0;
    document.addEventListener('keydown', () => { typed = performance.now(); }, { capture: true });
    globalThis.late = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('#problem .problems li')) return;
        observer.disconnect();
        resolve(performance.now() - typed);
      }).observe(document.querySelector('#problem'), { childList: true, subtree: true });
    });
  });
  await page.keyboard.type('"');
  const list = page.locator('.cm-tooltip-autocomplete');
  await list.waitFor();
  await until(async () => (await inWindow(list)).isIn, { message: async () => JSON.stringify(await inWindow(list)) });
  await page.locator('#problem .problems li').first().waitFor();
  const late = await page.evaluate(() => globalThis.late);
  assert.ok(late >= 500, `the finding came ${late} ms after the key`);
  const caret = page.locator('.cm-cursor-primary, .cm-cursor').first();
  await until(async () => {
    const [own, pane] = [await caret.boundingBox(), await page.locator('.cm-scroller').first().boundingBox()];
    return own && own.y >= pane.y && own.y + own.height <= pane.y + pane.height + 1;
  }, { message: 'the caret is out of sight' });
});

onPage('the words are explained where they stand, and in help', async (page) => {
  await page.getByRole('button', { name: /What is planning/ }).click();
  const help = page.getByRole('dialog', { name: 'Help' });
  for (const said of ['GOAP', 'PDDL', 'Heuristic', 'Admissible', 'LM-cut', 'BFWS', 'Slices']) await says(help, new RegExp(said));
  await help.getByRole('button', { name: 'Close' }).click();
  await runExample(page, 'Axe, wood, fire');
  const title = async (locator) => (await locator.getAttribute('title')) ?? '';
  await until(async () => /\w+ \w+ \w+/.test(await title(page.locator('label.cell', { hasText: 'Search' }).first())));
  await until(async () => /applicable actions/.test(await title(page.locator('.readout > div', { hasText: 'expanded' }))));
  await tab(page, 'Timings');
  await finds(panel(page).locator('.cnt [title]'), (count) => count >= 5);
});

test('without scripts nothing says that it starts', async () => {
  const context = await stage.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.locator('#boot-wait').waitFor({ state: 'hidden' });
  await context.close();
});

onPage('on paper the plan stands in dark ink', async (page) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await runExample(page, 'Axe, wood, fire');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await until(() => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme === 'light'));
  await until(() => page.evaluate(() => document.body.scrollHeight >= document.querySelector('#result').scrollHeight));
  await page.locator('.bar-run').waitFor({ state: 'hidden' });
});

/** A task whose last step would cost what is left of the fuel, which is less than nothing by then. */
const PAYING = {
  domain: `(define (domain d) (:requirements :fluents :action-costs) (:constants a b c)
  (:predicates (paid) (at ?x) (next ?x ?y)) (:functions (total-cost) (fuel))
  (:action drive :parameters (?x ?y) :precondition (and (at ?x) (next ?x ?y))
    :effect (and (not (at ?x)) (at ?y) (decrease (fuel) 2)))
  (:action pay :parameters () :precondition (at c) :effect (and (paid) (increase (total-cost) (fuel)))))
`,
  problem: `(define (problem p) (:domain d) (:init (at a) (next a b) (next b c) (= (fuel) 3))
  (:goal (paid)) (:metric minimize (total-cost)))
`,
};

onPage('a step that would cost less than nothing is named, with the way to it and the state there', async (page) => {
  await openExample(page, 'Gripper');
  await engine(page, { search: 'A*', heuristic: 'Blind' });
  await write(page, PAYING.domain, 'Domain');
  await write(page, PAYING.problem, 'Problem');
  await press(page, 'Run');
  await tab(page, 'Plan');
  await says(panel(page), /A step would cost less than nothing\.[\s\S]*\(pay\)[\s\S]*follow 2 steps/);
  await says(panel(page), /The steps before it[\s\S]*\(drive a b\)[\s\S]*\(drive b c\)[\s\S]*The state there[\s\S]*fuel = -1[\s\S]*at c/);
});

onPage('Back leads to what was in view before, and does not leave the page at once', async (page) => {
  const name = () => page.locator('.bar .doc .val').innerText();
  const back = () => page.evaluate(() => history.back());
  await openExample(page, 'Axe, wood, fire');
  await page.locator('.bar .gallery').click();
  await openExample(page, 'Hungry villager');
  await back();
  await page.locator('.app[data-mode=gallery]').waitFor();
  await back();
  await page.locator('.app[data-mode=work]').waitFor();
  await until(async () => (await name()).trim() === 'Axe, wood, fire', { message: name });
  await back();
  await page.locator('.app[data-mode=gallery]').waitFor();
  await page.evaluate(() => history.forward());
  await page.locator('.app[data-mode=work]').waitFor();
  await until(async () => (await name()).trim() === 'Axe, wood, fire', { message: name });
});

onPage('a run that another document ends is named, and so is a press of Run that does nothing', async (page) => {
  const notice = page.locator('.notices .notice');
  await page.locator('#scope').focus();
  await page.keyboard.press('Control+Enter');
  await says(notice.first(), /Not started\. There is no document to run\./);
  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  await press(page, 'Run');
  await ends(page, 'Searching');
  await openExample(page, 'Axe, wood, fire');
  await says(notice.first(), /The run of “Workshop at full stretch” was cancelled: another document was opened\./);
});

onPage('a long list of documents has a filter, and what makes new ones stands above it', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  const list = await documents(page);
  await list.locator('input[type=file]').setInputFiles(Array.from({ length: 12 }, (_, at) => (
    { name: `number ${at}.json`, mimeType: 'application/json', buffer: Buffer.from(small(`number ${at}`)) })));
  await list.waitFor({ state: 'hidden' });
  await documents(page);
  await finds(list.locator('.docs .pick'), 12);
  const top = async (locator) => (await locator.first().boundingBox()).y;
  assert.ok((await top(list.getByRole('button', { name: 'Open files…' }))) < (await top(list.locator('.docs .pick'))));
  await list.getByRole('searchbox').fill('MBER 11');
  await finds(list.locator('.docs .pick'), (count) => count <= 1);
  await list.getByRole('searchbox').fill('nothing of the kind');
  await list.getByText('No document has this in its name.').waitFor();
});

for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
  onPage(`a plan of PDDL shows every column at ${width} pixels`, async (page) => {
    await runExample(page, 'Logistics');
    await tab(page, 'Plan');
    const table = panel(page).locator('table.steps');
    await table.waitFor();
    for (const column of [2, 3, 4]) {
      const cell = table.locator(`tbody tr.press td:nth-child(${column})`).first();
      await until(async () => {
        const [own, around] = [await cell.boundingBox(), await panel(page).boundingBox()];
        return own && own.width > 20 && own.x + own.width <= around.x + around.width + 1;
      }, { message: `column ${column} is cut` });
    }
    await until(() => table.evaluate((element) => [...element.querySelectorAll('td')].every((cell) => cell.scrollWidth <= cell.clientWidth + 1)));
  }, { context: { viewport: { width, height }, hasTouch: width < 720 } });
}

onPage('at 320 pixels nothing of a run is cut', async (page) => {
  await runExample(page, 'Axe, wood, fire');
  await page.locator('.m-tabs button', { hasText: 'Scope' }).click();
  await until(async () => (await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  for (const cell of await page.locator('.readout > div:visible').all()) {
    await until(async () => (await inWindow(cell)).right <= 321, { message: async () => `${await cell.innerText()} is cut` });
  }
}, { context: { viewport: { width: 320, height: 640 }, hasTouch: true } });

/**
 * Whether the label of the selected node is drawn, as it is where the node is in sight and nowhere else: the only box
 * of the accent colour, 20 pixels high. Beside it a number that two pictures share where they are the same.
 */
const selection = (page) => picture(page, '.tree-canvas', ({ data, width, height, colours: { acc: accent } }) => {
  const isAccent = (x, y) => [0, 1, 2, 3].every((channel) => Math.abs(data[(y * width + x) * 4 + channel] - accent[channel]) <= 2);
  const line = (x0, x1, y) => {
    for (let x = x0; x < x1; x += 1) if (!isAccent(x, y)) return false;
    return true;
  };
  let hash = 0;
  for (let at = 0; at < data.length; at += 1) hash = (hash * 31 + data[at]) | 0;
  for (let y = 0; y + 19 < height; y += 1) {
    for (let x = 0, from = 0; x <= width; x += 1) {
      if (x < width && isAccent(x, y)) continue;
      if (x - from >= 30 && line(from, x, y + 19)) return { hash, isDrawn: true };
      from = x + 1;
    }
  }
  return { hash, isDrawn: false };
}, ['acc']);

onPage('zooming keeps the selected node in sight', async (page) => {
  await runExample(page, 'Village economy');
  await page.getByRole('tree').focus();
  // The root stands at the upper edge, and the last node at a side: the middle is where neither is.
  for (const key of ['Home', 'End']) {
    await page.keyboard.press('0');
    await page.keyboard.press(key);
    let seen = await until(async () => {
      const now = await selection(page);
      return now.isDrawn && now;
    }, { message: `after ${key} the selection is not drawn` });
    for (let count = 1; count <= 4; count += 1) {
      const before = seen.hash;
      await page.keyboard.press('+');
      seen = await until(async () => {
        const now = await selection(page);
        return now.hash !== before && now.isDrawn && now;
      }, { message: `after ${key} and ${count} times + the selection is out of sight` });
    }
  }
});
