"use strict";
// What the pages do besides without a script: take files as soon as they are chosen or dropped, and follow what the audit is doing.

function followAudit() {
  const place = document.getElementById("progress");
  if (!place || place.dataset.busy !== "1") return;
  const step = place.querySelector(".step");
  let touched = false; // then the page stays as it is, and says that there is more to see
  for (const name of ["pointerdown", "keydown", "input", "submit", "dragover"]) {
    document.addEventListener(name, () => { touched = true; }, { capture: true, once: true });
  }
  const ask = async () => {
    let now;
    try {
      now = await (await fetch("/progress")).json();
    } catch {
      return; // the server has ended; the page stays as it is
    }
    if (!now.busy) {
      if (!touched && !document.querySelector("form[data-typing]")) {
        location.reload();
        return;
      }
      place.dataset.busy = "0";
      place.querySelector(".working").remove();
      place.querySelector(".before")?.remove();
      step.textContent = place.dataset.done;
      return;
    }
    if (step.textContent !== now.said) step.textContent = now.said;
    setTimeout(ask, 400);
  };
  setTimeout(ask, 200);
}

function takeFiles() {
  const drop = document.getElementById("drop");
  if (!drop) return;
  const input = drop.querySelector("input[type=file]"), how = document.getElementById("given-how");
  drop.querySelector("button").hidden = true; // it is for those without a script
  how.hidden = false;
  input.addEventListener("change", () => { if (input.files.length) drop.requestSubmit(); });
  drop.addEventListener("submit", () => { how.textContent = how.dataset.taking; });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    drop.requestSubmit();
  });
}

function checkSums() {
  const form = document.getElementById("entry");
  if (!form) return;
  const said = document.getElementById("sums");
  const count = (field) => {
    const text = field ? field.value.replace(/[\s\u00a0\u202f]/g, "") : "";
    return /^\d+$/.test(text) ? Number(text) : null;
  };
  const named = (name) => count(form.elements[name]);
  const shown = (number) => number.toLocaleString(document.documentElement.lang);
  const put = (text, sum, other) => text.replace("[sum]", shown(sum)).replace("[other]", shown(other));
  const check = () => {
    const wrong = [];
    let compared = 0;
    const found = named("votes_found"), valid = named("valid"), signed = named("signatures");
    const parts = [named("blank"), named("null"), valid];
    if (found !== null && parts.every((each) => each !== null)) {
      compared++;
      const sum = parts.reduce((one, other) => one + other, 0);
      if (sum !== found) wrong.push(put(form.dataset.parts, sum, found));
    }
    const votes = [...form.elements].filter((field) => /^votes-\d+$/.test(field.name))
      .filter((field) => field.value || form.elements[field.name.replace("votes", "choice")].value).map(count);
    if (valid !== null && votes.length && votes.every((each) => each !== null)) {
      compared++;
      const sum = votes.reduce((one, other) => one + other, 0);
      if (sum !== valid) wrong.push(put(form.dataset.votes, sum, valid));
    }
    if (found !== null && signed !== null) {
      compared++;
      if (found !== signed) wrong.push(put(form.dataset.gap, found, signed));
    }
    const unread = [...form.elements].filter((field) => field.inputMode === "numeric")
      .filter((field) => field.value.trim() && count(field) === null);
    const good = compared && !unread.length;
    const text = wrong.length ? wrong.join(" ") : good ? form.dataset.good : "";
    if (said.textContent !== text) said.textContent = text;
    said.className = "sums " + (wrong.length ? "off" : good ? "good" : "");
  };
  form.addEventListener("keydown", (event) => { // Enter goes on to the next field, as on paper
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || ["checkbox", "radio"].includes(event.target.type)) return;
    event.preventDefault();
    const fields = [...form.elements].filter((field) => field.offsetParent && !field.closest("details:not([open])") && field.tabIndex >= 0 && !field.readOnly && field.tagName !== "FIELDSET");
    fields[fields.indexOf(event.target) + 1]?.focus();
  });
  let waiting = 0; // while somebody types, half a number is not yet one that is wrong
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(check, 400); });
  form.addEventListener("change", check);
  check();
}

function keepDraft() { // what is typed is kept while it is typed, finished or not
  const form = document.getElementById("entry");
  if (!form) return;
  const said = document.getElementById("kept");
  let waiting = 0, typed = false;
  const keep = async () => {
    clearTimeout(waiting);
    if (!typed) return;
    typed = false;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("auto", "1");
    try {
      const { refused } = await (await fetch("/draft", { method: "POST", body: fields, keepalive: true })).json();
      said.textContent = refused || said.dataset.kept;
    } catch { /* the server has ended, or the page is being left */ }
  };
  const later = () => { typed = true; clearTimeout(waiting); waiting = setTimeout(keep, 1000); };
  if ([...form.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue)) later(); // typed before this ran
  form.addEventListener("input", later);
  form.addEventListener("submit", () => { typed = false; clearTimeout(waiting); });
  for (const name of ["beforeunload", "pagehide"]) addEventListener(name, keep); // the first comes before the next page is asked for
}

followAudit();
keepDraft();
checkSums();
takeFiles();
