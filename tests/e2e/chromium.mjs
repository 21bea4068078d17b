// How the tests start Chromium: the binary and the flags of webdriver.json, which the wasm tests use too.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';

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

/**
 * A Chromium of its own process and profile that can be killed as the system kills it. `open` starts it
 * anew with the same profile and opens a page.
 */
export async function killable() {
  const { executablePath, args } = launchOptions();
  const profile = mkdtempSync(join(tmpdir(), 'planscope-profile-'));
  let process_ = null;
  let browser = null;
  const kill = async () => {
    if (!process_) return;
    const gone = new Promise((resolve) => { process_.once('exit', resolve); });
    process_.kill('SIGKILL');
    await gone;
    process_ = null;
    await browser?.close().catch(() => {});
  };
  return {
    kill,
    async open(url) {
      process_ = spawn(executablePath, [...args, '--headless=new', `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
      const address = await new Promise((resolve, reject) => {
        let said = '';
        process_.stderr.on('data', (data) => {
          said += data;
          const found = /DevTools listening on (\S+)/.exec(said);
          if (found) resolve(found[1]);
        });
        process_.once('exit', () => reject(new Error(`Chromium ended: ${said}`)));
      });
      browser = await chromium.connectOverCDP(address);
      const [context] = browser.contexts();
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(url);
      return page;
    },
    async end() {
      await kill();
      try {
        rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      } catch (error) {
        // Processes of the killed browser may still write there for a moment; the folder is temporary.
        if (error.code !== 'ENOTEMPTY') throw error;
      }
    },
  };
}
