// The editor's bundle: CodeMirror 6 as the page uses it.
//
// The page loads it after its first paint and finds `createEditor` on `window.planscopeEditor`; until then,
// and if it fails, a plain text area serves. Positions are UTF-16 offsets.

import './styles.js';

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import {
  EditorView, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers,
} from '@codemirror/view';

import { completions } from './complete.js';
import { findings, show } from './findings.js';
import { language } from './language.js';
import { theme } from './theme.js';

/** Marks changes that come from the page, which need not hear of them. */
const fromPage = Annotation.define();

const HELP = 'Tab indents; press Escape and then Tab to leave the editor.';

/**
 * Makes an editor in `parent`.
 * @param {{text: string, label: string, from?: number, to?: number, focus?: boolean,
 *   onChange: (text: string) => void, onFix: (index: number) => void, onRun: () => void}} options
 */
export function createEditor(parent, options) {
  let names = [];
  const told = (update) => {
    const own = update.transactions.some((transaction) => transaction.annotation(fromPage));
    if (update.docChanged && !own) options.onChange(update.state.doc.toString());
  };
  const run = () => {
    options.onRun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      selection: { anchor: Math.min(options.from ?? 0, options.text.length), head: Math.min(options.to ?? 0, options.text.length) },
      extensions: [
        EditorState.lineSeparator.of('\n'),
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), history(), drawSelection(), dropCursor(),
        indentUnit.of('  '), indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(), search(),
        autocompletion({ override: [completions(() => names)], icons: false }),
        language(), findings(options.onFix), theme,
        keymap.of([
          { key: 'Mod-Enter', run, stopPropagation: true },
          ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
        ]),
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': options.label, 'aria-description': HELP, spellcheck: 'false', autocapitalize: 'off' }),
        EditorView.updateListener.of(told),
      ],
    }),
  });
  if (options.focus) view.focus();
  return {
    getText: () => view.state.doc.toString(),
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: changed(view.state.doc.toString(), text), annotations: fromPage.of(true) });
    },
    setDiagnostics: (list) => show(view, list),
    setNames(list) {
      names = list;
    },
    goto(from, to) {
      const length = view.state.doc.length;
      const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
      const effects = EditorView.scrollIntoView(selection.anchor, { y: 'center' });
      view.dispatch({ selection, effects, userEvent: 'select' });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

/** The one change that turns `before` into `after`: what is equal at both ends keeps cursor and history. */
function changed(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

window.planscopeEditor = { createEditor };
