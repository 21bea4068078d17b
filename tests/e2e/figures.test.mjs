// One truth per figure: legend, strips, readout, Timings and Node say the same of the search that is drawn, for
// every engine and wherever the scrubber stands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageTests, setUp } from './harness.mjs';
import { LONG, ends, engine, expanded, figure, openExample, panel, picture, press, says, tab, until } from './planscope.mjs';

const stage = setUp();
const onPage = pageTests(stage);

/** What the page says at one moment; of Timings the column of the search that is drawn. */
function look() {
  const number = (text) => Number(text.replaceAll(/[^0-9.]/g, ''));
  const words = (root, selector) => [...document.querySelectorAll(`${root} ${selector}`)];
  const legend = {};
  for (const chip of words('.legend', 'button.chip')) {
    legend[chip.querySelector('.lab').textContent] = number(/, ([\d,]+):/.exec(chip.title)[1]);
  }
  const [bestH, open] = words('.strips', '.s-val > span').map((value) => number(value.firstChild.textContent));
  const readout = {};
  for (const cell of document.querySelectorAll('.readout > div:not(.out)')) {
    readout[cell.querySelector('.cap').textContent] = number(cell.querySelector('b').firstChild.textContent);
  }
  const timings = {};
  for (const row of words('#p-timings', '.counters tbody tr')) {
    timings[row.children[0].textContent] = number(row.children[1].textContent);
  }
  for (const row of words('#p-timings', '.cnt > div')) timings[row.querySelector('dt').textContent] = number(row.querySelector('dd').textContent);
  return { legend, strips: { bestH, open }, readout, timings };
}

/** Waits until all places agree, and says where they do not. */
async function agrees(page, of) {
  let seen;
  const differences = () => {
    const { legend, strips, readout, timings } = seen;
    const open = timings['Open at the end'] ?? timings['Open now'] ?? timings.Open;
    const pairs = [
      ['open: legend and strip', legend.Open, strips.open],
      ['open: legend and Timings', legend.Open, open],
      ['expanded: legend and Timings', legend.Expanded, timings.Expanded],
      ['reopened: legend and Timings', legend.Reopened, timings.Reopened],
      ['dead ends: legend and Timings', legend['Dead end'], timings['Dead ends']],
      ['best h: strip and Timings', strips.bestH, timings['Best h']],
    ];
    const own = readout.expanded ?? readout['expanded by then'] ?? (readout['expanded in all'] && legend.Expanded);
    if (own !== undefined) pairs.push(['expanded: readout and legend', own, legend.Expanded]);
    return pairs.filter(([, one, other]) => one !== other).map((pair) => pair.join(' '));
  };
  await until(async () => {
    seen = await page.evaluate(look);
    return differences().length === 0;
  }, { message: () => `${of}: ${differences().join('; ')}`, timeout: 20_000 });
  return seen;
}

/** Puts the scrubber on a share of the run. */
async function scrub(page, share) {
  const track = page.getByRole('slider', { name: 'Expansion' });
  const most = await page.evaluate(() => Number(/of ([\d,]+)/.exec(document.querySelector('.track input').getAttribute('aria-valuetext'))[1].replaceAll(',', '')));
  const to = Math.max(1, Math.floor(most * share));
  await track.fill(String(to));
  await track.dispatchEvent('input');
  if (to < most) await page.locator('.readout .cap', { hasText: /^expanded by then$/ }).waitFor();
  return to;
}

const ENGINES = [
  ['A*', 'FF'], ['Weighted A*', 'FF'], ['Greedy', 'FF'], ['Lazy greedy', 'FF'], ['Hill-climbing', 'FF'],
  ['Breadth-first'], ['Uniform cost'], ['LAMA first'], ['BFWS'], ['Lazy FF'], ['Softmin LAMA'],
];

