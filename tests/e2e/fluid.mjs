// How fluid the page is during a search, measured in the page: what the test asserts loosely and
// bench_page.mjs prints.

import { started, visit } from './harness.mjs';
import {
  LONG, editor, ends, engine, expanded, figure, openExample, panel, pddl, press, tab, until, word, write,
} from './planscope.mjs';

/**
 * Pictures of the tree a second, the search's share of the time, and long tasks, while the page is left alone: nothing
 * is asked of it, as a frame that is asked for costs a slow processor much, even where it draws nothing. The share is
 * that between the first and the last reading of the figure of work.
 */
function watch(seconds) {
  const UNITS = { ms: 1, s: 1_000, min: 60_000 };
  const worked = () => {
    const figures = [...document.querySelectorAll('.readout > div')];
    const figure = figures.find((each) => each.querySelector('.cap')?.textContent === 'work')?.querySelector('b');
    const unit = figure?.querySelector('small')?.textContent;
    return figure ? Number.parseFloat(figure.textContent.replaceAll(',', '')) * UNITS[unit] : null;
  };
  return new Promise((resolve) => {
    const [begun, before] = [performance.now(), globalThis.observed.pictures];
    const readings = [];
    const observer = new MutationObserver(() => {
      const work = worked();
      if (work !== null && work !== readings.at(-1)?.work) readings.push({ at: performance.now(), work });
    });
    observer.observe(document.querySelector('.readout'), { childList: true, characterData: true, subtree: true });
    setTimeout(() => {
      observer.disconnect();
      const lasted = performance.now() - begun;
      const { longTasks, pictures } = globalThis.observed;
      const tasks = longTasks.filter(({ startTime, duration }) => startTime + duration > begun).map(({ duration }) => duration);
      const [first, last] = [readings[0], readings.at(-1)];
      const share = (last.work - first.work) / (last.at - first.at);
      resolve({ fps: (pictures - before) / (lasted / 1000), share, readings: readings.length, tasks });
    }, seconds * 1000);
  });
}

/** Frames a second where every one is asked for, and long tasks: for work that draws nothing by itself. */
function measure(seconds) {
  return new Promise((resolve) => {
    const begun = performance.now();
    let frames = 0;
    const frame = (now) => {
      frames += 1;
      if (now - begun < seconds * 1000) {
        requestAnimationFrame(frame);
        return;
      }
      const lasted = performance.now() - begun;
      const { longTasks } = globalThis.observed;
      const tasks = longTasks.filter(({ startTime, duration }) => startTime + duration > begun).map(({ duration }) => duration);
      resolve({ fps: frames / (lasted / 1000), tasks });
    };
    requestAnimationFrame(frame);
  });
}

/** Presses Cancel and waits for the word and the frame that shows it; milliseconds. */
function cancel() {
  return new Promise((resolve) => {
    const key = [...document.querySelectorAll('.bar-run button')].find((button) => button.innerText.includes('Cancel'));
    const pressed = performance.now();
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.readout')?.textContent.includes('Cancelled')) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - pressed));
    }).observe(document.querySelector('.readout'), { childList: true, characterData: true, subtree: true });
    key.click();
  });
}

const UNITS = { ms: 1, s: 1_000, min: 60_000 };

/** The first duration in a text, in milliseconds. */
function duration(text, pattern) {
  const [, figure, unit] = pattern.exec(text);
  return Number(figure.replaceAll(',', '')) * UNITS[unit];
}

/** The upper end of the bucket of slices that holds this share of them. */
async function percentile(page, share) {
  const buckets = await page.locator('.hist rect title').evaluateAll((titles) => titles.map((title) => title.textContent));
  const rows = buckets.map((text) => {
    const [, end, count] = /([\d.]+) ms(?: and more)?: ([\d,]+)/.exec(text);
    return { end: Number(end), count: Number(count.replaceAll(',', '')) };
  });
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  return rows.find(({ count }) => {
    seen += count;
    return seen >= share * total;
  }).end;
}

/** The longest task of the page's main thread in a trace, in milliseconds of the processor. */
function longestOnProcessor(trace) {
  const { traceEvents } = JSON.parse(trace);
  const place = ({ pid, tid }) => `${pid} ${tid}`;
  const frames = new Set(traceEvents.filter(({ name }) => name === 'FireAnimationFrame').map(place));
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && event.ph === 'X' && frames.has(place(event)));
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1000), 0);
}

