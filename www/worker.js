// The service worker: the page works offline, and a tab never mixes two versions.
//
// All files of a version are fetched before it is installed, each checked against its hash; if one
// fails, the version before stays. A new version waits until the person accepts it. VERSION and FILES
// (address → hash) stand in front of this text in the built sw.js.

const PREFIX = `planscope ${self.registration.scope} `;
const CURRENT = PREFIX + VERSION;

self.addEventListener('install', (event) => event.waitUntil(precache()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOldVersions()));
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request));
});

async function precache() {
  const cache = await caches.open(CURRENT);
  try {
    await Promise.all(Object.entries(FILES).map(async ([address, integrity]) => {
      const response = await fetch(address, { integrity, cache: 'no-cache' });
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      await cache.put(address, response);
    }));
  } catch (error) {
    await caches.delete(CURRENT);
    throw error;
  }
}

// Keeps the version before: a tab that still shows it may yet load its editor.
async function forgetOldVersions() {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CURRENT);
  await Promise.all(ours.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request) {
  const { pathname } = new URL(request.url);
  const scope = new URL(self.registration.scope).pathname;
  if (pathname !== scope && pathname !== `${scope}index.html`) return file(request);
  const cache = await caches.open(CURRENT);
  return (await cache.match('./')) ?? fetch(request);
}

async function file(request) {
  const cache = await caches.open(CURRENT);
  return (await cache.match(request)) ?? (await caches.match(request)) ?? fetch(request);
}
