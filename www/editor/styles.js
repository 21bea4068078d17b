// Puts CodeMirror's style modules into a constructed style sheet.
//
// CodeMirror would write them into a <style> element, which the page's policy (style-src 'self') refuses;
// it uses constructed sheets itself, but only inside shadow roots.

import { StyleModule } from 'style-mod';

const sheets = new WeakMap();

StyleModule.mount = (root, modules) => {
  const page = root.ownerDocument ?? root;
  let held = sheets.get(page);
  if (!held) {
    held = { sheet: new CSSStyleSheet(), modules: [] };
    sheets.set(page, held);
    page.adoptedStyleSheets = [...page.adoptedStyleSheets, held.sheet];
  }
  const asked = Array.isArray(modules) ? modules : [modules];
  if (asked.every((module) => held.modules.includes(module))) return;
  // A module later in the list takes precedence; those of other views go first.
  held.modules = [...held.modules.filter((module) => !asked.includes(module)), ...asked];
  held.sheet.replaceSync(held.modules.map((module) => module.getRules()).join('\n'));
};
