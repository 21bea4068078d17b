// The page as a person uses it, at any width: what the tests press, write and read.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'www', 'examples');

/** The text of an example, by the name of its file. */
export const example = (file) => readFileSync(join(EXAMPLES, `${file}.goap.json`), 'utf8');

/** The texts of an example in PDDL, by the name of its files. */
export const pddl = (file) => ({
  domain: readFileSync(join(EXAMPLES, 'pddl', `${file}.domain.pddl`), 'utf8'),
  problem: readFileSync(join(EXAMPLES, 'pddl', `${file}.problem.pddl`), 'utf8'),
});

/** A problem of one action, with a mark that tests recognise it by. */
export const small = (mark = 'small', more = '') => `{
  // ${mark}
  "format": "planscope-goap/1",
  "name": "Small",
  "state": { "lamp": false },
  "actions": [{ "name": "switch_on", "effects": { "lamp": true } }],
  "goals": [{ "name": "light", "conditions": { "lamp": true } }]${more}
}
`;

/** Waits until `read` gives something true, and returns it. */
export async function until(read, { message = 'it did not come to pass', timeout = 30_000, every = 50 } = {}) {
  for (const end = Date.now() + timeout; ;) {
    const found = await read();
    if (found) return found;
    assert.ok(Date.now() < end, typeof message === 'function' ? await message() : message);
    await sleep(every);
  }
}

/** Waits until the text of what a locator finds matches, and returns it: what follows from an act comes with a later frame. */
export async function says(locator, pattern, timeout) {
  let text = '';
  await until(async () => {
    text = await locator.innerText();
    return pattern.test(text);
  }, { timeout, message: () => `${pattern} is not in “${text}”` });
  return text;
}

/** Waits until a locator finds so many, or as many as `expected` says are right. */
export async function finds(locator, expected) {
  const isRight = typeof expected === 'function' ? expected : (count) => count === expected;
  await until(async () => isRight(await locator.count()), { message: async () => `${locator} finds ${await locator.count()}` });
}

/** Waits until `read` gives what equals `expected`. */
export async function equals(read, expected, timeout) {
  let last;
  await until(async () => {
    last = await read();
    return isDeepStrictEqual(last, expected);
  }, { timeout, message: () => `expected ${JSON.stringify(expected)}, found ${JSON.stringify(last)}` });
}

/** The first of several locators that is in view; pages of different widths have different keys. */
async function inView(...locators) {
  return until(async () => {
    for (const locator of locators) if (await locator.first().isVisible()) return locator.first();
    return null;
  }, { message: `none of ${locators.join(', ')} is in view` });
}

// ── documents ──

/** Opens an example of the gallery. */
export async function openExample(page, name) {
  await page.locator('.app:not([data-mode=loading])').waitFor();
  const entry = page.locator('.first li button', { has: page.locator('b', { hasText: name }) });
  if (!(await entry.isVisible())) {
    await (await inView(page.locator('.bar .gallery'), page.locator('.m-tabs button', { hasText: 'Gallery' }))).click();
  }
  await entry.click();
  await page.locator('.app[data-mode=work]').waitFor();
}

const rich = (page) => page.locator('.cm-content');

/** The editor, or of the two of PDDL that of the `Domain` or the `Problem`. */
export async function editor(page, part = null) {
  const field = page.locator(part ? `.cm-content[aria-label="${part} text"]` : '.cm-content').first();
  if (!(await field.isVisible())) {
    const other = page.locator('.text-switch button', { hasText: part ?? /./ });
    const found = await inView(field, other, page.locator('.switch button', { hasText: 'Problem' }), page.locator('.m-tabs button', { hasText: 'Problem' }));
    await found.click();
    if (part && !(await field.isVisible())) await (await inView(field, other)).click();
  }
  await field.waitFor();
  return field;
}

/** Replaces the text in the editor. */
export async function write(page, text, part = null) {
  await selectAll(page, part);
  await paste(page, text, part);
}