for (const example of ['Sokoban', 'Village economy']) {
  onPage(`every place says the same of the search in ${example}`, async (page) => {
    await openExample(page, example);
    await engine(page, { time: '3 s' });
    await tab(page, 'Timings');
    for (const [search, heuristic] of ENGINES) {
      await engine(page, heuristic ? { search, heuristic } : { search });
      await press(page, 'Run');
      await tab(page, 'Timings');
      await page.locator('.legend').waitFor();
      await says(page.locator('.readout .out b'), /^\s*(Solved|Time limit|Memory limit|Unsolvable|Exhausted)\s*$/);
      await agrees(page, `${search}, at the end`);
      for (const share of [0.02, 0.4, 0.9]) {
        const at = await scrub(page, share);
        await until(async () => (await agrees(page, `${search}, at ${share}`)).legend.Expanded === at, {
          message: `${search}: the legend stands at another expansion than ${at}`,
        });
      }
    }
  }, { timeout: 600_000 });
}

onPage('while it is stepped, the closest state is the same in words, list and strip', async (page) => {
  await openExample(page, 'Village economy');
  await tab(page, 'Plan');
  for (let count = 1; count <= 5; count += 1) {
    await press(page, 'Step');
    await page.locator(`.chip[title^="Expanded, ${count}:"]`).waitFor();
  }
  await until(async () => {
    const words = await panel(page).innerText();
    const said = Number(/closest state so far is ([\d.]+) from the goal/.exec(words)?.[1]);
    const rows = await panel(page).locator('tbody tr td:nth-child(3)').allInnerTexts();
    const { strips, readout } = await page.evaluate(look);
    const best = Object.entries(readout).find(([caption]) => caption.startsWith('best h'))?.[1];
    return said === strips.bestH && said === best && (rows.length === 0 || Number(rows.at(-1)) === said);
  }, { message: 'best h and the closest state have several values' });
});

onPage('of an anytime engine the page says which search is drawn', async (page) => {
  await openExample(page, 'Village economy');
  await engine(page, { search: 'LAMA', time: '4 s' });
  await press(page, 'Run');
  await page.locator('.scope-note', { hasText: /^Drawn here: (search \d+ of \d+, )?lazy/ }).waitFor();
  await says(page.locator('.readout .out b'), /^\s*(Solved|Time limit)\s*$/);
  await tab(page, 'Timings');
  await agrees(page, 'LAMA');
  await page.locator('#p-timings th', { hasText: 'All searches' }).waitFor();
  await tab(page, 'Plan');
  const costs = (await panel(page).locator('table:not(.steps)').first().locator('tbody tr td:first-child').allInnerTexts()).map(Number);
  const text = await panel(page).innerText();
  if (costs.length > 1 && /Plans found/.test(text)) {
    assert.match(text, /the latest first, each cheaper than the one below it/);
    assert.deepEqual(costs, [...costs].sort((one, other) => one - other));
  }
});

onPage('a press on a node opens it, and the panel follows the scrubber', async (page) => {
  await openExample(page, 'Axe, wood, fire');
  await press(page, 'Run');
  await ends(page, 'Solved');
  const canvas = page.locator('.tree-canvas');
  const box = await canvas.boundingBox();
  const label = page.locator('#t-node[aria-selected=true]');
  // The root stands at the top, in the middle of a fitted tree.
  await until(async () => {
    for (const dx of [-40, -20, 0, 20, 40]) {
      await canvas.click({ position: { x: box.width / 2 + dx, y: 24 } });
      if (await label.count()) return true;
    }
    return false;
  }, { message: 'no press opened a node' });
  await panel(page).getByText(/^Node \d+, depth \d+;/).waitFor();
  // The last node of the plan is not there at the start of the search.
  await tab(page, 'Plan');
  await panel(page).locator('tr.press button').last().click();
  await tab(page, 'Node');
  await scrub(page, 0.05);
  await panel(page).getByText(/not generated yet at expansion \d+/).waitFor();
});

