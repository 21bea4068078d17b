// The editors that are open, by what they hold: a domain and a problem know of each other.

const open = new Map();

/** Makes an editor known; returns how to take it back. */
export function join(role, editor) {
  open.set(role, editor);
  return () => {
    if (open.get(role) === editor) open.delete(role);
  };
}

/** The editor that holds `role`, where there is one. */
export const peer = (role) => open.get(role);
