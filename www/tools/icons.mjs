// Draws the PNG icons from icons/icon.svg in Chromium: `node www/tools/icons.mjs`. The results are kept
// in the repository; run it after a change of the mark.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { launchOptions } from '../../tests/e2e/chromium.mjs';

const folder = join(import.meta.dirname, '..', 'icons');
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
const icons = [
  { file: 'icon-180.png', size: 180, mark: 0.8, ground: '#f3f3f0', scheme: 'light' },
  { file: 'icon-192.png', size: 192, mark: 1, ground: 'transparent', scheme: 'dark' },
  { file: 'icon-512.png', size: 512, mark: 1, ground: 'transparent', scheme: 'dark' },
  { file: 'icon-maskable-512.png', size: 512, mark: 0.66, ground: '#14181b', scheme: 'dark' },
];

const browser = await chromium.launch(launchOptions());
for (const { file, size, mark, ground, scheme } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size }, colorScheme: scheme });
  await page.setContent(`<style>body{margin:0;height:100vh;background:${ground};display:grid;place-content:center}
    svg{width:${size * mark}px;height:${size * mark}px}</style>${svg}`);
  await page.screenshot({ path: join(folder, file), omitBackground: true });
  await page.close();
}
await browser.close();
