// Writing a post: words outlive a reload, a closed tab and a lost network, and kind and board are proposed from them.
// What no server has seen yet is kept in this browser; a member's draft is saved on the server as they write.
"use strict";

(() => {
  const STORE = "heed-drafts";
  const KEPT_MS = 30 * 24 * 3600 * 1000;
  const SAVE_MS = 1200;
  const PROPOSE_MS = 900;
  const FORMS_OWN = new Set(["csrfmiddlewaretoken", "draft", "seen", "preview", "files", "attached", "attaching", "take_away",
    "guest_email", "altcha", "cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"]);

  let form = null;
  let saving = 0;
  let isSaving = false;
  let proposing = 0;
  let asked = 0;
  // What the details begin with on the chosen board.
  let template = "";
  let waiting = {};

  // ---- what this browser keeps: {key: {owner, words, chosen, at}} ------------------------------------------------

  function kept() {
    try {
      const all = JSON.parse(localStorage.getItem(STORE)) || {};
      return Object.fromEntries(Object.entries(all).filter(([, one]) => Date.now() - one.at < KEPT_MS));
    } catch {
      return {};
    }
  }

  function keep(all) {
    try {
      localStorage.setItem(STORE, JSON.stringify(all));
      return true;
    } catch {
      return false;
    }
  }

  const key = () => form.elements.draft.value;
  const words = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !FORMS_OWN.has(name) && !name.startsWith("alt-")));
  const isTemplate = (body) => body?.trim() === template.trim();
  const isSomething = (said) => Boolean(said.title?.trim() || (said.body?.trim() && !isTemplate(said.body)));
  const chosen = () => new Set((form.dataset.chosen ?? "").split(" "));

  function keepHere() {
    const all = kept();
    if (isSomething(words()))
      all[key()] = { owner: form.dataset.owner, words: words(), chosen: form.dataset.chosen ?? "", at: Date.now() };
    else delete all[key()];
    return keep(all);
  }

  function dropHere(name) {
    const all = kept();
    delete all[name];
    keep(all);
  }

  function say(state) {
    const line = form.querySelector("[data-state]");
    line.textContent = line.dataset[state] ?? "";
    line.classList.toggle("compose__state--lost", ["lost", "nowhere", "out"].includes(state));
  }

  const sayLost = () => say(keepHere() ? "lost" : "nowhere");

  // ---- on the server -----------------------------------------------------------------------------------------------

  async function ask(address) {
    const headers = { "HX-Request": "true" }; // what is refused comes as a sentence
    const keepalive = document.visibilityState === "hidden";
    return fetch(address, { method: "POST", body: new FormData(form), headers, keepalive });
  }

  async function save() {
    clearTimeout(saving);
    saving = 0;
    if (!form.dataset.save) return;
    // One at a time: each says what the one before it left on the server.
    if (isSaving) return written();
    isSaving = true;
    await saveNow(form);
    isSaving = false;
  }

  async function saveNow(here) {
    const sent = JSON.stringify(words());
    try {
      const answer = await ask(here.dataset.save);
      if (here !== form || here.dataset.done !== undefined) return;
      if (answer.redirected || answer.headers.has("HX-Redirect")) return say("out");
      if (!answer.ok) return sayLost();
      const { key: now, seen, sent: post } = await answer.json();
      if (post) return location.assign(post);
      if (now !== key()) dropHere(key());
      here.elements.draft.value = now;
      here.elements.seen.value = seen;
      if (JSON.stringify(words()) === sent) dropHere(now);
      else keepHere();
      say(isSomething(words()) ? "saved" : "");
    } catch {
      if (here === form) sayLost();
    }
  }

  function written() {
    const isKept = keepHere();
    if (form.dataset.save) {
      clearTimeout(saving);
      saving = setTimeout(save, SAVE_MS);
    } else if (isKept && isSomething(words())) say("here");
    if (form.dataset.propose) {
      clearTimeout(proposing);
      proposing = setTimeout(propose, PROPOSE_MS);
    }
  }

  // ---- kind and board -----------------------------------------------------------------------------------------------

  function take(name, value, sentence) {
    if (!value || chosen().has(name)) return;
    const options = [...form.querySelectorAll(`[name="${name}"]`)];
    const field = options[0]?.closest(".field");
    if (!field) return;
    const was = new FormData(form).get(name);
    if (options[0].type === "radio") {
      const option = options.find((one) => one.value === value);
      if (option) option.checked = true;
    } else if ([...options[0].options].some((one) => one.value === value)) options[0].value = value;
    if (new FormData(form).get(name) === was) return;
    options[0].dispatchEvent(new Event("change", { bubbles: true })); // the board's own fields follow
    const note = field.querySelector("[data-note]") ?? field.appendChild(document.createElement("p"));
    note.className = "field__help";
    note.dataset.note = "";
    note.setAttribute("role", "status");
    note.textContent = sentence;
    keepHere();
  }

  async function propose() {
    if (["kind", "board"].every((name) => chosen().has(name))) return;
    const number = ++asked;
    const here = form;
    try {
      const answer = await ask(here.dataset.propose);
      if (!answer.ok || number !== asked || here !== form) return;
      const found = await answer.json();
      take("kind", found.kind, found.kind_said);
      take("board", found.board, found.board_said);
    } catch {
      // Nobody asked for it; the form works without.
    }
  }

  // ---- the form ------------------------------------------------------------------------------------------------------

  function put(said) {
    for (const [name, value] of Object.entries(said)) {
      const field = form.elements[name];
      if (field?.type === "checkbox") field.checked = Boolean(value);
      else if (field) field.value = value;
    }
  }

  function fill(said) {
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false; // what was ticked is among what was said
    put(said);
    // The fields of its board come with its answer, and are filled then.
    waiting = Object.fromEntries(Object.entries(said).filter(([name]) => name.startsWith("field-")));
    form.elements.board?.dispatchEvent(new Event("change", { bubbles: true }));
    for (const field of form.querySelectorAll("#id_title, #id_body"))
      field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Details in which nobody has written yet begin as the chosen board has them.
  function beginDetails(fields) {
    const body = form.elements.body;
    const next = fields.dataset.template ?? "";
    put(waiting);
    waiting = {};
    if (next !== template && (!body.value.trim() || isTemplate(body.value))) body.value = next;
    template = next;
  }

  function begin(found) {
    form = found;
    template = form.querySelector("[data-template]")?.dataset.template ?? "";
    // A form that was not begun by hand has a kind and a board that a person chose, or was given.
    if (form.dataset.chosen === "") form.dataset.chosen = "kind board";
    if (form.dataset.gone) dropHere(form.dataset.gone);
    if (form.querySelector(".field--wrong, .message--error")) return; // what was sent just now stands in it
    const mine = Object.entries(kept()).filter(([, one]) => ["", form.dataset.owner].includes(one.owner));
    let entry = mine.find(([name]) => name === key());
    if (!entry && form.dataset.fresh !== undefined) entry = mine.sort(([, a], [, b]) => b.at - a.at)[0];
    if (!entry || JSON.stringify(entry[1].words) === JSON.stringify(words())) return;
    form.elements.draft.value = entry[0];
    if (entry[1].chosen) form.dataset.chosen = entry[1].chosen;
    fill(entry[1].words);
    say("back");
  }

  document.addEventListener("input", (event) => {
    if (form?.contains(event.target)) written();
  });

  document.addEventListener("change", (event) => {
    if (!form?.contains(event.target) || !event.isTrusted) return;
    const { name } = event.target;
    if (name !== "kind" && name !== "board") return;
    form.dataset.chosen = [...chosen().add(name)].join(" ").trim();
    event.target.closest(".field").querySelector("[data-note]")?.remove();
    written();
  });

  // A tab that is left takes what was not saved yet to the server with its last breath.
  document.addEventListener("visibilitychange", () => {
    if (form && saving && document.visibilityState === "hidden") save();
  });

  window.addEventListener("online", () => form && (form.dataset.save ? save() : say("here")));
  window.addEventListener("offline", () => form && sayLost());

  // Going back to a form that was sent would show words that are a post by now.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && form?.dataset.done !== undefined) location.reload();
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!form?.contains(event.detail.elt)) return;
    // Offline nothing is asked, and what was to be sent is kept.
    if (!navigator.onLine) event.preventDefault();
    if (event.detail.elt !== form) return;
    clearTimeout(saving);
    saving = 0;
    keepHere();
    if (!navigator.onLine) sayLost();
  });

  for (const name of ["htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, (event) => {
      if (form && event.detail.elt === form) sayLost();
    });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!form || event.detail.requestConfig.elt !== form) return;
    const { xhr } = event.detail;
    if (xhr.status === 422 || xhr.status === 429) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!form || event.detail.elt !== form || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    form.dataset.done = "";
    dropHere(key());
  });

  // What was posted without an account is nothing to go on with.
  const sent = document.querySelector("[data-sent]");
  if (sent) dropHere(sent.dataset.sent);

  document.addEventListener("htmx:load", (event) => {
    if (form?.contains(event.detail.elt) && event.detail.elt.matches("[data-template]")) beginDetails(event.detail.elt);
    const found = event.detail.elt.matches?.("[data-compose]")
      ? event.detail.elt
      : event.detail.elt.querySelector?.("[data-compose]");
    if (!found || found === form) return;
    begin(found);
    found.querySelector(".field--wrong .control, .field--wrong input")?.focus();
  });
})();
