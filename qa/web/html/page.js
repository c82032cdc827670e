// The chat and the viewer. Runs once the thread is on the page, with Gradio's `element` (the thread) and `trigger`, which
// sends an event to the server. All other parts are found by id; clicks and keys are handled on the document.

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const viewer = () => byId("qa-viewer");
const narrowScreen = window.matchMedia("(max-width: 900px)");
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

const RESEND_AFTER_MS = 120000; // after this, another question may be sent even if the last one has no answer

let opener = null; // the button that opened the viewer; gets the focus back when it closes
let step = null; // "before" or "after" when a step button changed the source; that button keeps the focus
let wanted = null; // the place that the viewer is to show, as JSON
let shown = null; // the place that the viewer shows, as JSON
let requests = 0; // how many places were requested; a response carries the number of its request
let asking = 0; // when the last question was sent, in ms; 0 once its answer has come

root.lang = root.lang || "en";

function send(question) {
  const text = question.trim();
  const waiting = asking && Date.now() - asking < RESEND_AFTER_MS;
  if (!text || waiting) return false;
  asking = Date.now();
  trigger("submit", { ...chatIds(), question: text, filter: documentFilter });
  byId("qa-question")?.focus({ preventScroll: narrowScreen.matches }); // missing when a link asks while the page loads
  return true;
}

