// Diagnostics in the text: a wavy underline for each, and a note under the line of those in focus.

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, WidgetType } from '@codemirror/view';

/** Most diagnostics that are drawn; the list beside the editor has them all. */
const MOST = 500;

const setFindings = StateEffect.define();

const WORDS = { error: 'Error', warning: 'Warning', note: 'Note' };

class Note extends WidgetType {
  constructor(finding, onFix) {
    super();
    this.finding = finding;
    this.onFix = onFix;
  }

  eq(other) {
    const [a, b] = [this.finding, other.finding];
    return a.message === b.message && a.help === b.help && a.fix === b.fix && a.code === b.code && a.index === b.index && a.severity === b.severity;
  }

  toDOM() {
    const { severity, message, help, fix, code } = this.finding;
    // A block's height is measured without its margins: the space around the note is padding.
    const block = make('div', 'ps-block');
    const note = block.appendChild(make('div', `ps-note ps-${severity}`));
    note.setAttribute('role', 'note');
    note.setAttribute('aria-label', WORDS[severity]);
    const text = note.appendChild(make('p', ''));
    const first = text.appendChild(make('b'));
    first.append(...prose(sentence(message)));
    if (help) text.append(' ', ...prose(sentence(help)));
    const row = note.appendChild(make('div', 'ps-fixes'));
    if (fix) {
      const button = row.appendChild(make('button', 'ps-fix', fix));
      button.type = 'button';
      button.addEventListener('click', () => this.onFix(this.finding.index));
    }
    row.append(make('span', 'ps-code', code));
    return block;
  }

  get estimatedHeight() {
    return 72;
  }

  ignoreEvent() {
    return true;
  }
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/** A message with its code set as code: what stands in backticks. */
function prose(text) {
  // Pieces at odd places stood between backticks.
  return text.split('`').map((piece, at) => (at % 2 ? make('code', '', piece) : piece));
}

/** A finding as a sentence: a capital in front where it begins with a plain word, a stop behind. */
function sentence(text) {
  const first = /^[a-z]+(?=[\s,])/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
  return /[.?!:]$/.test(first) ? first : `${first}.`;
}

function underline(finding) {
  const attributes = { title: finding.message.replaceAll('`', '') };
  return Decoration.mark({ class: `ps-mark ps-${finding.severity}`, attributes }).range(finding.from, finding.to);
}

/** Keeps a finding on the text it is about while that is edited. */
function moved(finding, changes) {
  const from = changes.mapPos(finding.from, 1);
  return { ...finding, from, to: Math.max(from, changes.mapPos(finding.to, -1)) };
}

const severest = (a, b) => rank(a) - rank(b) || a.from - b.from;
const rank = ({ severity }) => ['error', 'warning', 'note'].indexOf(severity);

/** Those on the cursor's line; before anyone has been in the text, the first that matters. */
function inFocus(state, findings, visited) {
  const line = state.doc.lineAt(state.selection.main.head);
  const here = findings.filter(({ from }) => from >= line.from && from <= line.to);
  if (here.length || visited) return here.sort(severest).slice(0, 3);
  return findings.filter(({ severity }) => severity !== 'note').sort(severest).slice(0, 1);
}

function drawn(state, value, onFix) {
  const visible = value.findings.filter(({ from, to }) => to > from);
  const marks = Decoration.set(visible.map(underline), true);
  const note = (finding) => {
    const { to } = state.doc.lineAt(finding.from);
    return Decoration.widget({ widget: new Note(finding, onFix), block: true, side: 1 }).range(to);
  };
  const notes = Decoration.set(inFocus(state, value.findings, value.visited).map(note), true);
  return { ...value, marks, notes };
}

/** The extension. `onFix` is told the index of the finding whose fix was asked for. */
export function findings(onFix) {
  return StateField.define({
    create: () => ({ findings: [], visited: false, marks: Decoration.none, notes: Decoration.none }),
    update(value, transaction) {
      let next = value;
      if (transaction.docChanged) {
        next = { ...next, findings: next.findings.map((finding) => moved(finding, transaction.changes)) };
      }
      for (const effect of transaction.effects) {
        if (effect.is(setFindings)) next = { ...next, findings: effect.value };
      }
      if (transaction.isUserEvent('select') || transaction.isUserEvent('input') || transaction.isUserEvent('delete')) {
        next = { ...next, visited: true };
      }
      const changed = next !== value || transaction.selection;
      return changed ? drawn(transaction.state, next, onFix) : value;
    },
    provide: (field) => [
      EditorView.decorations.from(field, (value) => value.marks),
      EditorView.decorations.from(field, (value) => value.notes),
    ],
  });
}

/** Shows these instead of those before. Positions are UTF-16 offsets. */
export function show(view, list) {
  const length = view.state.doc.length;
  const kept = list.slice(0, MOST).map((finding, index) => {
    const from = Math.min(finding.from, length);
    // An empty place is shown on the character behind it, or the one before.
    const to = Math.min(Math.max(finding.to, from + 1), length);
    return { ...finding, index, from: from === to ? Math.max(0, to - 1) : from, to };
  });
  view.dispatch({ effects: setFindings.of(kept) });
}
