// The document list: filtering, finding, adding and deleting documents. Runs after page.js.

let documentFilter = {}; // which documents answers may come from: since, until, publisher, excluded
let find = ""; // the search words
let position = null; // scroll position and focus to restore when the list is shown again
let lastRestored = 0; // the last request whose response was handled

const listQuery = () => ({ filter: documentFilter, find });
const documentList = () => viewer().querySelector("[data-qa-document-list]");

// Requests the list again, to be shown at the same scroll position.
function refresh() {
  const body = viewer().querySelector(".qa-pane-body");
  const focus = document.activeElement;
  position = { top: body.scrollTop, id: focus?.id, at: focus?.selectionStart };
  wanted = JSON.stringify({ documents: true });
  watchViewer();
  trigger("select", { ...chatIds(), documents: true, ...listQuery(), request: ++requests });
}

// Updates the bar and the note when a document list is shown; returns true if scroll position and focus were restored.
function restoreDocumentList() {
  const list = documentList();
  if (!list) return false;
  if (lastRestored === requests) return true; // Gradio only changed the element that it had shown
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

// Shows in the bar how many documents there are now.
function showSize(part) {
  const now = part.querySelector("[data-qa-size]");
  const size = byId("qa-head").querySelector("[data-qa-documents]");
  if (!now || size.textContent === now.dataset.qaSize) return;
  size.textContent = now.dataset.qaSize;
  size.ariaLabel = now.dataset.qaSizeLabel;
}

// Shows above the question that not all documents are used.
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

// Messages about uploads and deletions, under the bar; when one is finished, the list is refreshed.
const messages = byId("qa-messages");
function documentsChanged() {
  showSize(messages);
  if (documentList()) refresh();
  if (element.querySelector(".qa-welcome [data-qa-drop]")) trigger("input", chatIds()); // there may be suggested questions now
}
new MutationObserver(() => {
  messages.classList.remove("qa-dismissed");
  const done = messages.querySelector("[data-qa-done]:not([data-qa-seen])");
  if (!done) return;
  done.dataset.qaSeen = "";
  documentsChanged();
}).observe(messages, { childList: true, subtree: true });

// Gradio's own file field, out of sight, uploads the files; the server reports the result for each.
const uploadField = () => document.querySelector("#qa-uploads input[type=file]");
let tooLarge = []; // names of files that are too large to upload; they are reported with the others
let alreadySplit = false; // whether the files in the field have had these removed

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

// Gradio would reject all files because of one that is too large, so those are taken out first.
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

// Returns the files of a dropped entry; of a folder, those in its subfolders too.
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
    const plain = [...event.dataTransfer.files]; // a browser without entries offers only these
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    Promise.all(entries.map(filesIn)).then((inside) => {
      const files = entries.some(Boolean) ? inside.flat() : plain;
      if (files.length) upload(files);
    });
  });
}
