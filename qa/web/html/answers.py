"""An answer as HTML: pure functions. All text of documents, titles and questions is escaped piece by piece."""

from html import escape

from qa.history.rendering import (
    answer_as_markdown,
    answer_as_text,
    citation_details,
    confidence_level,
    nearest,
    one_line,
)
from qa.history.turn import Neighbours, Turn
from qa.types import Answer, Citation, Hit
from qa.web.html import strings
from qa.web.html.icons import icon

LONG = 60
"""Characters above which the shortest answer is set smaller."""

NONE: Neighbours = ("", "")


def render_answer(turn: Turn, answer: Answer, place: int, searched: str = "") -> str:
    """For the chat: the shortest answer, the quoted sentences with markers that open their sources, or the refusal.

    `searched` says what a refused question was looked for in; `place` is the turn's in its conversation.
    """
    if answer.abstained:
        return _refusal(turn, answer, searched)
    if not answer.citations:
        return f'<div class="qa-answer"><p class="qa-small-talk">{escape(answer.text)}</p></div>'
    size = "qa-short qa-short-long" if len(answer.short or "") > LONG else "qa-short"
    short = f'<p class="{size}" dir="auto">{escape(answer.short)}</p>' if answer.short else ""
    quotes = "".join(
        f'<blockquote class="qa-quote" dir="auto">{escape(c.text)} {_marker(c, place)}</blockquote>'
        for c in answer.citations
    )
    sure = _confidence(answer.confidence, place)
    return f'<div class="qa-answer">{_understood(answer)}{short}{quotes}{sure}{_actions(turn, answer)}</div>'


def render_sources(answer: Answer) -> str:
    """For the column beside the answer: a card for each citation, or the nearest passages marked as no answer."""
    if not answer.abstained:
        return "".join(_card(c) for c in answer.citations)
    cards = "".join(_nearest_card(place, hit) for place, hit in enumerate(nearest(answer), 1))
    hint = f"{escape(strings.NEAREST_PASSAGES)}, <strong>{escape(strings.NOT_AN_ANSWER)}</strong>"
    return f'<p class="qa-hint">{hint}</p>{cards}' if cards else ""


def render_quote_cards(turn: Turn, answer: Answer, place: int) -> str:
    """What hovering shows, hidden until then: of each marker its source with the quote between its neighbours."""
    around = (*turn.around, *[NONE] * len(answer.citations))
    cards = "".join(_quote_card(c, beside, place) for c, beside in zip(answer.citations, around, strict=False))
    odds = (
        f'<p id="{_odds_id(place)}">{escape(strings.confidence_meaning(answer.confidence))}</p>'
        if answer.citations
        else ""
    )
    return f'<div class="qa-quote-cards" hidden>{cards}{odds}</div>' if cards else ""


def _understood(answer: Answer, before: str = strings.SEARCHED_FOR) -> str:
    if answer.standalone_question == answer.question:
        return ""
    return _searched_for(before, answer.standalone_question)


def _searched_for(before: str, question: str) -> str:
    return (
        f'<p class="qa-understood">{escape(before)} <span class="qa-searched-for" dir="auto">{escape(question)}</span> '
        f'<button type="button" class="qa-edit" data-qa-edit="{escape(question)}" '
        f'aria-label="{escape(strings.EDIT_LABEL)}">{icon("pen")}{escape(strings.EDIT)}</button></p>'
    )


def _refusal(turn: Turn, answer: Answer, searched: str) -> str:
    words = "".join(f'<li dir="auto">{escape(word)}</li>' for word in answer.missing_terms)
    lacking = f'<p>{escape(strings.MISSING_WORDS)}</p><ul class="qa-missing-words">{words}</ul>' if words else ""
    language = f"<p>{escape(strings.FOREIGN_LANGUAGE)}</p>" if answer.question_language else ""
    return (
        f'<div class="qa-answer qa-refusal"><p class="qa-verdict">{escape(strings.REFUSED)}</p>'
        f"{_searched_for(searched, answer.standalone_question)}{lacking}{language}"
        f'<div class="qa-actions" role="group" aria-label="{escape(strings.ANSWER_ACTIONS)}">{_thumbs(turn)}</div>'
        f"{_remark(turn)}</div>"
    )


def _confidence(confidence: float, place: int) -> str:
    steps = len(strings.CONFIDENCE_LEVELS)
    level = strings.CONFIDENCE_LEVELS[confidence_level(confidence)]
    reached = steps - confidence_level(confidence)
    bars = "".join(f'<i class="qa-bar-{"on" if step < reached else "off"}"></i>' for step in range(steps))
    return (
        f'<p class="qa-confidence"><span class="qa-bars" aria-hidden="true">{bars}</span>'
        f'<span class="qa-confidence-label" tabindex="0" role="note" data-qa-quote-card="{_odds_id(place)}" '
        f'aria-describedby="{_odds_id(place)}">{escape(level)}</span> '
        f"{escape(strings.CONFIDENCE_SUFFIX)}</p>"
    )


