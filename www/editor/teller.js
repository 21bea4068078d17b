// Tells the page of edits: a small text with every edit, a large one when typing comes to rest, because
// handing many megabytes over takes longer than a key may wait.

/** Characters up to which a text is told at once. */
const SMALL = 200_000;
/** Milliseconds after the last key. */
const REST = 400;

/** `read` gives the document, `tell` takes its text. */
export function teller(read, tell) {
  let timer = 0;
  let isDue = false;
  const now = () => {
    clearTimeout(timer);
    if (!isDue) return;
    isDue = false;
    tell(read().toString());
  };
  // Whoever saves before the page goes, or runs by a press elsewhere, must have heard of the last edit.
  const events = ['visibilitychange', 'pagehide', 'pointerdown', 'blur', 'keydown'];
  const hear = ({ type, key, ctrlKey, metaKey }) => {
    if (type !== 'keydown' || ((ctrlKey || metaKey) && key === 'Enter')) now();
  };
  for (const event of events) window.addEventListener(event, hear, { capture: true });
  return {
    changed() {
      isDue = true;
      clearTimeout(timer);
      if (read().length <= SMALL) now();
      else timer = setTimeout(now, REST);
    },
    tell: now,
    /** What has not been told belongs to a text that is gone. */
    forget() {
      clearTimeout(timer);
      isDue = false;
    },
    end() {
      this.forget();
      for (const event of events) window.removeEventListener(event, hear, { capture: true });
    },
  };
}
