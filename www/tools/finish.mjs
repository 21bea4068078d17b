// Finishes a release build in Trunk's staging folder: splits the wasm, optimises both halves and drops their
// names, bundles and minifies the scripts, names files by what is in them, and writes the service worker. Leaves a
// development build as it is.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import process from 'node:process';
import { FEATURES, split } from './split.mjs';

const ENGINE = 'engine.wasm';

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile } = process.env;
if (!staging) throw new Error('run by Trunk, as a post_build hook');
if (profile === 'release') await finish();

async function finish() {
  const { build } = await import('esbuild');
  const scripts = readdirSync(staging).filter((name) => name.endsWith('.js'));
  const glue = scripts.find((name) => /^page-[0-9a-f]+\.js$/.test(name));
  const wasm = glue.replace('.js', '_bg.wasm');

  split(join(staging, wasm), join(staging, ENGINE));
  for (const half of [wasm, ENGINE]) optimise(join(staging, half));
  for (const name of [glue, 'start.js', 'theme.js']) {
    const path = join(staging, name);
    await build({
      entryPoints: [path],
      outfile: path,
      allowOverwrite: true,
      bundle: true,
      minify: true,
      format: name === 'theme.js' ? 'iife' : 'esm',
      target: 'es2022',
      legalComments: 'none',
      logLevel: 'warning',
    });
  }
  // They are in the bundle now.
  rmSync(join(staging, 'snippets'), { recursive: true, force: true });

  const names = new Map([
    [glue, 'page.js'], [wasm, 'page.wasm'], [ENGINE, ENGINE], ['start.js', 'start.js'], ['theme.js', 'theme.js'],
    ['main.css', 'main.css'], ['editor.js', 'editor.js'],
  ]);
  let html = readFileSync(join(staging, 'index.html'), 'utf8')
    .replace('id="start"', `id="start" data-engine="./${ENGINE}" data-offline="yes"`);
  for (const [name, plain] of names) {
    const hash = sha('sha256', readFileSync(join(staging, name)), 'hex').slice(0, 16);
    const extension = extname(plain);
    const hashed = `${plain.slice(0, -extension.length)}-${hash}${extension}`;
    renameSync(join(staging, name), join(staging, hashed));
    html = replaceName(html, name, hashed);
  }
  html = html.replace(/^\s*(<!--.*-->)?\n/gm, '');
  writeFileSync(join(staging, 'index.html'), html);
  writeServiceWorker();
}

/** In attributes only, where a name stands whole or behind `./`. */
function replaceName(html, name, hashed) {
  const replaced = html.replaceAll(`"${name}"`, `"${hashed}"`).replaceAll(`"./${name}"`, `"./${hashed}"`);
  if (replaced === html) throw new Error(`index.html does not name ${name}`);
  return replaced;
}

function optimise(path) {
  const tool = join(import.meta.dirname, '..', '..', 'node_modules', 'binaryen', 'bin', 'wasm-opt');
  const { status } = spawnSync(process.execPath, [
    tool, path, '-o', path, '-O1', '--reorder-functions', '--strip-debug', '--strip-producers', ...FEATURES,
  ], { stdio: 'inherit' });
  if (status !== 0) throw new Error('wasm-opt failed');
}

function writeServiceWorker() {
  const files = {};
  for (const entry of readdirSync(staging, { recursive: true, withFileTypes: true })) {
    // Installed copies keep their own PNG icons.
    if (!entry.isFile() || entry.name === 'sw.js' || entry.name.endsWith('.png')) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(staging.length + 1).replaceAll('\\', '/');
    files[name === 'index.html' ? './' : name] = `sha256-${sha('sha256', readFileSync(path), 'base64')}`;
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const worker = readFileSync(join(import.meta.dirname, '..', 'worker.js'), 'utf8');
  const version = sha('sha256', JSON.stringify(sorted) + worker, 'hex').slice(0, 16);
  writeFileSync(
    join(staging, 'sw.js'),
    `const VERSION = "${version}";\nconst FILES = ${JSON.stringify(sorted)};\n${worker}`,
  );
}

function sha(algorithm, bytes, encoding) {
  return createHash(algorithm).update(bytes).digest(encoding);
}
