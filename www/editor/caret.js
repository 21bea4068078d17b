// Keeps the caret in sight where the editor loses height while one types: findings that open below it.

import { EditorView } from '@codemirror/view';

/** The extension. A caret that was scrolled out of sight before stays there. */
export function caretInSight() {
  let height = 0;
  return EditorView.updateListener.of(({ view, geometryChanged }) => {
    if (!geometryChanged) return;
    const before = height;
    height = view.scrollDOM.clientHeight;
    if (height >= before || !view.hasFocus) return;
    view.requestMeasure({
      key: 'caret',
      read: () => {
        const caret = view.coordsAtPos(view.state.selection.main.head);
        const { top, bottom } = view.scrollDOM.getBoundingClientRect();
        return Boolean(caret) && caret.bottom > bottom && caret.top < top + before;
      },
      // A change of the state has to wait until measuring is over.
      write: (isLost) => {
        if (isLost) setTimeout(() => view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) }));
      },
    });
  });
}
