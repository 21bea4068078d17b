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
  EditorView, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips,
} from '@codemirror/view';

import { completions } from './complete.js';
import { caretInSight } from './caret.js';
import { findings, show } from './findings.js';
import { hidden } from './hidden.js';
import { language } from './language.js';
import { completions as pddlCompletions } from './pddl/complete.js';
import { language as pddl } from './pddl/language.js';
import { links } from './pddl/links.js';
import { join } from './peers.js';
import { teller } from './teller.js';
import { theme } from './theme.js';

/** Marks changes that come from the page, which need not hear of them. */
const fromPage = Annotation.define();

const HELP = 'Tab indents; press Escape and then Tab to leave the editor.';

/** What an editor needs to know of its language. `names` gives what the page knows to be declared. */
function languageOf(role, names) {
  const complete = role === 'goap' ? completions(names) : pddlCompletions(role);
  return [
    autocompletion({ override: [complete], icons: false }),
    role === 'goap' ? language() : [pddl(), links(role)],
  ];
}

/** Files that are dropped are the page's: they become documents. */
const leaveFiles = EditorView.domEventHandlers({ drop: (event) => event.dataTransfer?.files.length > 0 });

/**
 * Makes an editor in `parent`.
 * @param {{text: string, label: string, role: 'goap'|'domain'|'problem', from?: number, to?: number,
 *   focus?: boolean, onChange: (part: string, isFirst: boolean, isLast: boolean) => void, onFix: (index: number) => void, onRun: () => void,
 *   onShow: () => void}} options
 */
export function createEditor(parent, options) {
  let names = [];
  const news = teller(() => view.state.doc, options.onChange);
  const told = (update) => {
    const own = update.transactions.some((transaction) => transaction.annotation(fromPage));
    if (update.docChanged && !own) news.changed();
  };
  const run = () => {
    news.tell();
    options.onRun();
    return true;
  };
  const extensions = [
    EditorState.lineSeparator.of('\n'),
    lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), history(), drawSelection(), dropCursor(),
    indentUnit.of('  '), indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(), search(),
    languageOf(options.role, () => names), findings(options.onFix), theme, leaveFiles, hidden, caretInSight(),
    // Over the whole page: the pane would cut them off at its edge.
    tooltips({ parent: document.body }),
    keymap.of([
      { key: 'Mod-Enter', run, stopPropagation: true },
      ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
    ]),
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': options.label, 'aria-description': HELP, spellcheck: 'false', autocapitalize: 'off' }),
    EditorView.updateListener.of(told),
  ];
  const stateOf = (doc, from = 0, to = 0) => EditorState.create({
    doc, extensions, selection: { anchor: Math.min(from, doc.length), head: Math.min(to, doc.length) },
  });
  const view = new EditorView({ parent, state: stateOf(options.text, options.from, options.to) });
  if (options.focus) view.focus();
  const goto = (from, to) => {
    const length = view.state.doc.length;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    const effects = EditorView.scrollIntoView(selection.anchor, { y: 'center' });
    view.dispatch({ selection, effects, userEvent: 'select' });
    view.focus();
  };
  const leave = join(options.role, { view, goto, reveal: options.onShow });
  return {
    setText(text) {
      news.forget();
      const before = view.state.doc.toString();
      if (text === before) return;
      const changes = changed(before, text);
      // Another text altogether has a history of its own: undoing must not bring back another document.
      const isOther = changes.to - changes.from > before.length / 2;
      if (isOther) view.setState(stateOf(text));
      else view.dispatch({ changes, annotations: fromPage.of(true) });
    },
    setDiagnostics: (list) => show(view, list),
    setNames(list) {
      names = list;
    },
    goto,
    destroy() {
      news.end();
      leave();
      view.destroy();
    },
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
