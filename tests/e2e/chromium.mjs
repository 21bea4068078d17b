// How the tests start Chromium: the binary and the flags of webdriver.json, which the wasm tests use too.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const driver = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'webdriver.json'), 'utf8'));
const { binary, args } = driver['goog:chromeOptions'];

/** Playwright's launch options. CHROMIUM names another binary. */
export function launchOptions(more = {}) {
  const executablePath = process.env.CHROMIUM ?? binary;
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: set CHROMIUM to yours`);
  const { args: moreArgs = [], ...rest } = more;
  return {
    executablePath,
    args: [...args.filter((arg) => !arg.startsWith('--headless')), '--enable-precise-memory-info', ...moreArgs],
    ...rest,
  };
}