/** Selects the whole text of the editor. */
export async function selectAll(page, part = null) {
  const field = await editor(page, part);
  await field.click();
  await page.keyboard.press('ControlOrMeta+a');
}

/** Puts a text in place of what is selected in the editor, at once. */
export async function paste(page, text, part = null) {
  const field = await editor(page, part);
  if (await rich(page).count() === 0) {
    await field.fill(text);
    return;
  }
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** The text in the editor. */
export async function written(page, part = null) {
  const field = await editor(page, part);
  return field.evaluate((element) => element.cmTile?.root?.view?.state.doc.toString() ?? element.value ?? element.innerText);
}

/** Waits until the text in the editor is `expected`, or matches it: the editor follows the page. */
export async function reads(page, expected, part = null) {
  const isThere = (text) => (expected instanceof RegExp ? expected.test(text) : text === expected);
  await until(async () => isThere(await written(page, part)), {
    message: async () => `the editor has ${JSON.stringify((await written(page, part)).slice(0, 200))}`,
  });
}

/** What the page says of saving. */
export const saying = (page) => page.locator('.saved').innerText();

/** Waits until the page says that all is saved. */
export async function saved(page, timeout = 30_000) {
  await until(async () => /^Saved/.test(await saying(page)), {
    timeout, message: async () => `the page says “${await saying(page)}”`,
  });
}

/** Opens the panel of documents. */
export async function documents(page) {
  const panel = page.locator('#documents');
  if (!(await panel.isVisible())) await page.locator('.bar .doc').click();
  await panel.waitFor();
  const size = page.viewportSize();
  await until(async () => {
    const box = await panel.boundingBox();
    return box && box.y + box.height <= size.height && box.x + box.width <= size.width;
  }, { message: async () => `the panel is out of view: ${JSON.stringify(await panel.boundingBox())}` });
  return panel;
}

/** The documents in the database, as they are stored. */
export function stored(page) {
  return page.evaluate(async () => {
    const open = indexedDB.open('planscope');
    const database = await new Promise((resolve, reject) => {
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => reject(open.error);
    });
    const all = database.transaction('documents').objectStore('documents').getAll();
    const records = await new Promise((resolve, reject) => {
      all.onsuccess = () => resolve(all.result);
      all.onerror = () => reject(all.error);
    });
    database.close();
    return records.map((bytes) => {
      const words = new DataView(bytes.buffer, bytes.byteOffset);
      const text = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
      if (words.getUint16(4, true) === 1) return JSON.parse(text(20));
      // Two texts stand behind the JSON, the first one behind its length.
      const json = 24 + words.getUint32(20, true);
      const domain = json + 4 + words.getUint32(json, true);
      return { ...JSON.parse(text(24, json)), text: text(json + 4, domain), problem: text(domain) };
    });
  });
}

// ── engine and keys ──

const engineKeys = ['search', 'heuristic', 'goal', 'speed', 'time', 'memory', 'weight'];
const captions = { search: 'Search', heuristic: 'Heuristic', goal: 'Goal', speed: 'Speed', time: 'Time limit', memory: 'Memory limit', weight: 'Weight' };

/** Sets the engine: choices by the words on the page, limits as they are written. */
export async function engine(page, wanted) {
  const isPhone = await page.locator('.m-engine').isVisible();
  if (isPhone) await page.locator('.m-engine').click();
  const place = isPhone ? page.locator('dialog .engine-form') : page.locator('.bar-engine');
  // A heuristic can be chosen only where the search reads one, which the default does not.
  const chosen = 'heuristic' in wanted && !('search' in wanted) ? { search: 'A*', ...wanted } : wanted;
  for (const key of engineKeys.filter((name) => name in chosen)) {
    const cell = place.locator('label.cell', { has: page.locator('.cap', { hasText: captions[key] }) });
    if (['time', 'memory', 'weight'].includes(key)) {
      await cell.locator('input').fill(chosen[key]);
      await cell.locator('input').blur();
    } else {
      await cell.locator('select').selectOption({ label: chosen[key] });
    }
  }
  if (isPhone) await page.locator('dialog[open] .pane-head button').click();
}

/** The engine with which the long example goes on for as long as it may. */
export const LONG = { search: 'A*', heuristic: 'Blind', time: '60 s', memory: '2 GiB' };

const key = (page, word) => inView(
  page.locator('.bar-run button', { hasText: word }),
  page.locator('.m-run button.key', { hasText: word }),
  page.locator(`.m-run button[aria-label=${word}]`),
);

/** Presses Run, Pause, Resume, Step or Cancel. */
export async function press(page, word) {
  await (await key(page, word)).click();
}

/** Whether a key can be pressed. */
export const canPress = async (page, word) => (await key(page, word)).isEnabled();

// ── what a run shows ──

/** The word of the readout: Solved, Searching, Time limit and so on. */
export const word = async (page) => (await page.locator('.readout:not(.own[hidden] .readout) .out b').innerText()).trim();

/** Waits for a word in the readout: it comes with the next frame, or later where the machine is busy. */
export async function ends(page, expected, timeout = 60_000) {
  await until(async () => (await word(page)) === expected, {
    timeout, message: async () => `expected “${expected}”, the page says “${await word(page)}”`,
  });
}

/** A figure of the readout, by the words of its caption. */
export async function figure(page, caption) {
  const text = await page.locator('.readout > div', { has: page.locator('.cap', { hasText: caption }) }).locator('b').innerText();
  return Number(text.replaceAll(/[^0-9.]/g, ''));
}

/** States expanded, as the readout has it. */
export const expanded = (page) => figure(page, /^expanded/);

/** Brings a view of the middle column up: Search, Batch and so on. */
export async function view(page, name) {
  const own = page.locator('.modes').getByRole('tab', { name });
  const middle = page.locator('.m-tabs button').nth(1);
  const found = await inView(own, middle);
  await found.click();
  if (await own.getAttribute('aria-selected') !== 'true') await own.click();
}

/** Brings a tab of the result into view. */
export async function tab(page, name) {
  const own = page.locator(`#t-${name.toLowerCase()}`);
  const column = page.locator('.switch button', { hasText: name });
  const result = page.locator('.m-tabs button', { hasText: 'Result' });
  const found = await inView(own, column, result);
  await found.click();
  if (await own.isVisible()) await own.click();
  await page.locator(`#p-${name.toLowerCase()}`).waitFor();
}

/** The panel of the result that is in view. */
export const panel = (page) => page.locator('#result [role=tabpanel]:not([hidden])');

/**
 * What `read` makes of the picture on a canvas: a function for the page, which is given the picture's `data`, `width`
 * and `height` and the colours of style tokens by name, each as four bytes. It reads a copy: of a canvas that is read
 * more than once Chromium warns.
 */
export async function picture(page, selector, read, tokens = []) {
  const given = await page.locator(selector).evaluateHandle((canvas, names) => {
    const paint = (width, height) => new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    const copy = paint(canvas.width, canvas.height);
    copy.drawImage(canvas, 0, 0);
    const dot = paint(1, 1);
    const probe = document.createElement('i');
    document.body.append(probe);
    const colours = {};
    for (const name of names) {
      probe.style.color = `var(--${name})`;
      dot.fillStyle = getComputedStyle(probe).color;
      dot.fillRect(0, 0, 1, 1);
      colours[name] = dot.getImageData(0, 0, 1, 1).data;
    }
    probe.remove();
    const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return { data, width, height, colours };
  }, tokens);
  try {
    return await given.evaluate(read);
  } finally {
    await given.dispose();
  }
}

/** Opens an example and runs it to the word it should end with. */
export async function runExample(page, name, expected = 'Solved', wanted = {}) {
  await openExample(page, name);
  await engine(page, wanted);
  await press(page, 'Run');
  await ends(page, expected);
}
