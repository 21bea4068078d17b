// Tells the page of edits: a small text with every edit; a large one when typing comes to rest, and in
// parts, because handing many megabytes over takes longer than a key may wait.

/** Characters up to which a text is told at once. */
const SMALL = 200_000;
/** Characters of a part. */
const PART = 1_000_000;
/** Milliseconds after the last key. */
const REST = 400;

/** `read` gives the document; `tell` takes a part of its text, whether it is the first, and the last. */
export function teller(read, tell) {
  let timer = 0;
  let isDue = false;
  const stop = () => {
    clearTimeout(timer);
    isDue = false;
  };
  const now = () => {
    if (!isDue) return;
    stop();
    tell(read().toString(), true, true);
  };
  /** Hands the parts of a document over, a task each; an edit on the way begins anew. */
  const slowly = (doc, from) => {
    const to = Math.min(from + PART, doc.length);
    tell(doc.sliceString(from, to), from === 0, to === doc.length);
    if (to === doc.length) isDue = false;
    else timer = setTimeout(slowly, 0, doc, to);
  };
  // Whoever saves before the page goes, or runs by a press elsewhere, must have heard of the last edit.
  const events = ['visibilitychange', 'pagehide', 'beforeunload', 'pointerdown', 'blur', 'keydown'];
  const hear = ({ type, key, ctrlKey, metaKey }) => {
    if (type !== 'keydown' || ((ctrlKey || metaKey) && key === 'Enter')) now();
  };
  for (const event of events) window.addEventListener(event, hear, { capture: true });
  return {
    changed() {
      stop();
      isDue = true;
      if (read().length <= SMALL) now();
      else timer = setTimeout(() => slowly(read(), 0), REST);
    },
    tell: now,
    /** What has not been told belongs to a text that is gone. */
    forget: stop,
    end() {
      stop();
      for (const event of events) window.removeEventListener(event, hear, { capture: true });
    },
  };
}