onPage('the legend has words and every mark at any width, and keeps its height', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  const legend = page.locator('.legend');
  const height = async () => (await legend.boundingBox()).height;
  for (const [width, most] of [[1440, 900], [1366, 768], [1200, 800], [1024, 768], [800, 700], [720, 700], [390, 844]]) {
    await page.setViewportSize({ width, height: most });
    if (width < 720) await page.locator('.m-tabs button', { hasText: 'Scope' }).click();
    await press(page, 'Step');
    await ends(page, 'Paused');
    await page.locator('.chip[title^="Expanded, 1:"]').waitFor();
    const before = await height();
    for (const name of ['Expanded', 'Open', 'Reopened', 'Dead end', 'Duplicate', 'Goal', 'Folded', 'Best so far']) {
      const word = legend.locator('.lab', { hasText: new RegExp(`^${name}$`) });
      const [own, around] = [await word.boundingBox(), await legend.boundingBox()];
      assert.ok(own && own.width > 12, `${name} has no word at ${width}`);
      assert.ok(own.x + own.width <= around.x + around.width + 1, `${name} is cut at ${width}`);
    }
    await press(page, 'Resume');
    await until(async () => (await expanded(page)) > 5_000, { timeout: 60_000 });
    assert.equal(await height(), before, `the legend grew at ${width} while searching`);
    await press(page, 'Cancel');
    await ends(page, 'Cancelled');
    assert.equal(await height(), before, `the legend grew at ${width}`);
  }
});

/**
 * Of each strip, in how many columns of each eighth of the axis something is drawn, and where the cursor stands. A
 * slice counts where it stands on the foot of its strip; grounds, hairlines and the cursor do not count.
 */
const strips = (page) => picture(page, '.strips canvas', ({ data, width, height, colours: { grid: ground } }) => {
  const colour = (x, y) => data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4);
  const isDrawn = (x, y) => colour(x, y)[3] > 100 && colour(x, y).some((value, channel) => Math.abs(value - ground[channel]) > 8);
  const [axis, rows, parts] = [20, 4, 8];
  const row = (height - axis) / rows;
  // The cursor is the one line that crosses all strips and the gaps between them.
  const crosses = (x) => Array.from({ length: Math.floor(height - axis) }, (_, y) => y).every((y) => isDrawn(x, y));
  const cursor = Array.from({ length: width }, (_, x) => x).find(crosses);
  const drawn = Array.from({ length: rows }, (_, strip) => {
    const [top, bottom] = [Math.ceil(strip * row) + 2, Math.floor((strip + 1) * row) - 3];
    const columns = Array.from({ length: parts }, () => 0);
    for (let x = 0; x < width; x += 1) {
      let y = strip === 3 ? bottom - 1 : top;
      while (y < bottom && !isDrawn(x, y)) y += 1;
      if (y < bottom && x !== cursor) columns[Math.floor(x / width * parts)] += 1;
    }
    return columns;
  });
  return { drawn, cursor: cursor === undefined ? null : cursor / width };
}, ['grid']);

onPage('the strips under the tree are painted for a search of hundreds of thousands of nodes', async (page) => {
  await openExample(page, 'Workshop at full stretch');
  await engine(page, LONG);
  await press(page, 'Run');
  await until(async () => (await figure(page, /^generated/)) > 300_000, { timeout: 90_000, message: 'the search is too slow' });
  await press(page, 'Cancel');
  await ends(page, 'Cancelled');
  let seen;
  await until(async () => {
    seen = await strips(page);
    return seen.drawn.every((columns) => columns.every((count) => count > 0));
  }, { message: () => `a part of a strip is blank: ${JSON.stringify(seen)}` });
  await scrub(page, 0.25);
  await until(async () => {
    seen = await strips(page);
    return seen.cursor !== null && Math.abs(seen.cursor - 0.25) < 0.02;
  }, { message: () => `the cursor does not stand at a quarter of the run: ${JSON.stringify(seen)}` });
});
