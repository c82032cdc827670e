// Chats: which browser and chat this page belongs to; rating, renaming, saving and deleting. Runs after page.js.

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

// Returns a value kept between visits; in a browser that keeps nothing, it lasts as long as the page.
function recall(key, make) {
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
    // this browser keeps nothing
  }
  return value;
}

let resumed = true; // whether an earlier visit left a chat
const browser = recall("qa-browser", newId);
const CHAT_KEY = "qa-talk"; // browsers hold the current chat under this name
let chat = recall(CHAT_KEY, () => ((resumed = false), newId()));
let saves = 0; // how many files were requested

const chatIds = () => ({ browser, chat });

function newChat() {
  chat = remember(CHAT_KEY, newId());
}

// Shows another chat.
function showChat(id) {
  chat = remember(CHAT_KEY, id);
  turns = 0; // so that the page scrolls to its latest question
  trigger("input", chatIds());
}

function chatOf(part) {
  return { ...chatIds(), target: part.closest("[data-qa-chat-id]").dataset.qaChatId, request: requests };
}

// Returns true on the second click; the first asks for confirmation in the button, until it loses the focus.
function confirmed(button) {
  const label = button.querySelector("span");
  if (button.classList.contains("qa-confirming")) return true;
  const before = [label.textContent, button.ariaLabel];
  const say = (words, spoken, asks) =>
    quietly(() => {
      label.textContent = words;
      button.ariaLabel = spoken;
      button.classList.toggle("qa-confirming", asks);
    });
  say(button.dataset.qaConfirm, button.dataset.qaConfirm, true);
  button.addEventListener("blur", () => say(...before, false), { once: true });
  button.focus();
  return false;
}

function chatClicked(button) {
  const { qaRate, qaSave } = button.dataset;
  if (qaRate !== undefined) {
    const turn = Number(button.closest("[data-qa-turn]").dataset.qaTurn);
    const rating = button.ariaPressed === "true" ? 0 : Number(qaRate);
    rated = { turn, rating };
    trigger("like", { ...chatIds(), ...rated });
  } else if (qaSave !== undefined) {
    trigger("download", { ...chatOf(button), format: qaSave, request: ++saves });
  } else if (button.hasAttribute("data-qa-show-chat")) {
    showChat(button.closest("[data-qa-chat-id]").dataset.qaChatId);
    if (narrowScreen.matches) close();
  } else if (button.hasAttribute("data-qa-show-rename")) {
    const form = button.closest("[data-qa-chat-id]").querySelector("form");
    quietly(() => (form.hidden = !form.hidden));
    if (!form.hidden) form.querySelector("input").select();
  } else if (button.hasAttribute("data-qa-delete") && confirmed(button)) {
    const gone = chatOf(button);
    trigger("delete", gone);
    if (gone.target === chat) {
      newChat();
      trigger("clear", {});
    }
  }
}

let rated = null; // the turn just rated; its remark field gets the focus once it is shown

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (button && !button.disabled) chatClicked(button);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const text = form.querySelector("input")?.value;
  if (form.matches("[data-qa-remark]")) {
    event.preventDefault();
    const turn = Number(form.closest("[data-qa-turn]").dataset.qaTurn);
    trigger("like", { ...chatIds(), turn, rating: Number(form.dataset.qaRemark), remark: text });
  } else if (form.matches("[data-qa-rename]")) {
    event.preventDefault();
    trigger("edit", { ...chatOf(form), name: text });
  }
});

new MutationObserver(() => {
  const at = rated && element.querySelector(`[data-qa-turn="${rated.turn}"]`);
  if (!at) return;
  (at.querySelector("[data-qa-remark] input") || at.querySelector("[data-qa-rate]")).focus({ preventScroll: true });
  rated = null;
}).observe(element, { childList: true, subtree: true });

// A requested file arrives as an element of #qa-downloads, and is saved once.
let lastSaved = 0;
new MutationObserver(() => {
  const file = byId("qa-downloads")?.querySelector("[data-qa-file]");
  if (!file || Number(file.dataset.qaRequest) !== saves || lastSaved === saves) return;
  lastSaved = saves;
  const href = URL.createObjectURL(new Blob([file.dataset.qaText], { type: file.dataset.qaType }));
  Object.assign(document.createElement("a"), { href, download: file.dataset.qaFile }).click();
  URL.revokeObjectURL(href);
}).observe(document.querySelector(".gradio-container"), { childList: true, subtree: true });

// A link with a question asks it once, in a new chat; otherwise the page continues where the last visit left it.
const linked = new URLSearchParams(location.search).get("q");
if (linked) {
  history.replaceState(null, "", location.pathname);
  newChat();
  send(linked);
} else {
  if (resumed) trigger("input", chatIds());
  if (!narrowScreen.matches) byId("qa-question")?.focus();
}
