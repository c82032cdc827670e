// The documents beside the chat: which of them are used, found, added and deleted. Follows page.js.

let choice = {}; // what answers may come from: since, until, publisher, without
let find = ""; // what is looked for in the list
let kept = null; // where the list was scrolled to and which of its parts had the focus, until it is shown anew
let settled = 0; // the number of the place that was seen to

const chosen = () => ({ choice, find });
const shelf = () => reader().querySelector("[data-qa-shelf]");

// Shows the documents anew, at the same place.
function refresh() {
  const body = reader().querySelector(".qa-pane-body");
  const focus = document.activeElement;
  kept = { top: body.scrollTop, id: focus?.id, at: focus?.selectionStart };
  wanted = JSON.stringify({ contents: true });
  watchReader();
  trigger("select", { ...whose(), contents: true, ...chosen(), number: ++opened });
}

// What bar and chat say of the documents that are shown; true where they were shown before, and are at their place again.
function settleShelf() {
  const list = shelf();
  if (!list) return false;
  if (settled === opened) return true; // it was only touched
  settled = opened;
  note(list.dataset.qaNote);
  sized(list);
  if (!kept) return false;
  reader().querySelector(".qa-pane-body").scrollTop = kept.top;
  const field = kept.id && byId(kept.id);
  if (field) {
    field.focus({ preventScroll: true });
    if (field.type === "search") field.setSelectionRange(kept.at, kept.at);
  }
  kept = null;
  return true;
}

// In the bar: how many documents there are now.
function sized(part) {
  const now = part.querySelector("[data-qa-size]");
  const size = byId("qa-head").querySelector("[data-qa-contents]");
  if (!now || size.textContent === now.dataset.qaSize) return;
  size.textContent = now.dataset.qaSize;
  size.ariaLabel = now.dataset.qaListing;
}

// Above the question: that not all documents are used.
function note(words) {
  const line = byId("qa-note");
  if (!line || line.textContent === words) return;
  line.textContent = words;
  line.hidden = !words;
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches?.("[data-qa-use]")) {
    const without = new Set(choice.without);
    without[field.checked ? "delete" : "add"](field.dataset.qaUse);
    choice = { ...choice, without: [...without] };
    refresh();
  } else if (field.closest?.("[data-qa-choose]") && field.name !== "find") {
    choice = { ...choice, [field.name]: field.value };
    refresh();
  }
});

let typed = 0;
document.addEventListener("input", (event) => {
  if (event.target.id !== "qa-find") return;
  find = event.target.value;
  clearTimeout(typed);
  typed = setTimeout(refresh, 250);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-qa-choose]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button || button.disabled) return;
  const { qaAdd, qaRemove, qaRestore } = button.dataset;
  if (qaAdd !== undefined) pick(qaAdd === "folder");
  else if (button.hasAttribute("data-qa-everything")) {
    choice = {};
    find = "";
    refresh();
  } else if (button.hasAttribute("data-qa-stop")) {
    trigger("stop", {});
  } else if (button.hasAttribute("data-qa-away")) news.classList.add("qa-away");
  else if (qaRemove !== undefined && sure(button)) trigger("apply", { ...whose(), document: qaRemove });
  else if (qaRestore !== undefined) trigger("undo", { ...whose(), file: qaRestore });
});

// What is said of documents on their way, under the bar; once it is done, the list is shown anew.
const news = byId("qa-news");
function told() {
  sized(news);
  if (shelf()) refresh();
  if (element.querySelector(".qa-welcome [data-qa-drop]")) trigger("input", whose()); // now there is something to ask
}
new MutationObserver(() => {
  news.classList.remove("qa-away");
  const done = news.querySelector("[data-qa-done]:not([data-qa-seen])");
  if (!done) return;
  done.dataset.qaSeen = "";
  told();
}).observe(news, { childList: true, subtree: true });

// Files go through Gradio's own field, which is out of sight: it sends them, and the server says what becomes of them.
const inbox = () => document.querySelector("#qa-inbox input[type=file]");
let large = []; // names of files that are too large to be sent; they are told of with the others
let sorted = false; // whether these are taken out already

window.qaTooLarge = () => large;

function pick(folder) {
  const field = inbox();
  field.webkitdirectory = folder;
  field.click();
}

function handOver(files) {
  const field = inbox();
  const all = new DataTransfer();
  files.filter((file) => !file.name.startsWith(".")).forEach((file) => all.items.add(file));
  field.webkitdirectory = false;
  field.files = all.files;
  sorted = large.length > 0;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  sorted = false;
}

// One file too large would keep all others out.
document.addEventListener(
  "change",
  (event) => {
    if (event.target !== inbox() || sorted) return;
    const most = Number(byId("qa-form").dataset.qaMost);
    const files = [...event.target.files];
    const small = files.filter((file) => file.size <= most);
    large = files.filter((file) => file.size > most).map((file) => file.name);
    if (!large.length) return;
    event.stopImmediatePropagation();
    if (small.length) handOver(small);
    else trigger("upload", { large });
  },
  true,
);

// The files of what was dropped, those in folders too.
async function dropped(entry) {
  if (!entry) return [];
  if (entry.isFile) return [await new Promise((done) => entry.file(done, () => done(null)))].filter(Boolean);
  const source = entry.createReader();
  const inside = [];
  for (;;) {
    const some = await new Promise((done) => source.readEntries(done, () => done([])));
    if (!some.length) return (await Promise.all(inside.map(dropped))).flat();
    inside.push(...some);
  }
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-qa-drop]");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("qa-over", kind === "dragover");
    if (kind !== "drop") return;
    const plain = [...event.dataTransfer.files]; // all there is of what has no entry
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    Promise.all(entries.map(dropped)).then((inside) => {
      const files = entries.some(Boolean) ? inside.flat() : plain;
      if (files.length) handOver(files);
    });
  });
}
