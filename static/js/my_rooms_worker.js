// The worker of My rooms: the page as it last was, and what it is drawn with, without a network.
// Only this page is kept, it names no guest, and it goes when its owner signs out (leaving.js) or
// the house doesn't let them in any more.
const KEPT = "my-rooms-1";
const PAGE = "/my-rooms";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const others = async () => {
    for (const name of await caches.keys()) if (name.startsWith("my-rooms-") && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(others());
});

async function page(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    const isElsewhere = answer.redirected || answer.type === "opaqueredirect";
    if (isElsewhere || answer.status === 401 || answer.status === 403) await kept.delete(PAGE);
    else if (answer.ok) await kept.put(PAGE, answer.clone());
    return answer;
  } catch (problem) {
    const before = await kept.match(PAGE);
    if (before) return before;
    throw problem;
  }
}

async function drawing(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (problem) {
    const before = await kept.match(request, { ignoreSearch: true });
    if (before) return before;
    throw problem;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname === PAGE) event.respondWith(page(request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(drawing(request));
});
