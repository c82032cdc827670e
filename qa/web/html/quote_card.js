// The quote card beside a marker that is hovered or focused: a copy of the element that data-qa-quote-card names.
// Runs after page.js.

const quoteCard = Object.assign(document.createElement("div"), { id: "qa-quote-card", hidden: true });
quoteCard.setAttribute("role", "tooltip");
(document.querySelector("main") || document.body).append(quoteCard);

const EDGE_PX = 12; // pixels between the card and the window's edges
let timer = 0; // shows or hides the card
let cardAnchor = null; // the element that the card belongs to
let anchorTop = 0; // pixels from the top of the window to the anchor when the card was placed

function showQuoteCard(anchor) {
  const source = byId(anchor.dataset.qaQuoteCard);
  if (!source) return;
  cardAnchor = anchor;
  quoteCard.replaceChildren(...source.cloneNode(true).childNodes);
  if (source.matches("p")) quoteCard.replaceChildren(source.textContent);
  quoteCard.classList.toggle("qa-quote-card-line", source.matches("p"));
  quoteCard.hidden = false;
  const at = anchor.getClientRects()[0];
  anchorTop = at.top;
  const { width, height } = quoteCard.getBoundingClientRect();
  const beside = anchor.closest(".qa-turn")?.querySelector(".qa-sources")?.getBoundingClientRect();
  // If the sources are beside the answer, the card covers them, and so no other marker; else it goes below or above.
  const aside = !source.matches("p") && beside && beside.left > at.right;
  const below = at.bottom + 8 + height + EDGE_PX <= innerHeight || at.top < height + 8 + EDGE_PX;
  const left = aside ? beside.left - 8 : at.left + at.width / 2 - width / 2;
  const top = aside ? Math.min(at.top - 16, innerHeight - height - EDGE_PX) : below ? at.bottom + 8 : at.top - 8 - height;
  quoteCard.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
  quoteCard.style.top = `${Math.max(EDGE_PX, top)}px`;
}

function removeQuoteCard() {
  const wasShown = !quoteCard.hidden;
  quoteCard.hidden = true;
  cardAnchor = null;
  return wasShown;
}

function hideQuoteCard() {
  clearTimeout(timer);
  return removeQuoteCard();
}

function schedule(milliseconds, work) {
  clearTimeout(timer);
  timer = setTimeout(work, milliseconds);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const anchor = event.target.closest?.("[data-qa-quote-card]");
  if (anchor && anchor !== cardAnchor) schedule(quoteCard.hidden ? 140 : 40, () => showQuoteCard(anchor));
  else if (anchor || quoteCard.contains(event.target)) clearTimeout(timer);
  else if (!quoteCard.hidden) schedule(180, hideQuoteCard);
  else clearTimeout(timer);
});

document.addEventListener("focusin", (event) => {
  const anchor = event.target.closest?.("[data-qa-quote-card]");
  if (anchor?.matches(":focus-visible")) schedule(0, () => showQuoteCard(anchor));
  else hideQuoteCard();
});

document.addEventListener("click", hideQuoteCard);
// Focusing a marker may scroll to it, and the scroll event comes only after its card is shown or scheduled. So the card
// is removed only if its anchor has moved since.
document.addEventListener(
  "scroll",
  () => cardAnchor && cardAnchor.getClientRects()[0]?.top !== anchorTop && removeQuoteCard(),
  true,
);
