// Shows notices as they come, on pages of those who are signed in. Pages are whole without it.
// Only a page that is seen holds a connection, since browsers have few for each site; one that
// comes to the front again hears what it missed.
(() => {
  "use strict";
  const place = document.getElementById("notices");
  if (!place || !("EventSource" in window)) {
    return;
  }
  const MOST = 5;
  let after = place.dataset.after;
  let source = null;

  function element(name, className, text) {
    const created = document.createElement(name);
    created.className = className;
    created.textContent = text;
    return created;
  }

  function show(key, ...content) {
    for (const old of [...place.children]) {
      if (old.dataset.key === key || place.children.length >= MOST) {
        old.remove();
      }
    }
    const box = element("div", "notice", "");
    box.dataset.key = key;
    const words = element("p", "notice-words", "");
    words.append(...content);
    const dismiss = element("button", "btn-close", "");
    dismiss.type = "button";
    dismiss.setAttribute("aria-label", "Dismiss");
    dismiss.addEventListener("click", () => box.remove());
    box.append(words, dismiss);
    place.append(box);
  }

  function link(href, text) {
    const anchor = element("a", "notice-link", text);
    anchor.href = href;
    return anchor;
  }

  function notice(data) {
    const told = JSON.parse(data);
    if (/^\/[^/]/.test(told.href)) {
      show(`user-${told.id}`, link(told.href, told.name), " " + told.text);
    }
  }

  function reset() {
    show("reset", "Some news may be missing here. ", link(location.href, "Reload this page"));
  }

  function on(name, act) {
    source.addEventListener(name, (event) => {
      after = event.lastEventId || after;
      try {
        act(event.data);
      } catch (unreadable) {
        // Not one of ours.
      }
    });
  }

  function open() {
    if (document.hidden || (source && source.readyState !== EventSource.CLOSED)) {
      return;
    }
    const address = new URL(place.dataset.source, location.href);
    if (after) {
      address.searchParams.set("after", after);
    }
    source = new EventSource(address);
    on("notice", notice);
    on("reset", reset);
    on("position", () => {});
  }

  function close() {
    if (source) {
      source.close();
      source = null;
    }
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
})();
