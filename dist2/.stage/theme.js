// Sets the chosen theme before the first paint, so that nothing flashes. Without a choice the
// system's preference holds. Written by the page under the same key.
// Without this there is no script, and nothing that will start.
document.documentElement.dataset.scripts = 'on';
try {
  const theme = localStorage.getItem('planscope.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's preference holds.
}
