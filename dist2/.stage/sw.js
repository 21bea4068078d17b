// The service worker of a development build: takes itself away, so that an earlier release build on
// the same address does not stand in front of it. The release build puts worker.js in its place.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.registration.unregister()));
