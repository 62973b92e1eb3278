"use strict";
// Follows a night while it comes in: each part of the page is put in anew when it has changed, unless somebody is in it.

function followNight() {
  const place = document.getElementById("live");
  const said = document.getElementById("live-said");
  if (!place) return;
  let sealed = "";
  const put = (part) => {
    const here = document.getElementById(part.id);
    if (here.innerHTML === part.innerHTML || here.contains(document.activeElement)) return;
    const open = [...here.querySelectorAll("details[open]")].map((each) => each.id);
    const scrolled = [...here.querySelectorAll("[tabindex]")].map((each) => [each.scrollLeft, each.scrollTop]);
    here.replaceChildren(...part.childNodes);
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    [...here.querySelectorAll("[tabindex]")].forEach((each, at) => {
      if (scrolled[at]) [each.scrollLeft, each.scrollTop] = scrolled[at];
    });
  };
  const ask = async () => {
    let part;
    try {
      const answer = await fetch("/now");
      part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".live");
    } catch {
      return; // the server has ended; the page stays as it is
    }
    if (!part) {
      location.reload();
      return;
    }
    for (const section of part.querySelectorAll("section")) put(section);
    const now = part.dataset.said;
    if (sealed !== now) said.textContent = sealed = now; // a few times an hour, not each second
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
}

followNight();
