// The page without a network: keeps a copy of one version of it and serves that, the network or not
// (docs/decisions/0013-offline.md). `xtask/node/worker.mjs` puts the files of the built page in.

/** The files of this version by name, each with what vouches for its content. */
const FILES = {};
const VERSION = '';

const PREFIX = 'dsw-composer-';
/** The copy of this version. */
const COPY = PREFIX + VERSION;
/** How the place is set up where the page lies, as it was said last. It belongs to no version. */
const SETUP = `${PREFIX}setup`;
/** Asked of the network first, whatever is known: who says it may say something else the next time. */
const FRESH = ['config.json', 'policy.json'];
/** On an answer of [`FRESH`] that is the one of another time. */
const KEPT = 'X-Kept';
/** A file whose name changes with its content. */
const DIGEST = /[-_.][0-9a-f]{12,}[-_.]/;
const INDEX = 'index.html';

const scope = new URL(self.registration.scope);
const address = (name) => new URL(name, scope).href;

/** Makes the copy. All of it is there and is what was built, or there is none: an error page is never kept. */
async function copy() {
  const kept = await caches.open(COPY);
  try {
    // One after another: nobody waits for it, and somebody may be waiting for something else.
    for (const [name, integrity] of Object.entries(FILES)) {
      // Some places lead away from the file to the folder.
      const url = name === INDEX ? scope.href : address(name);
      const answer = await fetch(url, { integrity, cache: 'no-cache', redirect: 'error' });
      if (!answer.ok) throw new TypeError(`${name}: ${answer.status}`);
      await kept.put(address(name), answer);
    }
  } catch (error) {
    await caches.delete(COPY);
    throw error;
  }
  for (const name of FRESH) {
    try {
      await setUp(new Request(address(name), { cache: 'no-cache' }));
    } catch {
      // What cannot be had now is asked for by the page itself.
    }
  }
}

/** Asks the network how the place is set up, and keeps the answer if it is one. */
async function setUp(request) {
  const answer = await fetch(request);
  const kept = await caches.open(SETUP);
  const url = new URL(request.url);
  const key = url.origin + url.pathname;
  // Without content it says that there is nothing to set up, which is an answer too.
  if (answer.status === 204 || (answer.ok && /^application\/json\b/.test(answer.headers.get('Content-Type')))) {
    try {
      await kept.put(key, answer.clone());
    } catch {
      // There is no room. What was kept before may be wrong by now.
      await kept.delete(key);
    }
  } else if (answer.status === 404) {
    await kept.delete(key);
  }
  return answer;
}

/** How the place is set up; without a network what it said last, marked as that. */
async function fresh(request, name) {
  try {
    return await setUp(request);
  } catch (error) {
    const kept = await (await caches.open(SETUP)).match(address(name));
    if (!kept) throw error;
    const headers = new Headers(kept.headers);
    headers.set(KEPT, '1');
    return new Response(kept.status === 204 ? null : kept.body, { status: kept.status, headers });
  }
}

/** A file of the copy; a file of the version before for a page that is still of that one. */
async function file(request, name) {
  const options = { ignoreVary: true };
  const kept = await (await caches.open(COPY)).match(address(name), options);
  return kept ?? (await caches.match(address(name), options)) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(copy()));

self.addEventListener('activate', (event) => {
  const begin = async () => {
    const copies = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== SETUP && name !== COPY);
    // A tab of the version before may be open still: its files go with the next.
    for (const name of copies.slice(0, -1)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(begin());
});

// The page asks for it when the person wants the new version.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

// Calls of the gateway are none of ours: they are not answered here, and so not kept.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const name = url.pathname.slice(scope.pathname.length);
  if (request.mode === 'navigate') {
    if (name === '' || name === INDEX) event.respondWith(file(request, INDEX));
  } else if (FRESH.includes(name)) {
    event.respondWith(fresh(request, name));
  } else if (Object.hasOwn(FILES, name) || DIGEST.test(name)) {
    event.respondWith(file(request, name));
  }
});
