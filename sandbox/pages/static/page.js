// Saves the reloading: the page works without this file. Looks again when the server says that something changed, and
// replaces only what differs, so that focus, typing and the place in the text stay where they are.
"use strict";

(() => {
  const TOAST_STAYS = 4500; // ms; longer texts stay longer
  const CONTROLS = "a, button, input, select, textarea, summary";
  const phones = [...document.querySelectorAll(".phone[data-place]")].map((phone) => phone.id);
  let looking = false;
  let again = false;

  // What all forms and links say about the other phones is no difference.
  const said = (html) => html.replace(/ (?:value="who=|href="\/\?)[^"]*"/g, "");
  const sources = new Map(); // id of a line -> its HTML as the server sent it
  const network = (phone) => phone.id.slice("phone-".length);
  const logOf = (phone) => phone.querySelector(".log");
  const begins = (phone) => logOf(phone)?.dataset.from === "top";
  const atEnd = (phone) => { const log = logOf(phone); return log.scrollHeight - log.scrollTop - log.clientHeight < 90; };
  const toEnd = (phone) => { const log = logOf(phone); log.scrollTop = begins(phone) ? 0 : log.scrollHeight; };

  function replace(old, now) {
    if (!old || !now || said(old.innerHTML) === said(now.innerHTML)) return;
    if (old.contains(document.activeElement)) swap(old, now);
    else old.replaceChildren(...now.childNodes);
  }

  // A part that holds the focus: put it back on the control of the same place.
  function swap(old, now) {
    const place = [...old.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
    old.replaceChildren(...now.childNodes);
    old.querySelectorAll(CONTROLS)[place]?.focus();
  }

  // What somebody has opened or ticked stays so while the line changes around it.
  function keep(old, now) {
    const opened = [...old.querySelectorAll("details")].map((one) => one.open);
    now.querySelectorAll("details").forEach((one, rank) => { one.open = opened[rank] ?? one.open; });
    const ticked = [...old.querySelectorAll("input[type=radio], input[type=checkbox]")].map((one) => one.checked);
    now.querySelectorAll("input[type=radio], input[type=checkbox]").forEach((one, rank) => { one.checked = ticked[rank] ?? one.checked; });
  }

  function remember() {
    for (const line of document.querySelectorAll(".lines > *")) sources.set(line.id, said(line.outerHTML));
  }

  function lines(phone, fresh) {
    const [list, now] = [phone.querySelector(".lines"), fresh.querySelector(".lines")];
    const same = phone.dataset.place === fresh.dataset.place;
    const follow = !same || (!begins(phone) && atEnd(phone));
    if (!same) { for (const line of list.children) sources.delete(line.id); list.replaceChildren(); }
    const wanted = new Set([...now.children].map((line) => line.id));
    for (const line of [...list.children]) if (!wanted.has(line.id)) { line.remove(); sources.delete(line.id); }
    let before = null;
    for (const line of [...now.children]) {
      const html = said(line.outerHTML);
      const old = document.getElementById(line.id);
      if (!old) { if (same) line.classList.add("new"); list.insertBefore(line, before ? before.nextSibling : list.firstChild); }
      else if (sources.get(line.id) !== html) { keep(old, line); old.contains(document.activeElement) ? (old.className = line.className, swap(old, line)) : old.replaceWith(line); }
      sources.set(line.id, html);
      before = document.getElementById(line.id);
    }
    return follow;
  }

  function tabs(phone, fresh) {
    const heard = new Map([...phone.querySelectorAll(".tabs a[data-last]")].map((tab) => [tab.dataset.go, [tab.dataset.last, !tab.querySelector(".fresh").hidden]]));
    for (const tab of fresh.querySelectorAll(".tabs a[data-last]")) {
      const [last, unread] = heard.get(tab.dataset.go) ?? [tab.dataset.last, false];
      const newer = tab.dataset.last.length > last.length || (tab.dataset.last.length === last.length && tab.dataset.last > last);
      tab.querySelector(".fresh").hidden = tab.hasAttribute("aria-current") || !(unread || newer);
    }
  }

  function below(phone, fresh, typed) {
    const [old, now] = [phone.querySelector(".below"), fresh.querySelector(".below")];
    if (!old || !now || (!typed && old.dataset.state === now.dataset.state)) return;
    const same = phone.dataset.place === fresh.dataset.place;
    const text = typed ? "" : old.querySelector("textarea")?.value ?? "";
    const focused = old.contains(document.activeElement);
    old.replaceWith(now);
    const box = now.querySelector("textarea");
    if (box && same) box.value = text;
    if (box && (focused || box.hasAttribute("autofocus"))) box.focus();
  }

  function show(html, acted, typed) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    document.title = fresh.title;
    replace(document.getElementById("clock"), fresh.getElementById("clock"));
    for (const id of phones) {
      const [phone, its] = [document.getElementById(id), fresh.getElementById(id)];
      if (!its?.dataset.place) continue;
      tabs(phone, its);
      for (const part of phone.querySelectorAll("[data-part]")) replace(part, its.querySelector(`[data-part="${part.dataset.part}"]`));
      below(phone, its, typed && id === acted);
      const follow = lines(phone, its);
      phone.dataset.place = its.dataset.place;
      phone.className = its.className;
      if (follow || (typed && id === acted)) toEnd(phone);
      const notice = its.querySelector(".toasts .toast");
      if (notice) toast(phone, notice.textContent, false);
    }
    const at = fresh.querySelector("input[name=at]")?.value;
    for (const input of document.querySelectorAll("input[name=at]")) input.value = at;
    document.querySelectorAll(".languages a").forEach((link, rank) => { link.href = fresh.querySelectorAll(".languages a")[rank].href; });
  }

  async function look() {
    if (looking) { again = true; return; }
    looking = true;
    const here = location.href;
    try {
      const answer = await fetch(here, { headers: { "X-Live": "1" } });
      const html = await answer.text();
      if (answer.ok && here === location.href) show(html, "", false); // else somebody went elsewhere meanwhile
      else again = answer.ok;
    } catch { /* the town is gone; the event stream will say when it is back */ }
    looking = false;
    if (again) { again = false; look(); }
  }

  function toast(phone, text, alert) {
    if (!phone) return;
    for (const key of phone.querySelectorAll(".waiting")) key.classList.remove("waiting");
    if (!text) return;
    if (alert) {
      const dialog = phone.querySelector("dialog.alert");
      dialog.querySelector("p").textContent = text;
      if (!dialog.open) dialog.showModal();
      return;
    }
    const bubble = document.createElement("p");
    bubble.className = "toast";
    bubble.textContent = text;
    phone.querySelector(".toasts").replaceChildren(bubble);
    setTimeout(() => bubble.remove(), Math.min(Math.max(TOAST_STAYS, text.length * 60), 2 * TOAST_STAYS));
  }

  // The address with something else open on one phone; the others stay as they are.
  function address(phone, link) {
    const to = new URL(location.href);
    for (const [name, value] of [[network(phone), link.dataset.go], [`${network(phone)}-reply`, link.dataset.reply]])
      value ? to.searchParams.set(name, value) : to.searchParams.delete(name);
    to.hash = link.dataset.to;
    return to;
  }

  function point(part) {
    const target = part && document.getElementById(part);
    if (!target) return;
    if (target.matches("textarea")) target.focus();
    else target.scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const phone = link.closest(".phone");
    history.pushState(null, "", address(phone, link));
    phone.querySelector(".toasts")?.replaceChildren();
    await look();
    point(link.dataset.to);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const phone = form.closest(".phone");
    const writing = form.classList.contains("composer");
    if (writing && !body.get("command") && !body.get("text").trim()) return;
    if (form.hasAttribute("data-waits")) {
      event.submitter?.classList.add("waiting");
      setTimeout(() => event.submitter?.classList.remove("waiting"), 8000);
    }
    event.submitter?.closest("details.commands")?.removeAttribute("open");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Live": "1" } });
      const now = new URL(answer.url);
      const refused = now.searchParams.has("notice");
      for (const once of ["notice", "toast"]) now.searchParams.delete(once);
      if (!refused && phone) history.replaceState(null, "", now.search);
      show(await answer.text(), phone?.id, writing && !refused);
    } catch { form.submit(); }
  });

  // Choosing is enough where a menu says so: its button is for browsers without script.
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-at-once]") && event.target.value) event.target.form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.matches(".composer textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector(".send"));
    }
  });

  document.addEventListener("toggle", (event) => {
    const phone = event.target.closest?.(".phone");
    if (event.target.matches(".commands") && phone && !begins(phone) && atEnd(phone)) toEnd(phone);
  }, true);
  addEventListener("popstate", () => look());

  document.documentElement.classList.add("live");
  remember();
  for (const id of phones) toEnd(document.getElementById(id));
  point(location.hash.slice(1));
  const news = new EventSource(`/news?who=${encodeURIComponent(document.body.dataset.who)}`);
  news.addEventListener("look", look);
  news.addEventListener("toast", (event) => { const told = JSON.parse(event.data); toast(document.getElementById(`phone-${told.network}`), told.text, told.alert); });
  news.addEventListener("open", look);
})();
