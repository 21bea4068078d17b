// Photographs the page in every state, at three widths and in both themes, into test-results/screenshots,
// and the README's picture: `make screenshots`. The states stand in states.mjs; names of some as arguments
// photograph only those.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { serve } from '../../www/tools/serve.mjs';
import { launchOptions } from './chromium.mjs';
import { DIST, started } from './harness.mjs';
import { panel, runExample } from './planscope.mjs';
import { JOURNEYS, settle } from './states.mjs';

const SIZES = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }];
const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'test-results', 'screenshots');
mkdirSync(folder, { recursive: true });

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
const server = await serve({ folder: DIST });
const browser = await chromium.launch(launchOptions());

/** A page of a first visit. */
async function firstVisit(options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(server.url);
  await started(page);
  return page;
}

for (const viewport of SIZES) {
  for (const journey of JOURNEYS.filter((states) => Object.keys(states).some(isWanted))) {
    const page = await firstVisit({ viewport, hasTouch: viewport.width < 720 });
    for (const [name, reach] of Object.entries(journey)) {
      await reach(page);
      for (const colorScheme of isWanted(name) ? ['light', 'dark'] : []) {
        await page.emulateMedia({ colorScheme });
        await settle(page);
        await page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}.png`) });
      }
    }
    await page.context().close();
  }
  process.stdout.write(`${viewport.width} pixels\n`);
}

if (isWanted('readme')) {
  const page = await firstVisit({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  await runExample(page, 'Village economy');
  await panel(page).locator('tr.press button').nth(3).click();
  await settle(page);
  const picture = await page.screenshot({ path: join(root, 'www', 'screenshot.png') });
  if (picture.length > 300_000) throw new Error(`the README's picture has ${picture.length} bytes; at most 300,000`);
  await page.context().close();
}
await browser.close();
await server.stop();
process.stdout.write(`pictures in ${folder}\n`);
