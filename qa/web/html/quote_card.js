// The card over a marker that is hovered over or has the focus: a copy of what data-qa-peek names. Follows page.js.

const peek = Object.assign(document.createElement("div"), { id: "qa-peek", hidden: true });
peek.setAttribute("role", "tooltip");
(document.querySelector("main") || document.body).append(peek);

const EDGE = 12; // pixels between the card and the window's edges
let due = 0; // the timer that shows or hides the card
let over = null; // what it stands at
let stood = 0; // pixels from the window's top to that, when the card was put there

function showPeek(anchor) {
  const source = byId(anchor.dataset.qaPeek);
  if (!source) return;
  over = anchor;
  peek.replaceChildren(...source.cloneNode(true).childNodes);
  if (source.matches("p")) peek.replaceChildren(source.textContent);
  peek.classList.toggle("qa-peek-line", source.matches("p"));
  peek.hidden = false;
  const at = anchor.getClientRects()[0];
  stood = at.top;
  const { width, height } = peek.getBoundingClientRect();
  const beside = anchor.closest(".qa-turn")?.querySelector(".qa-sources")?.getBoundingClientRect();
  // Over the sources where these stand beside the answer, so that no other marker is covered; else below or above.
  const aside = !source.matches("p") && beside && beside.left > at.right;
  const below = at.bottom + 8 + height + EDGE <= innerHeight || at.top < height + 8 + EDGE;
  const left = aside ? beside.left - 8 : at.left + at.width / 2 - width / 2;
  const top = aside ? Math.min(at.top - 16, innerHeight - height - EDGE) : below ? at.bottom + 8 : at.top - 8 - height;
  peek.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  peek.style.top = `${Math.max(EDGE, top)}px`;
}

function takeAway() {
  const there = !peek.hidden;
  peek.hidden = true;
  over = null;
  return there;
}

function hidePeek() {
  clearTimeout(due);
  return takeAway();
}

function later(milliseconds, work) {
  clearTimeout(due);
  due = setTimeout(work, milliseconds);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const anchor = event.target.closest?.("[data-qa-peek]");
  if (anchor && anchor !== over) later(peek.hidden ? 140 : 40, () => showPeek(anchor));
  else if (anchor || peek.contains(event.target)) clearTimeout(due);
  else if (!peek.hidden) later(180, hidePeek);
  else clearTimeout(due);
});

document.addEventListener("focusin", (event) => {
  const anchor = event.target.closest?.("[data-qa-peek]");
  if (anchor?.matches(":focus-visible")) later(0, () => showPeek(anchor));
  else hidePeek();
});

document.addEventListener("click", hidePeek);
// A marker that was scrolled to when it took the focus hears of that only when its card is there, or about to be.
document.addEventListener("scroll", () => over && over.getClientRects()[0]?.top !== stood && takeAway(), true);
