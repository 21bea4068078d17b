// Bundles the styles into www/generated/main.css and the editor into www/generated/editor.js.
// Trunk runs this before each build; `npm run build:editor` and `npm run build:styles` run one half.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { checkModules } from './halves.mjs';

const root = join(import.meta.dirname, '..', '..');

if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const { build } = await import('esbuild');

const common = { absWorkingDir: root, bundle: true, minify: true, legalComments: 'none', logLevel: 'warning' };
const halves = {
  editor: () => build({
    ...common,
    entryPoints: ['www/editor/index.js'],
    format: 'esm',
    target: 'es2022',
    outfile: 'www/generated/editor.js',
  }),
  styles: () => build({
    ...common,
    stdin: {
      contents: '@import "./boot.css";\n@import "./main.css";',
      resolveDir: join(root, 'www', 'styles'),
      sourcefile: 'www/styles/index.css',
      loader: 'css',
    },
    target: 'esnext',
    outfile: 'www/generated/main.css',
  }),
};

// A build that could not be cut in two need not begin.
checkModules();
const wanted = process.argv.slice(2);
for (const [name, half] of Object.entries(halves)) {
  if (wanted.length === 0 || wanted.includes(name)) await half();
}
