// Files go up as soon as they are chosen, pasted into the words or dropped on the form, each with its progress.
// Without this file they come with the form.
"use strict";

(() => {
  const going = new WeakMap(); // form: how many files are on their way
  let turn = Promise.resolve(); // one after another, so that they stand in the order in which they were chosen
  const place = (form) => form?.querySelector("[data-attach]");

  function say(here, sentence, isWrong = false) {
    const line = here.querySelector("[data-attach-said]");
    line.textContent = sentence;
    line.classList.toggle("attach__said--wrong", isWrong);
  }

  function ready(row) {
    for (const button of row.querySelectorAll("[data-attach-put], [data-attach-away]")) button.hidden = false;
    row.querySelector("[data-attach-plain]")?.remove();
  }

  // What is listed has changed: a draft is saved with it.
  const changed = (rows) => rows.dispatchEvent(new Event("input", { bubbles: true }));

  function waiting(name) {
    const row = document.createElement("li");
    row.className = "attach__row";
    const label = document.createElement("label");
    label.className = "attach__what";
    const called = document.createElement("span");
    called.className = "attach__name";
    called.textContent = name;
    const progress = document.createElement("progress");
    progress.className = "attach__progress";
    progress.max = 1;
    label.append(called, progress);
    row.append(label);
    return row;
  }

  function put(form, words) {
    const text = form.querySelector("textarea[name=body]");
    const before = text.value.slice(0, text.selectionStart);
    const lead = before && !before.endsWith("\n") ? "\n\n" : "";
    text.setRangeText(`${lead}${words}\n`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function taken(here, form, row, answer, isPasted) {
    const made = document.createElement("template");
    made.innerHTML = answer.html;
    const shown = made.content.firstElementChild;
    ready(shown);
    row.replaceWith(shown);
    if (isPasted && shown.querySelector("[data-attach-put]")) put(form, answer.words);
    say(here, here.dataset.added);
    changed(here.querySelector("[data-attach-rows]"));
  }

  function upload(form, file, isPasted) {
    const here = place(form);
    const rows = here.querySelector("[data-attach-rows]");
    if (rows.children.length >= Number(here.dataset.limit)) return say(here, here.dataset.many, true);
    const row = waiting(file.name);
    rows.append(row);
    say(here, "");
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("draft", form.elements.draft?.value ?? "");
    body.append("files", file);
    going.set(form, (going.get(form) ?? 0) + 1);
    turn = turn.then(() => new Promise((done) => send(form, here, row, body, isPasted, done)));
  }

  function send(form, here, row, body, isPasted, done) {
    const request = new XMLHttpRequest();
    request.open("POST", here.dataset.url);
    request.setRequestHeader("HX-Request", "true"); // what is refused comes as a sentence
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.querySelector("progress").value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      going.set(form, going.get(form) - 1);
      const type = request.getResponseHeader("Content-Type") ?? "";
      if (request.status === 200 && type.startsWith("application/json"))
        taken(here, form, row, JSON.parse(request.responseText), isPasted);
      else {
        row.remove();
        say(here, type.startsWith("text/plain") && request.responseText ? request.responseText : here.dataset.lost, true);
      }
      form.dispatchEvent(new CustomEvent("heed:file"));
      done();
    });
    request.send(body);
  }

  function take(form, files, isPasted = false) {
    for (const file of files) upload(form, file, isPasted);
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-attach] input[type=file]")) return;
    const files = [...event.target.files];
    event.target.value = "";
    take(event.target.form, files);
  });

  document.addEventListener("paste", (event) => {
    const form = event.target.form;
    const data = event.clipboardData;
    if (!event.target.matches?.("textarea") || !place(form) || !data?.files.length) return;
    if (data.types.includes("text/plain")) return; // a table from an office program brings a picture of itself along
    event.preventDefault();
    take(form, [...data.files], true);
  });

  const dropped = (event) => {
    const form = event.target.closest?.("form");
    return place(form) && event.dataTransfer?.types.includes("Files") ? form : null;
  };

  document.addEventListener("dragover", (event) => {
    const form = dropped(event);
    if (!form) return;
    event.preventDefault();
    place(form).toggleAttribute("data-over", true);
  });

  for (const name of ["dragleave", "dragend", "drop"])
    document.addEventListener(name, (event) => place(event.target.closest?.("form"))?.removeAttribute("data-over"));

  document.addEventListener("drop", (event) => {
    const form = dropped(event);
    if (!form) return;
    event.preventDefault();
    take(form, [...event.dataTransfer.files]);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-attach-put], [data-attach-away]");
    if (!button) return;
    const { form } = button;
    if (button.dataset.attachPut) return put(form, button.dataset.attachPut);
    const row = button.closest("[data-attached]");
    const rows = row.parentElement;
    if (button.dataset.attachAway) {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      fetch(button.dataset.attachAway, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true }).catch(() => {});
    }
    const text = form.querySelector("textarea[name=body]");
    const shown = new RegExp(`!\\[[^\\]\\n]*\\]\\(attachment:${row.dataset.attached}\\)\\n?`, "g");
    text.value = text.value.replace(shown, "");
    row.remove();
    changed(rows);
    place(form).querySelector("input[type=file]").focus();
  });

  // What is sent meanwhile waits for its files.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!going.get(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(place(form), place(form).dataset.going);
      if (form.dataset.waits !== undefined) return;
      form.dataset.waits = "";
      const again = () => {
        if (going.get(form)) return;
        form.removeEventListener("heed:file", again);
        delete form.dataset.waits;
        // A file that was refused is said first; its sender decides.
        if (!place(form).querySelector(".attach__said--wrong")) form.requestSubmit(event.submitter);
      };
      form.addEventListener("heed:file", again);
    },
    true,
  );

  document.addEventListener("htmx:load", (event) => {
    for (const row of event.detail.elt.querySelectorAll?.("[data-attached]") ?? []) ready(row);
  });
})();
