// Naming somebody while writing a comment: after an "@" those who take part in the post are offered, then other members. And a reply's form
// that was opened below a comment is put away again. Both work without this file.
"use strict";

(() => {
  const AT = /(?:^|[^\w@[\\/.])@([^\s@[\]()]{0,40})$/u;
  const WAIT_MS = 150;

  let field = null;
  let list = null;
  let asked = 0;
  let timer = 0;

  function close() {
    list?.remove();
    list = null;
    field?.removeAttribute("aria-controls");
    field?.removeAttribute("aria-activedescendant");
    field?.setAttribute("aria-expanded", "false");
  }

  function begun() {
    if (field.selectionStart !== field.selectionEnd) return null;
    return field.value.slice(0, field.selectionStart).match(AT);
  }

  function choose(option) {
    const found = begun();
    if (!found) return close();
    const end = field.selectionStart;
    field.setRangeText(`${option.dataset.text} `, end - found[1].length - 1, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.focus();
  }

  function mark(option) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  const marked = () => list.querySelector("[aria-selected=true]");

  function offer(people) {
    close();
    if (!people.length) return;
    list = document.createElement("ul");
    list.className = "named";
    list.id = "named";
    list.setAttribute("role", "listbox");
    for (const [number, person] of people.entries()) {
      const option = document.createElement("li");
      option.className = "named__one";
      option.id = `named-${number}`;
      option.setAttribute("role", "option");
      option.dataset.text = person.text;
      option.dir = "auto";
      option.textContent = person.name;
      list.append(option);
    }
    field.after(list);
    field.setAttribute("aria-controls", "named");
    field.setAttribute("aria-expanded", "true");
    mark(list.firstElementChild);
  }

  async function look() {
    const found = begun();
    const source = field.closest("[data-people]")?.dataset.people;
    if (!found || !source) return close();
    const turn = ++asked;
    try {
      const answer = await fetch(`${source}?q=${encodeURIComponent(found[1])}`, { headers: { Accept: "application/json" } });
      if (turn !== asked || !answer.ok) return;
      offer((await answer.json()).people);
    } catch {
      close(); // the network is away: the name can be typed
    }
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("textarea[data-mentions]")) return;
    if (field !== event.target) close();
    field = event.target;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });

  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== field || event.isComposing) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) mark(marked()[step] ?? (event.key === "ArrowDown" ? list.firstElementChild : list.lastElementChild));
    else if (event.key === "Enter" || event.key === "Tab") choose(marked());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.(".named__one");
    if (option) {
      event.preventDefault(); // the field keeps the focus
      choose(option);
    } else if (list && event.target !== field) close();
  });

  // ---- forms below a comment ---------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const away = event.target.closest?.("[data-put-away]");
    const under = away?.closest(".comment__under");
    if (!under) return;
    event.preventDefault();
    const comment = under.closest(".comment");
    under.replaceChildren();
    comment.querySelector(".comment__acts a")?.focus();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.target.matches(".comment__under")) return;
    const words = event.detail.target.querySelector("textarea");
    words?.focus();
    words?.setSelectionRange(words.value.length, words.value.length);
  });
})();
