"use strict";
// What the pages do besides without a script: take dropped files, and follow what the audit is doing.

function followAudit() {
  const place = document.getElementById("progress");
  if (!place || place.dataset.busy !== "1") return;
  const step = place.querySelector(".step");
  const ask = async () => {
    let now;
    try {
      now = await (await fetch("/progress")).json();
    } catch {
      return; // the server has ended; the page stays as it is
    }
    if (!now.busy) {
      if (document.querySelector("form[data-typing]")) place.textContent = "";
      else location.reload();
      return;
    }
    if (step.textContent !== now.said) step.textContent = now.said;
    setTimeout(ask, 400);
  };
  setTimeout(ask, 200);
}

function takeDroppedFiles() {
  const drop = document.getElementById("drop");
  if (!drop) return;
  const input = drop.querySelector("input[type=file]");
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

followAudit();
takeDroppedFiles();
