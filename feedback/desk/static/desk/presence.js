// Two people at the inbox see each other: who looks at which row, and what somebody else decided meanwhile.
"use strict";

(() => {
  const list = document.querySelector("[data-pulse]");
  if (!list) return;
  const EVERY_MS = 15000;
  const open = () => document.querySelector("#evidence [data-proposal]")?.dataset.proposal || "";

  function tell(row, found) {
    const said = row.querySelector("[data-others]");
    const became = found?.hasAttribute("data-became") || false;
    said.replaceChildren(...(found ? found.childNodes : []));
    row.toggleAttribute("data-became", became);
    const box = row.querySelector("[data-choose]");
    if (box && became && box.checked) box.click();
    if (box) box.disabled = became;
  }

  async function beat() {
    if (document.hidden) return;
    const rows = [...list.querySelectorAll("[data-row]")];
    const query = new URLSearchParams(location.search);
    query.set("at", open());
    query.set("since", list.dataset.since);
    for (const row of rows) query.append("row", row.dataset.proposal);
    let answer;
    try {
      answer = await fetch(`${list.dataset.pulse}?${query}`);
    } catch {
      return; /* the next one tells */
    }
    if (answer.status !== 200 || answer.redirected) return;
    const told = document.createElement("template");
    told.innerHTML = await answer.text();
    for (const row of rows) tell(row, told.content.querySelector(`[data-of="${row.dataset.proposal}"]`));
    const count = document.getElementById("waiting-count");
    if (count) count.replaceChildren(...told.content.querySelector("[data-pulse-count]").childNodes);
    const here = list.querySelector(`[data-row][data-became][data-proposal="${open()}"] [data-others]`);
    const note = document.getElementById("evidence-note");
    if (!note) return;
    note.hidden = !here;
    note.textContent = here?.textContent || "";
  }

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(beat, 400);
  };
  setInterval(beat, EVERY_MS);
  document.addEventListener("visibilitychange", soon);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "evidence") soon();
  });
  soon();
})();
