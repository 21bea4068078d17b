// axe-core finds nothing, in any state, in both themes, on a wide page and on a phone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setUp, started, visit } from './harness.mjs';
import { JOURNEYS, settle } from './states.mjs';

const stage = setUp();
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, a line each. With `rules` only those. */
const findings = (page, rules) => page.evaluate(async (only) => {
  const options = { resultTypes: ['violations'], ...(only && { runOnly: { type: 'rule', values: only } }) };
  const { violations } = await globalThis.axe.run(document, options);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}, rules);

for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
  for (const journey of JOURNEYS) {
    test(`axe finds nothing at ${viewport.width} pixels: ${Object.keys(journey).join(', ')}`, { timeout: 90_000 }, async () => {
      const { context, page, assertClean } = await visit(stage, { context: { viewport, hasTouch: viewport.width < 720, reducedMotion: 'reduce' } });
      try {
        await started(page);
        await page.evaluate(source);
        const found = [];
        for (const [name, reach] of Object.entries(journey)) {
          await page.emulateMedia({ colorScheme: 'light' });
          await reach(page);
          await settle(page);
          found.push(...(await findings(page)).map((line) => `${name}, light: ${line}`));
          // Colours are all that differs in the dark.
          await page.emulateMedia({ colorScheme: 'dark' });
          await settle(page);
          found.push(...(await findings(page, ['color-contrast'])).map((line) => `${name}, dark: ${line}`));
        }
        assert.deepEqual(found, []);
        await assertClean();
      } finally {
        await context.close();
      }
    });
  }
}
