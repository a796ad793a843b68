// Keeps the pages of administrators up to date: texts, plots and bars by their names, parts of the page
// whose elements changed by fetching the page anew. The pages are whole without it.
(() => {
  "use strict";
  const page = document.querySelector("[data-live-source]");
  const status = page && page.querySelector("[data-live-status]");
  const pause = page && page.querySelector("[data-live-pause]");
  if (!status || !pause) {
    return;
  }
  const INTERVAL = 2000;
  let timer = 0;
  let paused = false;
  let busy = false;

  const say = (text) => {
    if (status.textContent !== text) {
      status.textContent = text;
    }
  };

  function show(live) {
    for (const element of page.querySelectorAll("[data-live]")) {
      const text = live.texts[element.dataset.live];
      if (text !== undefined && element.textContent !== text) {
        element.textContent = text;
      }
    }
    for (const path of page.querySelectorAll("[data-live-path]")) {
      const shape = live.paths[path.dataset.livePath];
      if (shape !== undefined) {
        path.setAttribute("d", shape);
      }
    }
    for (const bar of page.querySelectorAll("[data-live-value]")) {
      const value = live.values[bar.dataset.liveValue];
      if (value !== undefined) {
        bar.value = value;
      }
    }
  }

  // A part that somebody is in with the keyboard, or has unfolded, waits.
  const isInUse = (part) =>
    part.contains(document.activeElement) || part.querySelector("details[open]") !== null;

  async function renew(live) {
    const old = [...page.querySelectorAll("[data-live-part]")].filter(
      (part) => live.parts[part.dataset.livePart] !== part.dataset.version && !isInUse(part));
    if (old.length === 0) {
      return;
    }
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok || answer.redirected) {
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of old) {
      const other = fresh.getElementById(part.id);
      if (other && !isInUse(part)) {
        part.replaceWith(document.adoptNode(other));
      }
    }
  }

  async function refresh() {
    if (busy) {
      return;
    }
    busy = true;
    try {
      const answer = await fetch(page.dataset.liveSource, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
      });
      if (answer.redirected || !answer.ok) {
        say("You are signed out, or the node says no: reload the page.");
      } else {
        const live = await answer.json();
        show(live);
        await renew(live);
        say("Live, every two seconds.");
      }
    } catch (unreachable) {
      say("The node does not answer; trying again.");
    } finally {
      busy = false;
    }
  }

  function run() {
    clearInterval(timer);
    if (!paused && !document.hidden) {
      refresh();
      timer = setInterval(refresh, INTERVAL);
    }
  }

  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Go on" : "Pause";
    run();
    if (paused) {
      say("Paused.");
    }
  });
  document.addEventListener("visibilitychange", run);
  run();
})();
