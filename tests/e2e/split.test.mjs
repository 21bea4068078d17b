// What cuts the wasm in two fails loudly where names have changed: in silence the first load would grow.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkModules } from '../../www/tools/halves.mjs';
import { divide } from '../../www/tools/split.mjs';

const SRC = join(import.meta.dirname, '..', '..', 'src');
const copy = join(mkdtempSync(join(tmpdir(), 'planscope-split-')), 'src');
after(() => rmSync(join(copy, '..'), { recursive: true }));

test('a module that is renamed or added has to be named for a half', () => {
  checkModules(SRC);
  cpSync(SRC, copy, { recursive: true });
  checkModules(copy);
  renameSync(join(copy, 'search', 'space.rs'), join(copy, 'search', 'nodes.rs'));
  assert.throws(() => checkModules(copy), /names search\/space, which is not there[\s\S]*does not name search\/nodes/);
  renameSync(join(copy, 'search', 'nodes.rs'), join(copy, 'search', 'space.rs'));
  writeFileSync(join(copy, 'service', 'more.rs'), '');
  assert.throws(() => checkModules(copy), /does not name service\/more/);
});

test('a function that is named for the engine has to be in the module', () => {
  const text = [
    '(module',
    ' (type $0 (func))',
    ' (global $__stack_pointer (mut i32) (i32.const 0))',
    ' (table $table 2 2 funcref)',
    ' (elem (table $table) (i32.const 1) func $one)',
    ' (export "one" (func $one))',
    ' (func $one',
    '  (nop)',
    ' )',
    ')',
  ].join('\n');
  assert.throws(() => divide(text), /names functions of the engine that are not in the module:[\s\S]*Drawing>::advance[\s\S]*warm::teach/);
});
