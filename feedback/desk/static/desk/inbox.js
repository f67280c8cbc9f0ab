// The inbox beyond one proposal at a time: choosing several with the keys, and having the next evidence at hand.
"use strict";

(() => {
  const list = document.querySelector("[data-desk-list]");
  if (!list) return;
  const form = list.closest("[data-several]");
  const wide = matchMedia("(min-width: 64rem)");
  const walkedTo = () =>
    list.querySelector("[data-row][data-here]") || list.querySelector('a[aria-current="true"]')?.closest("[data-row]");

  // ---- several: space chooses a row, J and K choose it on the way ------------------------------

  function choose(row) {
    const box = row?.querySelector("[data-choose]");
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  if (form)
    document.addEventListener("heed:press", (event) => {
      const key = event.detail.key;
      if (![" ", "J", "K"].includes(key)) return;
      // Where a button or a box has the focus, space is its own.
      if (key === " " && document.activeElement.matches("button, input, summary")) return;
      event.preventDefault();
      choose(walkedTo());
      if (key !== " ")
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: key.toLowerCase(), bubbles: true }));
    });

  // ---- the evidence of the next rows is fetched while the reader reads this one ----------------

  const FRESH_MS = 120000;
  const AHEAD = 2;
  const KEPT = 6;
  const kept = new Map();
  let timer = 0;
  let decided = 0;
  const evidence = () => document.getElementById("evidence");
  const shown = () => evidence()?.querySelector("[data-proposal]")?.dataset.proposal;
  const isFresh = (found) => found && Date.now() - found.at < FRESH_MS;

  const linksBehind = () => {
    const rows = [...list.querySelectorAll("[data-row]")];
    const at = rows.indexOf(walkedTo());
    return rows.slice(at + 1, at + 1 + AHEAD).map((row) => row.querySelector("a[hx-get]"));
  };

  async function fetchNext() {
    if (!wide.matches || navigator.connection?.saveData) return;
    for (const link of linksBehind()) {
      const address = link.getAttribute("hx-get");
      if (isFresh(kept.get(address))) continue;
      const at = Date.now();
      try {
        const answer = await fetch(address, { headers: { "HX-Request": "true" } });
        if (!answer.ok || answer.redirected) return;
        kept.delete(address);
        kept.set(address, { at, html: await answer.text() });
        if (kept.size > KEPT) kept.delete(kept.keys().next().value);
      } catch {
        return; // it is asked for again when the reader gets there
      }
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(fetchNext, 60);
  };

  function atHand(link) {
    const address = link?.getAttribute("hx-get");
    const found = kept.get(address);
    kept.delete(address);
    return isFresh(found) ? found.html : "";
  }

  function show(link, html) {
    const target = evidence();
    history.pushState({ htmx: true }, "", link.href);
    window.htmx.swap(
      target,
      html,
      { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 },
      { contextElement: link, eventInfo: { target, elt: link } },
    );
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (!link.matches("[data-desk-list] a[hx-get]")) return;
    // What was decided since it was fetched may have changed it.
    const isAfter = kept.get(link.getAttribute("hx-get"))?.at > decided;
    const html = atHand(link);
    if (!html || !isAfter) return;
    event.preventDefault();
    show(link, html);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "evidence") soon();
  });

  // ---- decided: what is at hand is shown at once; what the server says of it comes behind -------

  const DOUBLE_MS = 500;
  let ahead = null;
  let shownAt = -DOUBLE_MS;

  // The second of two fast clicks would decide about what has just come below it.
  document.addEventListener(
    "click",
    (event) => {
      const isSecond = event.detail > 1 && performance.now() - shownAt < DOUBLE_MS;
      if (isSecond && event.target.closest(".desk__acts button")) event.preventDefault();
    },
    true,
  );

  // What was sent and refused while another was read, by its address: with its ticks and title.
  const back = new Map();

  function bringBack(nodes) {
    evidence().replaceChildren(...nodes);
    document.getElementById("evidence-said").replaceChildren();
    document.dispatchEvent(new CustomEvent("heed:back"));
  }

  list.addEventListener("htmx:beforeRequest", (event) => {
    const nodes = back.get(event.detail.elt.getAttribute("hx-get"));
    if (!nodes) return;
    back.delete(event.detail.elt.getAttribute("hx-get"));
    event.preventDefault();
    event.stopPropagation();
    history.pushState({ htmx: true }, "", event.detail.elt.href);
    bringBack(nodes);
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt: form, verb, triggeringEvent } = event.detail;
    const act = triggeringEvent?.submitter?.value || "";
    if (verb !== "post" || !form.matches("#evidence form:is([data-proposal], [data-more])")) return;
    // What was said before is no longer the last word, nor is it what "u" takes back.
    for (const said of document.querySelectorAll("main .messages"))
      if (!said.closest("#evidence-said")) said.closest("[role=status]")?.remove();
    if (!/^(confirm|reject|later)/.test(act) || !wide.matches || walkedTo()?.dataset.proposal !== shown()) return;
    const [link] = linksBehind();
    const html = atHand(link);
    if (!html) return;
    ahead = { form, link, html, from: location.href, next: link.closest("[data-row]").dataset.proposal };
    event.detail.formData.set("stands", ahead.next);
    event.detail.formData.set("stands_near", html.match(/id="near"[^>]* data-mark="([^"]*)"/)?.[1] || "");
    event.detail.formData.set("stands_at", html.match(/name="seen_at" value="([^"]*)"/)?.[1] || "");
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!ahead || ahead.form !== event.detail.elt) return;
    // It stays in the page until its answer is there, and comes back where that is a no.
    ahead.was = Object.assign(document.createElement("div"), { hidden: true, inert: true });
    evidence().after(ahead.was);
    ahead.was.append(...evidence().childNodes);
    ahead.undo = [...document.getElementById("undo-last").childNodes];
    document.getElementById("undo-last").replaceChildren();
    show(ahead.link, ahead.html);
    shownAt = performance.now();
    document.getElementById("evidence-said").replaceChildren(document.getElementById("saving").content.cloneNode(true));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { verb, elt } = event.detail.requestConfig || {};
    if (verb !== "post") return;
    if (ahead?.form === elt) {
      if (!event.detail.successful && ahead.was) {
        document.getElementById("undo-last").replaceChildren(...ahead.undo);
        const nodes = [...ahead.was.childNodes];
        if (shown() === ahead.next) {
          history.replaceState({ htmx: true }, "", ahead.from);
          bringBack(nodes);
        } else back.set(elt.getAttribute("hx-post"), nodes);
      }
      ahead.was?.remove();
      ahead = null;
    }
    decided = Date.now();
    soon();
  });

  // What is near the next comes anew with the word on the last, where it is another now: but not over what the reader has
  // ticked or typed meanwhile, nor over that of a proposal they have walked on to.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const near = event.detail.target;
    if (near.id !== "near") return;
    const isTouched = near.matches(":focus-within, :has(:checked)") || near.querySelector("[name=also_title]")?.value;
    const isAnother = !event.detail.fragment.querySelector(`#near[data-of="${shown()}"]`);
    if (isTouched || isAnother) event.detail.shouldSwap = false;
  });
  // What ticking does is said in the place of the question; who listens hears it.
  document.addEventListener("change", (event) => {
    const near = event.target.closest(".near");
    if (near) near.querySelector("[data-near-said]").textContent = near.querySelector("legend").innerText;
  });

  // The list ends where the screen does, wherever the page is scrolled to: what is done with several stands at its end.
  const column = list.closest(".desk__list");
  const fit = () => {
    const top = wide.matches ? `${Math.max(0, column.getBoundingClientRect().top)}px` : "0px";
    column.style.setProperty("--list-top", top);
  };
  addEventListener("scroll", fit, { passive: true });
  addEventListener("resize", fit, { passive: true });
  fit();

  // A row that is gone is no longer counted among the chosen.
  if (form)
    document.addEventListener("htmx:afterSettle", () => form.dispatchEvent(new Event("change", { bubbles: true })));

  soon();
})();
