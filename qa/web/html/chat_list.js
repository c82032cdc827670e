// Conversations: whose this page is, which one it shows, and what is done to them. Follows page.js.

const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

// What is kept between visits; where a browser keeps nothing, it lasts as long as the page.
function remembered(key, make) {
  try {
    return localStorage.getItem(key) || remember(key, make());
  } catch {
    return make();
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // a window that keeps nothing
  }
  return value;
}

let left = true; // whether an earlier visit left a conversation
const browser = remembered("qa-browser", fresh);
let talk = remembered("qa-talk", () => ((left = false), fresh()));
let saving = 0; // how many files were asked for

const whose = () => ({ browser, talk });

function newTalk() {
  talk = remember("qa-talk", fresh());
}

// Shows another conversation, or the one that a reload left.
function showTalk(id) {
  talk = remember("qa-talk", id);
  turns = 0; // so that its latest question is scrolled to
  trigger("input", whose());
}

function talkOf(part) {
  return { ...whose(), other: part.closest("[data-qa-of]").dataset.qaOf, number: opened };
}

// A first click asks, in words, a second one does it; looking away takes the question back.
function sure(button) {
  const label = button.querySelector("span");
  if (button.classList.contains("qa-asks")) return true;
  const before = [label.textContent, button.ariaLabel];
  const say = (words, spoken, asks) =>
    quietly(() => {
      label.textContent = words;
      button.ariaLabel = spoken;
      button.classList.toggle("qa-asks", asks);
    });
  say(button.dataset.qaSure, button.dataset.qaSure, true);
  button.addEventListener("blur", () => say(...before, false), { once: true });
  button.focus();
  return false;
}

function talkClicked(button) {
  const { qaRate, qaSave } = button.dataset;
  if (qaRate !== undefined) {
    const turn = Number(button.closest("[data-qa-turn]").dataset.qaTurn);
    const rating = button.ariaPressed === "true" ? 0 : Number(qaRate);
    rated = { turn, rating };
    trigger("like", { ...whose(), ...rated });
  } else if (qaSave !== undefined) {
    trigger("download", { ...talkOf(button), format: qaSave, number: ++saving });
  } else if (button.hasAttribute("data-qa-talk")) {
    showTalk(button.closest("[data-qa-of]").dataset.qaOf);
    if (narrow.matches) close();
  } else if (button.hasAttribute("data-qa-renaming")) {
    const form = button.closest("[data-qa-of]").querySelector("form");
    quietly(() => (form.hidden = !form.hidden));
    if (!form.hidden) form.querySelector("input").select();
  } else if (button.hasAttribute("data-qa-delete") && sure(button)) {
    const gone = talkOf(button);
    trigger("delete", gone);
    if (gone.other === talk) {
      newTalk();
      trigger("clear", {});
    }
  }
}

let rated = null; // the turn whose remark gets the focus once it is there

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (button && !button.disabled) talkClicked(button);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const text = form.querySelector("input")?.value;
  if (form.matches("[data-qa-remark]")) {
    event.preventDefault();
    const turn = Number(form.closest("[data-qa-turn]").dataset.qaTurn);
    trigger("like", { ...whose(), turn, rating: Number(form.dataset.qaRemark), remark: text });
  } else if (form.matches("[data-qa-rename]")) {
    event.preventDefault();
    trigger("edit", { ...talkOf(form), name: text });
  }
});

new MutationObserver(() => {
  const at = rated && element.querySelector(`[data-qa-turn="${rated.turn}"]`);
  if (!at) return;
  (at.querySelector("[data-qa-remark] input") || at.querySelector("[data-qa-rate]")).focus({ preventScroll: true });
  rated = null;
}).observe(element, { childList: true, subtree: true });

// A file that was asked for comes as an element of the outbox, and is saved once.
let saved = 0;
new MutationObserver(() => {
  const file = byId("qa-outbox")?.querySelector("[data-qa-file]");
  if (!file || Number(file.dataset.qaNumber) !== saving || saved === saving) return;
  saved = saving;
  const href = URL.createObjectURL(new Blob([file.dataset.qaText], { type: file.dataset.qaType }));
  Object.assign(document.createElement("a"), { href, download: file.dataset.qaFile }).click();
  URL.revokeObjectURL(href);
}).observe(document.querySelector(".gradio-container"), { childList: true, subtree: true });

// A link to a question asks it, once and in a conversation of its own; else the page goes on where it was left.
const linked = new URLSearchParams(location.search).get("q");
if (linked) {
  history.replaceState(null, "", location.pathname);
  newTalk();
  send(linked);
} else {
  if (left) trigger("input", whose());
  if (!narrow.matches) byId("qa-question")?.focus();
}
