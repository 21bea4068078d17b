// Starts the page, says so when it cannot start, and keeps it usable offline.
//
// Trunk's own start script is inline, which the page's policy refuses; this one reads the names of the
// files to start from its own element.

const script = document.getElementById('start');
const address = (name) => new URL(script.dataset[name], document.baseURI).href;

function showProblem(error) {
  const boot = document.getElementById('boot');
  if (!boot) return;
  document.getElementById('boot-wait').hidden = true;
  const reason = typeof WebAssembly === 'object'
    ? 'A file of the page did not load or did not start. Reload the page; what you saved in this browser is still there.'
    : 'This browser has no WebAssembly, which Planscope needs.';
  document.getElementById('boot-problem').textContent = `Planscope could not start. ${reason} (${error?.message ?? error})`;
}

// The planner lives in one instance of WebAssembly; after a trap its state is torn. What is said then
// stands outside of it: nothing is written any more, and a reload starts afresh from what was saved.
function showFault(message) {
  if (document.getElementById('fault')) return;
  const bar = document.createElement('div');
  bar.id = 'fault';
  bar.className = 'fault';
  bar.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = `The planner stopped: ${message}. What was shown as saved is kept in this browser.`;
  const again = document.createElement('button');
  again.type = 'button';
  again.className = 'btn line';
  again.textContent = 'Reload the page';
  again.addEventListener('click', () => location.reload());
  bar.append(text, again);
  document.body.append(bar);
  again.focus();
}

window.addEventListener('planscope-fault', (event) => showFault(String(event.detail).split('\n')[0]));
// A stack overflow or a failed allocation traps without a panic.
window.addEventListener('error', (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) showFault(event.error.message);
});
window.addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) showFault(event.reason.message);
});

async function start() {
  const page = await import(address('module'));
  const exported = await page.default({ module_or_path: address('wasm') });
  document.getElementById('boot')?.remove();
  return exported;
}

// A release build has the engine in a module of its own, on the memory and the table of the first. The
// page hears how fetching it went with `planscope-engine` on window, and asks for another try with
// `planscope-engine-wanted`.
const PAUSES = [0, 1_000, 4_000];
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** The next frame is painted; a page that is not seen paints none. */
const painted = () => Promise.race([
  new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); }),
  wait(1_000),
]);

async function fetchEngine(page) {
  const response = await fetch(address('engine'));
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
  const isTyped = response.headers.get('content-type')?.startsWith('application/wasm');
  if (isTyped) await WebAssembly.instantiateStreaming(response, { page });
  else await WebAssembly.instantiate(await response.arrayBuffer(), { page });
}

async function loadEngine(page) {
  if (!script.dataset.engine) return;
  const tell = (problem) => window.dispatchEvent(new CustomEvent('planscope-engine', { detail: problem }));
  let state = 'missing';
  const load = async () => {
    if (state !== 'missing') return;
    state = 'coming';
    let problem;
    for (const pause of PAUSES) {
      await wait(pause);
      try {
        await fetchEngine(page);
        state = 'here';
        tell('');
        return;
      } catch (error) {
        problem = error;
      }
    }
    state = 'missing';
    tell(problem.message || String(problem));
  };
  window.addEventListener('planscope-engine-wanted', load);
  window.addEventListener('online', load);
  await painted();
  await load();
}

// A version waits until the person accepts it: the worker's side is in sw.js. The page hears
// `planscope-update` on window, and answers with `planscope-update-accepted`.
const HOUR = 3_600_000;

async function keepOffline() {
  if (!('serviceWorker' in navigator) || script.dataset.offline !== 'yes') return;
  const worker = navigator.serviceWorker;
  const hadController = Boolean(worker.controller);
  const registration = await worker.register('sw.js', { updateViaCache: 'none' });

  let accepted = false;
  const offer = () => window.dispatchEvent(new CustomEvent('planscope-update'));
  const offerWhenInstalled = (incoming) => {
    const check = () => {
      if (incoming.state === 'installed' && worker.controller) offer();
    };
    incoming.addEventListener('statechange', check);
    check();
  };
  if (registration.waiting) offer();
  if (registration.installing) offerWhenInstalled(registration.installing);
  registration.addEventListener('updatefound', () => {
    if (registration.installing) offerWhenInstalled(registration.installing);
  });
  window.addEventListener('planscope-update-accepted', () => {
    accepted = true;
    if (registration.waiting) registration.waiting.postMessage('take-over');
    else location.reload();
  });
  worker.addEventListener('controllerchange', () => {
    if (accepted) location.reload();
    // Another tab accepted: this one goes on with its own files until it is reloaded.
    else if (hadController) offer();
  });

  let checked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - checked < HOUR) return;
    checked = Date.now();
    registration.update().catch(() => {});
  });
}

start().then(
  (page) => loadEngine(page).then(keepOffline).catch(() => {}),
  (error) => {
    showProblem(error);
    throw error;
  },
);