function grow() {
  const field = byId("qa-question");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 168)}px`;
}

// Puts a question into the field, so that it can be edited and asked again.
function edit(question) {
  const field = byId("qa-question");
  field.value = question;
  grow();
  field.focus();
  field.setSelectionRange(question.length, question.length);
}

function setViewing(on) {
  root.classList.toggle("qa-viewing", on);
  // On a narrow screen the viewer covers the chat, which must then not take the focus.
  for (const id of ["qa-head", "qa-chat"]) byId(id).inert = on && narrowScreen.matches;
}

function scrollToMark(smooth) {
  const mark = byId("qa-current-mark");
  const body = viewer().querySelector(".qa-pane-body");
  if (!body) return;
  if (mark) {
    // Centre a short quote; show the start of one that is longer than the pane.
    const block = mark.getBoundingClientRect().height > 0.8 * body.clientHeight ? "start" : "center";
    mark.scrollIntoView({ block, behavior: smooth && !reducedMotion.matches ? "smooth" : "instant" });
  } else body.scrollTop = 0;
  const button = step && viewer().querySelector(`[data-qa-step="${step}"]:not(:disabled)`);
  (button || body).focus({ preventScroll: true });
}

function markOpener() {
  document.querySelectorAll(".qa-open").forEach((one) => one.classList.remove("qa-open"));
  const place = wanted && JSON.parse(wanted);
  if (!place || place.turn === undefined) return;
  const kind = place.near ? `[data-qa-near="${Number(place.near)}"]` : `[data-qa-open="${Number(place.marker)}"]`;
  element
    .querySelectorAll(`[data-qa-turn="${Number(place.turn)}"] ${kind}`)
    .forEach((one) => one.classList.add("qa-open"));
}

function open(place, from) {
  const inside = viewer().contains(from);
  if (!inside) opener = from;
  step = inside ? from.dataset.qaStep || null : null;
  wanted = JSON.stringify(place);
  const already = !place.chats && !place.documents && wanted === shown && viewer().querySelector(".qa-pane");
  if (already) {
    setViewing(true);
    scrollToMark(true);
  } else {
    watchViewer();
    trigger("select", { ...chatIds(), ...place, ...(place.documents && listQuery()), request: ++requests });
  }
  markOpener();
}

function close() {
  if (!root.classList.contains("qa-viewing")) return;
  setViewing(false);
  wanted = null;
  markOpener();
  if (opener && opener.isConnected) opener.focus();
  else byId("qa-question").focus();
}

// Gradio may replace the viewer's element, so the whole body is observed. It also changes elements that it is about to
// replace, so a response counts as shown only if it carries the number of the latest request.
let watched = null;
let quiet = false; // true while this script itself changes the viewer
function quietly(change) {
  quiet = true;
  change();
  setTimeout(() => (quiet = false));
}

function watchViewer() {
  if (watched) return;
  watched = new MutationObserver((changes) => {
    const request = viewer().querySelector("[data-qa-request]")?.dataset.qaRequest;
    if (quiet || !wanted || Number(request) !== requests || !changes.some((change) => viewer().contains(change.target))) return;
    shown = wanted;
    setViewing(true);
    if (!restoreDocumentList()) scrollToMark(false);
  });
  watched.observe(byId("qa-body"), { childList: true, subtree: true, characterData: true, attributes: true });
}

function placeOf(button) {
  const { qaOpen, qaNear, qaDocument } = button.dataset;
  if (qaDocument !== undefined) return { document: qaDocument };
  if (button.hasAttribute("data-qa-documents")) return { documents: true };
  if (button.hasAttribute("data-qa-chats")) return { chats: true };
  const turn = Number(button.closest("[data-qa-turn]")?.dataset.qaTurn);
  return qaNear !== undefined ? { turn, near: Number(qaNear) } : { turn, marker: Number(qaOpen) };
}

// Opens the next (1) or previous (-1) source across all turns; if none is open, the first one of the latest answer.
function walk(by) {
  const places = [...element.querySelectorAll(".qa-quote [data-qa-open], [data-qa-near]")];
  const turns = element.querySelectorAll("[data-qa-turn]");
  const here = places.findIndex((one) => one.classList.contains("qa-open"));
  const first = places.findIndex((one) => turns[turns.length - 1]?.contains(one));
  const next = places[here < 0 ? first : here + by];
  if (!next) return;
  next.scrollIntoView({ block: "nearest", behavior: reducedMotion.matches ? "instant" : "smooth" });
  open(placeOf(next), next);
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers offer the clipboard only on loopback and HTTPS; elsewhere, select the text and copy the selection.
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "qa-visually-hidden" });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  const label = button.querySelector("span");
  button.dataset.qaLabel ??= label.textContent;
  label.textContent = button.dataset.qaDone;
  button.classList.add("qa-done");
  setTimeout(() => {
    label.textContent = button.dataset.qaLabel;
    button.classList.remove("qa-done");
  }, 1600);
}

const linkTo = (question) => `${location.origin}${location.pathname}?q=${encodeURIComponent(question)}`;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button || button.disabled) return;
  const { qaCopy, qaLink, qaEdit } = button.dataset;
  if (button.hasAttribute("data-qa-close")) close();
  else if (button.hasAttribute("data-qa-ask")) send(button.textContent);
  else if (qaEdit !== undefined) edit(qaEdit);
  else if (qaCopy !== undefined) copy(qaCopy, button);
  else if (qaLink !== undefined) copy(linkTo(qaLink), button);
  else if (button.hasAttribute("data-qa-clear")) {
    close();
    shown = null;
    asking = 0;
    newChat();
    trigger("clear", {});
    byId("qa-question").focus();
  } else if (button.matches("[data-qa-open], [data-qa-near], [data-qa-document], [data-qa-documents], [data-qa-chats]")) {
    open(placeOf(button), button);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "qa-form") return;
  event.preventDefault();
  const field = byId("qa-question");
  if (send(field.value)) {
    field.value = "";
    grow();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.id === "qa-question") grow();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
  const plain = !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Enter" && event.target.id === "qa-question" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("qa-form").requestSubmit();
  } else if (event.key === "Escape") {
    if (!hideQuoteCard()) close();
  } else if (event.key === "/" && plain) {
    event.preventDefault();
    if (narrowScreen.matches) close();
    byId("qa-question").focus();
  } else if ((event.key === "j" || event.key === "k") && plain) {
    event.preventDefault();
    walk(event.key === "j" ? 1 : -1);
  }
});

narrowScreen.addEventListener("change", () => setViewing(root.classList.contains("qa-viewing")));

let turns = 0;
new MutationObserver(() => {
  const all = element.querySelectorAll("[data-qa-turn]");
  if (asking && all.length && !element.querySelector("[data-qa-waiting]")) asking = 0;
  if (all.length > turns) {
    all[all.length - 1].scrollIntoView({ block: "start", behavior: reducedMotion.matches ? "instant" : "smooth" });
  }
  turns = all.length;
  root.classList.toggle("qa-has-turns", turns > 0);
  markOpener();
}).observe(element, { childList: true, subtree: true });
