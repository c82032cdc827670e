// The documents beside the chat: which of them are used, found, added and deleted. Follows page.js.

let documentFilter = {}; // what answers may come from: since, until, publisher, excluded
let find = ""; // what is looked for in the list
let position = null; // where the list was scrolled to and which of its parts had the focus, until it is shown anew
let lastRestored = 0; // the number of the place that was seen to

const listQuery = () => ({ filter: documentFilter, find });
const documentList = () => viewer().querySelector("[data-qa-document-list]");

// Shows the documents anew, at the same place.
function refresh() {
  const body = viewer().querySelector(".qa-pane-body");
  const focus = document.activeElement;
  position = { top: body.scrollTop, id: focus?.id, at: focus?.selectionStart };
  wanted = JSON.stringify({ documents: true });
  watchViewer();
  trigger("select", { ...chatIds(), documents: true, ...listQuery(), request: ++requests });
}

// What bar and chat say of the documents that are shown; true where they were shown before, and are at their place again.
function restoreDocumentList() {
  const list = documentList();
  if (!list) return false;
  if (lastRestored === requests) return true; // it was only touched
  lastRestored = requests;
  showNote(list.dataset.qaNote);
  showSize(list);
  if (!position) return false;
  viewer().querySelector(".qa-pane-body").scrollTop = position.top;
  const field = position.id && byId(position.id);
  if (field) {
    field.focus({ preventScroll: true });
    if (field.type === "search") field.setSelectionRange(position.at, position.at);
  }
  position = null;
  return true;
}

// In the bar: how many documents there are now.
function showSize(part) {
  const now = part.querySelector("[data-qa-size]");
  const size = byId("qa-head").querySelector("[data-qa-documents]");
  if (!now || size.textContent === now.dataset.qaSize) return;
  size.textContent = now.dataset.qaSize;
  size.ariaLabel = now.dataset.qaSizeLabel;
}

// Above the question: that not all documents are used.
function showNote(words) {
  const line = byId("qa-note");
  if (!line || line.textContent === words) return;
  line.textContent = words;
  line.hidden = !words;
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches?.("[data-qa-use]")) {
    const excluded = new Set(documentFilter.excluded);
    excluded[field.checked ? "delete" : "add"](field.dataset.qaUse);
    documentFilter = { ...documentFilter, excluded: [...excluded] };
    refresh();
  } else if (field.closest?.("[data-qa-filter]") && field.name !== "find") {
    documentFilter = { ...documentFilter, [field.name]: field.value };
    refresh();
  }
});

let findTimer = 0;
document.addEventListener("input", (event) => {
  if (event.target.id !== "qa-find") return;
  find = event.target.value;
  clearTimeout(findTimer);
  findTimer = setTimeout(refresh, 250);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-qa-filter]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button || button.disabled) return;
  const { qaAdd, qaRemove, qaRestore } = button.dataset;
  if (qaAdd !== undefined) chooseFiles(qaAdd === "folder");
  else if (button.hasAttribute("data-qa-use-all")) {
    documentFilter = {};
    find = "";
    refresh();
  } else if (button.hasAttribute("data-qa-stop")) {
    trigger("stop", {});
  } else if (button.hasAttribute("data-qa-dismiss")) messages.classList.add("qa-dismissed");
  else if (qaRemove !== undefined && confirmed(button)) trigger("apply", { ...chatIds(), document: qaRemove });
  else if (qaRestore !== undefined) trigger("undo", { ...chatIds(), file: qaRestore });
});

// What is said of documents on their way, under the bar; once it is done, the list is shown anew.
const messages = byId("qa-messages");
function documentsChanged() {
  showSize(messages);
  if (documentList()) refresh();
  if (element.querySelector(".qa-welcome [data-qa-drop]")) trigger("input", chatIds()); // now there is something to ask
}
new MutationObserver(() => {
  messages.classList.remove("qa-dismissed");
  const done = messages.querySelector("[data-qa-done]:not([data-qa-seen])");
  if (!done) return;
  done.dataset.qaSeen = "";
  documentsChanged();
}).observe(messages, { childList: true, subtree: true });

// Files go through Gradio's own field, which is out of sight: it sends them, and the server says what becomes of them.
const uploadField = () => document.querySelector("#qa-uploads input[type=file]");
let tooLarge = []; // names of files that are too large to be sent; they are told of with the others
let alreadySplit = false; // whether these are taken out already

window.qaTooLarge = () => tooLarge;

function chooseFiles(folder) {
  const field = uploadField();
  field.webkitdirectory = folder;
  field.click();
}

function upload(files) {
  const field = uploadField();
  const transfer = new DataTransfer();
  files.filter((file) => !file.name.startsWith(".")).forEach((file) => transfer.items.add(file));
  field.webkitdirectory = false;
  field.files = transfer.files;
  alreadySplit = tooLarge.length > 0;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  alreadySplit = false;
}

// One file too large would keep all others out.
document.addEventListener(
  "change",
  (event) => {
    if (event.target !== uploadField() || alreadySplit) return;
    const limit = Number(byId("qa-form").dataset.qaMaxBytes);
    const files = [...event.target.files];
    const small = files.filter((file) => file.size <= limit);
    tooLarge = files.filter((file) => file.size > limit).map((file) => file.name);
    if (!tooLarge.length) return;
    event.stopImmediatePropagation();
    if (small.length) upload(small);
    else trigger("upload", { large: tooLarge });
  },
  true,
);

// The files of what was dropped, those in folders too.
async function filesIn(entry) {
  if (!entry) return [];
  if (entry.isFile) return [await new Promise((done) => entry.file(done, () => done(null)))].filter(Boolean);
  const source = entry.createReader();
  const inside = [];
  for (;;) {
    const some = await new Promise((done) => source.readEntries(done, () => done([])));
    if (!some.length) return (await Promise.all(inside.map(filesIn))).flat();
    inside.push(...some);
  }
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-qa-drop]");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("qa-dragover", kind === "dragover");
    if (kind !== "drop") return;
    const plain = [...event.dataTransfer.files]; // all there is of what has no entry
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    Promise.all(entries.map(filesIn)).then((inside) => {
      const files = entries.some(Boolean) ? inside.flat() : plain;
      if (files.length) upload(files);
    });
  });
}
