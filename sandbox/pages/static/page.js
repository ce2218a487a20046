// Saves the reloading: the page works without this file. Looks again when the server says that something changed, and
// replaces only what differs, so that focus, typing and the place in the text stay where they are.
"use strict";

(() => {
  const $ = (id, root = document) => root.getElementById(id);
  const TOAST_STAYS = 4500; // ms; longer texts stay longer
  let looking = false;
  let again = false;

  const log = () => $("log");
  const atEnd = () => log().scrollHeight - log().scrollTop - log().clientHeight < 90;
  const toEnd = () => { log().scrollTop = log().scrollHeight; };

  function replace(id, fresh) {
    const [old, now] = [$(id), $(id, fresh)];
    if (old && now && old.innerHTML !== now.innerHTML && !old.contains(document.activeElement)) old.replaceChildren(...now.childNodes);
    else if (old && now && old.innerHTML !== now.innerHTML) swap(old, now);
  }

  // A part that holds the focus: put it back on the control of the same place.
  function swap(old, now) {
    const controls = "a, button, input, select, textarea";
    const place = [...old.querySelectorAll(controls)].indexOf(document.activeElement);
    old.replaceChildren(...now.childNodes);
    old.querySelectorAll(controls)[place]?.focus();
  }

  const sources = new Map(); // id of a line -> its HTML as the server sent it

  function remember() {
    for (const line of $("messages").children) sources.set(line.id, line.outerHTML);
  }

  function messages(fresh) {
    const [list, now] = [$("messages"), $("messages", fresh)];
    const same = list.dataset.chat === now.dataset.chat;
    const follow = !same || atEnd();
    if (!same) { list.replaceChildren(); list.dataset.chat = now.dataset.chat; sources.clear(); }
    const wanted = new Set([...now.children].map((line) => line.id));
    for (const line of [...list.children]) if (!wanted.has(line.id)) { line.remove(); sources.delete(line.id); }
    let before = null;
    for (const line of [...now.children]) {
      const html = line.outerHTML;
      const old = $(line.id);
      if (!old) { if (same) line.classList.add("new"); list.insertBefore(line, before ? before.nextSibling : list.firstChild); }
      else if (sources.get(line.id) !== html) old.contains(document.activeElement) ? (old.className = line.className, swap(old, line)) : old.replaceWith(line);
      sources.set(line.id, html);
      before = $(line.id);
    }
    if (follow) toEnd();
  }

  function tabs(fresh) {
    const heard = new Map([...document.querySelectorAll("#tabs a")].map((tab) => [tab.dataset.chat, [tab.dataset.last, !tab.querySelector(".fresh").hidden]]));
    for (const tab of fresh.querySelectorAll("#tabs a")) {
      const [last, unread] = heard.get(tab.dataset.chat) ?? [tab.dataset.last, false];
      const open = tab.hasAttribute("aria-current");
      tab.querySelector(".fresh").hidden = open || !(unread || Number(tab.dataset.last) > Number(last));
    }
    replace("tabs", fresh);
  }

  function show(html, typed) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    document.title = fresh.title;
    for (const id of ["clock", "phone-hour", "head", "pinned"]) replace(id, fresh);
    tabs(fresh);
    messages(fresh);
    const [old, now] = [$("below"), $("below", fresh)];
    if (typed || old.dataset.state !== now.dataset.state) {
      const text = typed ? "" : $("text")?.value ?? "";
      const focused = old.contains(document.activeElement);
      const chat = $("messages").dataset.chat === (old.dataset.state ?? "").split(" ")[1];
      old.replaceWith(now);
      if ($("text") && chat) $("text").value = text;
      if (focused || $("text")?.hasAttribute("autofocus")) $("text")?.focus();
    }
    for (const link of document.querySelectorAll(".languages a")) {
      const to = new URL(link.href);
      to.searchParams.set("chat", $("messages").dataset.chat);
      link.href = to;
    }
    const notice = fresh.querySelector("#toast .toast");
    if (notice) toast(notice.textContent, false);
  }

  async function look() {
    if (looking) { again = true; return; }
    looking = true;
    const here = location.href;
    try {
      const answer = await fetch(here, { headers: { "X-Live": "1" } });
      const html = await answer.text();
      if (answer.ok && here === location.href) show(html, false); // else somebody went elsewhere meanwhile
      else again = answer.ok;
    } catch { /* the town is gone; the event stream will say when it is back */ }
    looking = false;
    if (again) { again = false; look(); }
  }

  function toast(text, alert) {
    for (const key of document.querySelectorAll(".waiting")) key.classList.remove("waiting");
    if (alert) {
      $("alert").querySelector("p").textContent = text;
      if (!$("alert").open) $("alert").showModal();
      return;
    }
    const bubble = document.createElement("p");
    bubble.className = "toast";
    bubble.textContent = text;
    $("toast").replaceChildren(bubble);
    setTimeout(() => bubble.remove(), Math.min(Math.max(TOAST_STAYS, text.length * 60), 2 * TOAST_STAYS));
  }

  async function go(address, push) {
    if (push) history.pushState(null, "", address);
    $("toast").replaceChildren();
    await look();
    const target = location.hash && document.querySelector(`#log ${location.hash}`);
    if (target) target.scrollIntoView({ block: "center" });
    else if (location.hash === "#text") $("text")?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#tabs a, .comments, .reply, .answering a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href, true);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const writing = form.id === "composer";
    if (writing && !body.get("command") && !body.get("text").trim()) return;
    if (form.action.endsWith("/press")) {
      event.submitter.classList.add("waiting");
      setTimeout(() => event.submitter.classList.remove("waiting"), 8000);
    }
    event.submitter?.closest("details")?.removeAttribute("open");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Live": "1" } });
      const now = new URL(answer.url);
      const refused = now.searchParams.has("notice");
      for (const once of ["notice", "toast"]) now.searchParams.delete(once);
      if (!refused && (writing || now.searchParams.get("chat") !== $("messages").dataset.chat)) history.replaceState(null, "", now.search);
      show(await answer.text(), writing && !refused);
      if (writing) toEnd();
    } catch { form.submit(); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.id === "text" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit(event.target.form.querySelector(".send"));
    }
  });

  document.addEventListener("toggle", (event) => { if (event.target.matches(".commands") && atEnd()) toEnd(); }, true);
  addEventListener("popstate", () => look());

  remember();
  toEnd();
  if (location.hash) document.querySelector(`#log ${CSS.escape(location.hash.slice(1)) && location.hash}`)?.scrollIntoView({ block: "center" });
  const news = new EventSource(`/news?who=${document.body.dataset.who}`);
  news.addEventListener("look", look);
  news.addEventListener("toast", (event) => { const said = JSON.parse(event.data); toast(said.text, said.alert); });
  news.addEventListener("open", look);
})();
