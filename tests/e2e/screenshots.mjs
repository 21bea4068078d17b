// Photographs the page in every state, at three widths and in both themes, into test-results/screenshots:
// `make screenshots`. The states stand in states.mjs.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { serve } from '../../www/tools/serve.mjs';
import { launchOptions } from './chromium.mjs';
import { DIST, started } from './harness.mjs';
import { STATES } from './states.mjs';

const SIZES = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, { width: 390, height: 844 }];
const folder = join(import.meta.dirname, '..', '..', 'test-results', 'screenshots');
mkdirSync(folder, { recursive: true });

const wanted = process.argv.slice(2);
const server = await serve({ folder: DIST });
const browser = await chromium.launch(launchOptions());
for (const [name, reach] of Object.entries(STATES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport, colorScheme, hasTouch: viewport.width < 720 });
      const page = await context.newPage();
      await page.goto(server.url);
      await started(page);
      await reach(page);
      await page.screenshot({ path: join(folder, `${name}-${viewport.width}-${colorScheme}.png`) });
      await context.close();
    }
  }
  process.stdout.write(`${name}\n`);
}
await browser.close();
await server.stop();