def _actions(turn: Turn, answer: Answer) -> str:
    return (
        f'<div class="qa-actions" role="group" aria-label="{escape(strings.ANSWER_ACTIONS)}">'
        f"{_copy(strings.COPY, strings.COPY_LABEL, answer_as_text(answer), 'copy')}"
        f"{_copy(strings.MARKDOWN, strings.MARKDOWN_LABEL, answer_as_markdown(answer), 'copy')}"
        f'<button type="button" class="qa-action" data-qa-link="{escape(answer.standalone_question)}" '
        f'data-qa-done="{escape(strings.COPIED)}" aria-label="{escape(strings.LINK_LABEL)}">'
        f"{icon('link')}<span>{escape(strings.LINK)}</span></button>{_thumbs(turn)}</div>{_remark(turn)}"
    )


def _thumbs(turn: Turn) -> str:
    def thumb(name: str, label: str, rating: int) -> str:
        pressed = "true" if turn.rating == rating else "false"
        return (
            f'<button type="button" class="qa-action" data-qa-rate="{rating}" aria-pressed="{pressed}" '
            f'aria-label="{escape(label)}" title="{escape(label)}">{icon(name)}</button>'
        )

    return f"{thumb('up', strings.RIGHT, 1)}{thumb('down', strings.WRONG, -1)}"


def _remark(turn: Turn) -> str:
    """Where a rated answer is remarked upon; the page's script sends it."""
    if not turn.rating:
        return ""
    label = escape(strings.REMARK_PROMPTS[turn.rating])
    kept = f'<span class="qa-hint" role="status">{escape(strings.SAVED)}</span>' if turn.remark else ""
    return (
        f'<form class="qa-remark" data-qa-remark="{turn.rating}" autocomplete="off"><input type="text" '
        f'maxlength="2000" value="{escape(turn.remark)}" placeholder="{label}" aria-label="{label}">'
        f'<button type="submit" class="qa-action">{escape(strings.SAVE)}</button>{kept}</form>'
    )


def _copy(label: str, long: str, text: str, name: str) -> str:
    return (
        f'<button type="button" class="qa-action" data-qa-copy="{escape(text)}" data-qa-done="{escape(strings.COPIED)}" '  # noqa: E501
        f'aria-label="{escape(long)}">{icon(name)}<span>{escape(label)}</span></button>'
    )


def _marker(citation: Citation, place: int) -> str:
    # The page's script listens for clicks on data-qa-open, and shows what data-qa-quote-card names.
    label = escape(strings.source_label(citation.marker, one_line(citation.title, 100)))
    return (
        f'<button type="button" class="qa-marker" data-qa-open="{citation.marker}" '
        f'data-qa-quote-card="{_quote_card_id(place, citation)}" aria-label="{label}">{citation.marker}</button>'
    )


def _quote_card(citation: Citation, beside: Neighbours, place: int) -> str:
    before, after = (
        f'<span class="qa-neighbour">{escape(" ".join(one.split()))}</span>' if one else "" for one in beside
    )
    return (
        f'<div id="{_quote_card_id(place, citation)}"><p class="qa-card-title" dir="auto">'
        f"{escape(one_line(citation.title, 160))}</p>"
        f'<p class="qa-details">{escape(_details(citation))}</p>'
        f'<p class="qa-quote-card-text" dir="auto">{before} <mark>{escape(citation.text)}</mark> {after}</p></div>'
    )


def _card(citation: Citation) -> str:
    return (
        f'<button type="button" class="qa-card" data-qa-open="{citation.marker}">'
        f'<span class="qa-number">{citation.marker}</span>'
        f'<span class="qa-card-title" dir="auto">{escape(one_line(citation.title, 160))}</span>'
        f'<span class="qa-details">{escape(_details(citation))}</span></button>'
    )


def _nearest_card(place: int, hit: Hit) -> str:
    return (
        f'<button type="button" class="qa-card qa-nearest" data-qa-near="{place}">'
        f'<span class="qa-card-quote" dir="auto">{escape(one_line(hit.passage.text, 220))}</span>'
        f'<span class="qa-details">{escape(one_line(hit.passage.document_id, 80))}</span></button>'
    )


def _details(citation: Citation) -> str:
    page = strings.page_number(citation.page) if citation.page is not None else ""
    return " · ".join(citation_details(citation, page))


def _quote_card_id(place: int, citation: Citation) -> str:
    return f"qa-quote-card-{place}-{citation.marker}"


def _odds_id(place: int) -> str:
    return f"qa-odds-{place}"
