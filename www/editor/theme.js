// The look of the editor, from the page's tokens.

import { EditorView } from '@codemirror/view';

const rule = (colour) => ({ borderInlineStartColor: `var(${colour})` });
const wave = (colour) => ({ textDecorationColor: `var(${colour})` });

export const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--well)', color: 'var(--ink)', blockSize: '100%', fontSize: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: 'var(--t-2)', lineHeight: '19px', overflow: 'auto' },
  '.cm-content': { padding: 'var(--s3) 0', caretColor: 'var(--ink)', tabSize: '2' },
  '.cm-line': { padding: '0 var(--s4) 0 0' },
  '.cm-cursor, .cm-dropCursor': { borderInlineStartColor: 'var(--ink)', borderInlineStartWidth: '1.5px' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { backgroundColor: 'var(--acc-wash)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--body) 70%, transparent)' },
  '.cm-gutters': { backgroundColor: 'var(--well)', color: 'var(--ink-3)', border: '0', fontSize: 'var(--t-1)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '38px', paddingInline: '0 var(--s4)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--body)', color: 'var(--ink)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--edge)' },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent', color: 'var(--err)' },
  '.cm-searchMatch': { backgroundColor: 'transparent', outline: '1px solid var(--edge)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--acc-wash)', outline: '1px solid var(--acc)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--acc-wash)' },

  '.ps-mark': { textDecoration: 'underline wavy 1px', textUnderlineOffset: '4px', textDecorationSkipInk: 'none' },
  '.ps-mark.ps-error': wave('--err'),
  '.ps-mark.ps-warning': wave('--warn'),
  '.ps-mark.ps-note': wave('--ink-3'),
  // As wide as the pane, however long the text's lines are.
  '.ps-block': { padding: 'var(--s2) var(--s4) var(--s3) 0', cursor: 'default', position: 'sticky', insetInlineStart: '44px', inlineSize: 'calc(100cqi - 56px)', maxInlineSize: '74ch' },
  '.ps-note:is(div)': {
    padding: 'var(--s3) var(--s4)', overflowWrap: 'anywhere', backgroundColor: 'var(--body)',
    borderInlineStart: '2px solid var(--ink-3)', font: 'var(--t-2)/1.5 var(--sans)', whiteSpace: 'normal', textWrap: 'pretty',
  },
  '.ps-note.ps-error:is(div)': rule('--err'),
  '.ps-note.ps-warning:is(div)': rule('--warn'),
  '.ps-note p': { margin: '0' },
  '.ps-note b': { fontWeight: '600' },
  '.ps-note.ps-error b': { color: 'var(--err)' },
  '.ps-note.ps-warning b': { color: 'var(--warn)' },
  '.ps-fixes': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 'var(--s3)', marginBlockStart: 'var(--s2)' },
  '.ps-fix': {
    font: '500 var(--t-2)/1.4 var(--sans)', color: 'var(--ink)', backgroundColor: 'var(--lift)', border: '1px solid var(--edge)',
    borderRadius: 'var(--rad)', minBlockSize: '24px', padding: '2px var(--s3)', cursor: 'pointer', textAlign: 'start',
  },
  '.ps-fix:hover': { borderColor: 'var(--acc)' },
  '.ps-fix:focus-visible': { outline: '2px solid var(--acc)', outlineOffset: '1px' },
  '.ps-code': { color: 'var(--ink-3)', font: 'var(--t-1) var(--mono)' },

  '.ps-hidden': { color: 'var(--warn)', border: '1px solid var(--edge)', borderRadius: 'var(--rad)', fontSize: 'var(--t-1)', marginInline: '1px', paddingInline: '2px', userSelect: 'all' },

  '.ps-link': { textDecoration: 'underline', textUnderlineOffset: '3px', cursor: 'pointer' },
  '.ps-hover': { padding: 'var(--s2) var(--s3)', maxInlineSize: '60ch', font: 'var(--t-2)/1.5 var(--sans)' },
  '.ps-hover code': { display: 'block', overflowWrap: 'anywhere' },
  '.ps-hover span': { color: 'var(--ink-3)', fontSize: 'var(--t-1)' },
  '.ps-hover p': { margin: '0', color: 'var(--ink-2)' },
  '.cm-tooltip': { backgroundColor: 'var(--lift)', border: '1px solid var(--edge)', borderRadius: 'var(--rad)', color: 'var(--ink)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: 'var(--t-2)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px var(--s3)', lineHeight: '20px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--acc-wash)', color: 'var(--ink)', boxShadow: 'inset 2px 0 var(--acc)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal', fontFamily: 'var(--sans)', fontSize: 'var(--t-1)' },
  '.cm-panels': { backgroundColor: 'var(--body)', color: 'var(--ink)' },
  '.cm-panels.cm-panels-bottom': { borderBlockStart: '1px solid var(--hair)' },
  '.cm-panels.cm-panels-top': { borderBlockEnd: '1px solid var(--hair)' },
  '.cm-panel.cm-search': { padding: 'var(--s3) 28px var(--s3) var(--s4)', fontSize: 'var(--t-2)' },
  '.cm-panel.cm-search label': { fontSize: 'var(--t-1)', color: 'var(--ink-2)', display: 'inline-flex', alignItems: 'center', gap: 'var(--s2)' },
  '.cm-panel.cm-search input[type=checkbox]': { accentColor: 'var(--acc)' },
  '.cm-textfield': { backgroundColor: 'var(--lift)', border: '1px solid var(--edge)', borderRadius: 'var(--rad)', color: 'var(--ink)', fontSize: 'var(--t-2)', minBlockSize: '24px' },
  '.cm-button': { background: 'none', border: '1px solid var(--edge)', borderRadius: 'var(--rad)', color: 'var(--ink)', fontSize: 'var(--t-2)', minBlockSize: '24px' },
  '.cm-textfield:focus-visible, .cm-button:focus-visible': { outline: '2px solid var(--acc)', outlineOffset: '1px' },
  '.cm-panel.cm-search [name=close]': { insetInlineEnd: '6px', insetBlockStart: '4px', inlineSize: '24px', blockSize: '24px', color: 'var(--ink-2)', cursor: 'pointer' },
});
