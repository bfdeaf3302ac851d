// Puts the page as it is now in place of the one that is shown, whenever there is news. Without
// this script the page works as well, reloaded by hand.
"use strict";

const box = document.getElementById("page");
let loading = false;
let again = false;

async function refresh() {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  try {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("page");
    // Whoever is typing or choosing is not disturbed; only the header is renewed then.
    const busy = document.activeElement?.closest(".filter");
    if (fresh && busy) {
      box.querySelector("header").replaceWith(fresh.querySelector("header"));
      box.querySelector("aside").replaceWith(fresh.querySelector("aside"));
    } else if (fresh) {
      keepClosed(fresh);
      box.replaceChildren(...fresh.children);
    }
  } finally {
    loading = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

// What was folded stays folded.
function keepClosed(fresh) {
  const closed = new Set([...box.querySelectorAll("details:not([open]) summary a")].map((a) => a.textContent));
  for (const details of fresh.querySelectorAll("details")) {
    if (closed.has(details.querySelector("summary a")?.textContent)) details.open = false;
  }
}

const news = new EventSource("/events");
let first = true;
news.onmessage = () => {
  if (first) first = false;
  else refresh();
};
news.onerror = () => {
  const status = document.getElementById("status");
  if (status) status.textContent = "carjs dev has ended, or does not answer";
};
