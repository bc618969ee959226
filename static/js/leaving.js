// Leaving: what My rooms keeps of a person on this device goes when they sign out, and again where
// the next one signs in. Pages of My rooms that stand open in other tabs hear of it by the mark.
const LEFT = "my-rooms-left";

function leave() {
  localStorage.setItem(LEFT, String(Date.now()));
  globalThis.caches?.keys().then((names) => {
    for (const name of names) if (name.startsWith("my-rooms-")) caches.delete(name);
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.matches('[action="/sign-out"]')) leave();
}, true);
if (location.pathname === "/sign-in") leave();