/** Moves the wheel and drags over the tree until it is told to stop: a person who looks around. */
async function lookAround(page, isOver) {
  const box = await page.locator('.tree-canvas').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let turn = 0; !isOver(); turn += 1) {
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, turn % 2 ? 240 : -240);
    await page.mouse.down();
    await page.mouse.move(x + (turn % 2 ? 40 : -40), y + 10, { steps: 4 });
    await page.mouse.up();
  }
}

/**
 * Runs the long example for some seconds, and cancels it. With `traced` also what the longest task took of
 * the processor, which other programs on the machine do not lengthen; but tracing itself costs time. `slower`
 * is how many times slower the page's processor pretends to be while it is measured. With `nodes` the measuring
 * begins when so many are recorded; with `moving` the tree is panned and zoomed meanwhile. `share` is the
 * search's share of the time that was measured.
 */
export async function longSearch(stage, options) {
  const { seconds, wanted = {}, example = 'Workshop at full stretch', traced = false, slower = 1, nodes = 1, moving = false } = options;
  const { context, page, assertClean } = await visit(stage);
  try {
    await started(page);
    await openExample(page, example);
    await engine(page, { ...LONG, ...wanted });
    const session = await context.newCDPSession(page);
    const throttle = (rate) => session.send('Emulation.setCPUThrottlingRate', { rate });
    if (traced) await stage.browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    await press(page, 'Run');
    await until(async () => (await figure(page, /^generated/)) >= nodes, { timeout: 60_000, message: `not ${nodes} nodes` });
    await throttle(slower);
    let isOver = false;
    const looking = moving ? lookAround(page, () => isOver) : null;
    const { fps, share, readings, tasks } = await page.evaluate(watch, seconds);
    isOver = true;
    await looking;
    const onProcessor = traced ? longestOnProcessor(await stage.browser.stopTracing()) : null;
    const latency = await page.evaluate(cancel);
    await throttle(1);
    await ends(page, 'Cancelled');
    await tab(page, 'Timings');
    const longest = duration(await panel(page).innerText(), /longest ([\d.,]+) (ms|s|min)/);
    const p99 = await percentile(page, 0.99);
    const count = await expanded(page);
    await assertClean();
    return { fps, latency, share, readings, longest, p99, expanded: count, tasks, worst: Math.max(0, ...tasks), onProcessor };
  } finally {
    await context.close();
  }
}

/** Grounds a large problem for some seconds, and cancels it. */
export async function longGrounding(stage, { seconds }) {
  const { context, page, assertClean } = await visit(stage);
  try {
    await started(page);
    const entry = page.locator('.first li', { has: page.locator('b', { hasText: 'Logistics' }) });
    await entry.locator('input').fill('65');
    await entry.locator('.more button').click();
    await page.locator('.app[data-mode=work]').waitFor();
    await engine(page, { time: '120 s', memory: '3 GiB' });
    await press(page, 'Run');
    await ends(page, 'Grounding');
    const { fps, tasks } = await page.evaluate(measure, seconds);
    const was = await word(page);
    const latency = await page.evaluate(cancel);
    await ends(page, 'Cancelled');
    await assertClean();
    return { fps, tasks, worst: Math.max(0, ...tasks), latency, was };
  } finally {
    await context.close();
  }
}

/** Types into a problem of that many lines, a key a frame or so, and waits until it has been checked. */
export async function longText(stage, { lines, keys = 30 }) {
  const { context, page, assertClean } = await visit(stage);
  try {
    await started(page);
    await openExample(page, 'Gripper');
    const { problem } = pddl('gripper');
    const more = Array.from({ length: lines }, (_, at) => `    ; line ${at} of many`).join('\n');
    await write(page, problem.replace('(:init', `(:init\n${more}\n`), 'Problem');
    await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 4_000); }));
    const field = await editor(page, 'Problem');
    await field.evaluate((element) => {
      const { view } = element.cmTile.root;
      view.dispatch({ selection: { anchor: view.state.doc.line(1_000).to }, scrollIntoView: true });
      view.focus();
    });
    await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 1_000); }));
    const typing = page.evaluate(measure, 6);
    for (let key = 0; key < keys; key += 1) await page.keyboard.type(key % 2 ? ' ' : ';', { delay: 30 });
    const { fps, tasks } = await typing;
    await assertClean();
    return { fps, tasks, worst: Math.max(0, ...tasks) };
  } finally {
    await context.close();
  }
}
