// The desk: walking the list of proposals shows each one's evidence beside it. Keys are in app.js.
"use strict";

(() => {
  const list = document.querySelector("[data-desk-list]");
  const wide = matchMedia("(min-width: 64rem)");

  if (list) {
    // Show the evidence of the row one has walked to, a moment after the last step, when there is room for it.
    let timer = 0;
    let held = "";
    list.addEventListener("heed:row", (event) => {
      clearTimeout(timer);
      held = "";
      const link = event.target.querySelector("a[hx-get]");
      if (link && wide.matches) timer = setTimeout(() => link.click(), 160);
    });

    // A key decides about the row one has walked to, never about the evidence that still stands beside it:
    // it is held until that row's evidence is there.
    let going = null;
    const walkedTo = () => list.querySelector("[data-row][data-here]")?.dataset.proposal;
    const shown = () => document.querySelector("#evidence [data-proposal]")?.dataset.proposal;
    let about = "";
    const hold = (key, proposal) => {
      held = key;
      about = proposal;
    };
    document.addEventListener("heed:press", (event) => {
      // What is typed for a field that is not there yet is no key.
      if (["o", "r"].includes(held)) return event.preventDefault();
      // While a word is on its way the next key waits for it, and is about what is shown meanwhile.
      if (going && "eaxsu".includes(event.detail.key)) {
        event.preventDefault();
        hold(event.detail.key, shown());
        return;
      }
      // What several are chosen for is about those.
      if ("eaxsm".includes(event.detail.key) && list.closest("[data-several]")?.querySelector("[data-choose]:checked")) return;
      const row = walkedTo();
      if (!wide.matches || !row || row === shown() || !"eaxsorldwmbv123456789".includes(event.detail.key)) return;
      event.preventDefault();
      hold(event.detail.key, row);
      clearTimeout(timer);
      list.querySelector("[data-row][data-here] a[hx-get]").click();
    });
    document.addEventListener("htmx:afterSettle", () => {
      if (!held || going || walkedTo() !== shown()) return;
      const key = held;
      held = "";
      if (about !== shown()) return;
      document.dispatchEvent(new CustomEvent("heed:key", { detail: { key } }));
    });

    // Nor does a click decide while a word is on its way.
    document.addEventListener("htmx:confirm", (event) => {
      if (going && event.detail.elt.matches("#evidence form:is([data-proposal], [data-more])")) event.preventDefault();
    });

    // Decided in place: the row goes at once, and comes back when the server says no.
    document.addEventListener("htmx:beforeRequest", (event) => {
      const form = event.detail.elt;
      if (!form.matches("#evidence form:is([data-proposal], [data-more])")) return;
      // Who is given it stays with it.
      const act = event.detail.requestConfig?.triggeringEvent?.submitter?.value;
      if (["mine", "nobody", "give"].includes(act)) return;
      going = { row: list.querySelector(`[data-row][data-proposal="${form.dataset.proposal || form.dataset.more}"]`) };
      going.row?.setAttribute("data-going", "");
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      if (!event.detail.requestConfig?.elt.matches("form:is([data-proposal], [data-more])")) return;
      going?.row?.removeAttribute("data-going");
      if (!event.detail.successful) held = "";
      going = null;
    });
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target.id !== "evidence") return;
      mark();
      // Nothing moves, but where the beginning would be above the edge.
      const column = event.detail.target.parentElement;
      if (column.getBoundingClientRect().top < 0) column.scrollIntoView({ block: "start" });
    });
    document.addEventListener("heed:back", mark);
    function mark() {
      const open = shown();
      for (const row of list.querySelectorAll("[data-row]")) {
        row.toggleAttribute("data-here", row.dataset.proposal === open);
        const link = row.querySelector("a[hx-get]");
        if (row.dataset.proposal === open) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      list.querySelector("[data-here]")?.scrollIntoView({ block: "nearest" });
    }

    // What was settled together with it goes as well.
    document.addEventListener("htmx:afterSettle", () => {
      const gone = document.querySelector("#evidence-said [data-gone]");
      for (const id of gone?.dataset.gone.split(" ") || []) document.getElementById(`row-${id}`)?.remove();
      gone?.remove();
    });

    // Rows that went let others move up: the next page begins with those, and an empty list is read anew.
    const home = list.dataset.home;
    const listed = list.querySelectorAll("[data-row]").length;
    const refill = () => {
      const left = list.querySelectorAll("[data-row]").length;
      if (!home || going || left === listed || list.querySelector("[data-going]")) return;
      list.closest(".desk__list").querySelector("a[rel=next]")?.setAttribute("href", home);
      if (!left) location.assign(home);
    };
    document.addEventListener("htmx:afterSettle", refill);
    document.addEventListener("htmx:afterRequest", () => setTimeout(refill, 50));

    // On a narrow screen a proposal is a page of its own: follow the link instead of swapping out of sight.
    list.addEventListener("htmx:confirm", (event) => {
      if (wide.matches) return;
      event.preventDefault();
      location.assign(`${event.detail.elt.href}#evidence`);
    });
  }

  // Among the posts of the evidence j and k go from box to box; Enter in its title leaves it, and decides nothing.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const here = event.target;
      if (event.key === "Enter" && here.matches("#evidence input:is([name=title], [name=also_title])")) {
        event.preventDefault();
        here.blur();
      }
      if (!here.matches("#evidence [data-choose]")) return;
      if (event.key === "Escape") here.blur();
      if (!["j", "k"].includes(event.key)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const boxes = [...here.closest("form").querySelectorAll("[data-choose]")];
      const next = boxes[boxes.indexOf(here) + (event.key === "j" ? 1 : -1)];
      next?.focus({ focusVisible: true });
      next?.closest(".evidence__row")?.scrollIntoView({ block: "nearest" });
    },
    true,
  );

  // "Select all" above a list with boxes, and the number that is chosen.
  function tally(form) {
    const boxes = [...form.querySelectorAll("[data-choose]")];
    const all = form.querySelector("[data-choose-all]");
    const chosen = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = boxes.length > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const number = form.querySelector("[data-chosen]");
    if (number) number.textContent = String(chosen);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choosing]");
    if (!form) return;
    if (event.target.matches("[data-choose-all]"))
      for (const box of form.querySelectorAll("[data-choose]")) box.checked = event.target.checked;
    tally(form);
  });

  // What opens to be written in is written in at once.
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.open) event.target.querySelector("[data-write]")?.select();
    },
    true,
  );

  // Ticks survive paging: what is ticked on other pages of the same list is kept for this tab and sent along.
  for (const form of document.querySelectorAll("[data-keeps]")) {
    const key = `heed.ticks.${form.dataset.keeps}`;
    const kept = new Set(JSON.parse(sessionStorage.getItem(key) || "[]"));
    for (const box of form.querySelectorAll("[data-choose]")) if (kept.has(box.value)) box.checked = true;
    form.addEventListener("change", () => {
      for (const box of form.querySelectorAll("[data-choose]")) box.checked ? kept.add(box.value) : kept.delete(box.value);
      sessionStorage.setItem(key, JSON.stringify([...kept]));
    });
    form.addEventListener("submit", () => {
      const here = new Set([...form.querySelectorAll("[data-choose]")].map((box) => box.value));
      for (const value of kept) {
        if (here.has(value)) continue;
        const field = Object.assign(document.createElement("input"), { type: "hidden", name: "post", value });
        form.append(field);
      }
      sessionStorage.removeItem(key);
    });
    // A dialog about what is ticked hears of the other pages too; sent from there, nothing is ticked any more.
    form.addEventListener("htmx:configRequest", (event) => {
      const here = new Set(event.detail.formData.getAll("post"));
      for (const value of kept) if (!here.has(value)) event.detail.formData.append("post", value);
    });
    document.getElementById("dialog")?.addEventListener("submit", (event) => {
      if (event.target.method === "post") sessionStorage.removeItem(key);
    });
  }

  // A browser that goes back keeps the boxes as they were left, so count them afresh.
  for (const form of document.querySelectorAll("[data-choosing]")) tally(form);
})();
