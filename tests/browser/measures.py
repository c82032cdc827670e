"""JavaScript that measures the page from inside."""

CONTRASTS = """() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const over = (top, under) => top.rgb.map((c, i) => c * top.a + under[i] * (1 - top.a));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const color = parse(getComputedStyle(element).backgroundColor);
    return color.a === 1 ? color.rgb : over(color, ground(element.parentElement));
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const placeholder = element.matches("textarea") ? getComputedStyle(element, "::placeholder").color : null;
    if ((!own && !placeholder) || element.matches("script, style")) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const under = ground(element);
    const text = over(parse(placeholder || getComputedStyle(element).color), under);
    const [light, dark] = [luminance(text), luminance(under)].sort((a, b) => b - a);
    found.push([(light + 0.05) / (dark + 0.05), element.className || element.tagName]);
  }
  return found;
}"""
"""[contrast ratio as WCAG 2 defines it, class] of every visible text and what is under it."""

IN_SIGHT = """(element) => [...element.getClientRects()].filter((box) => box.width > 0).every((box) => {
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const seen = document.elementFromPoint(x, y);
  const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
  return inside && element.contains(seen);
})"""
"""Whether every line of an element is inside the window with nothing over it; empty lines do not count."""

SIDEWAYS = """() => {
  const out = (element) => element.getBoundingClientRect().right > innerWidth + 1;
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const wider = (element) => element.scrollWidth > element.clientWidth + 1;
  return [document.documentElement, ...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.matches(".qa-visually-hidden"))
    .filter((element) => out(element) || (scrolls(element) && wider(element)))
    .map((element) => element.outerHTML.slice(0, 120));
}"""
"""Elements that reach beyond the right edge of the window, or that scroll sideways."""
