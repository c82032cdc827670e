"""Every word that the page itself says, in English. A translation is this file in another language."""

BUILTIN = "Built-in reports"
ASK_FIRST = "What would you like to know?"
PROMISE = (
    "Answers are the documents’ own words, each with the place it stands at. "
    "Where the documents do not say, you are told so."
)
TRY = "Try one of these"

# The bar and the form
NEW_CHAT = "New chat"
CHATS = "Chats"
CONVERSATION = "Conversation"
QUESTION = "Question"
PLACEHOLDER = "Ask these documents"
ASK = "Ask"
KEYS = (("/", "to type"), ("Enter", "to ask"), ("j k", "to walk the sources"), ("Esc", "to close"))

# While an answer is awaited
READING = "Reading"
STILL_READING = "Still reading, this question takes longer than most…"

# An answer
SOURCES = "Sources"
SEARCHED_FOR = "Searching for:"
EDIT = "Edit"
EDIT_LABEL = "Edit the question as it was understood"
SURE = ("Very sure", "Sure", "Fairly sure", "Unsure", "Very unsure")
"""From the most to the least; see qa.rendering.LEVELS."""
THAT_IT_ANSWERS = "that this answers the question"
COPY, COPY_LABEL, COPIED = "Copy", "Copy the answer as text", "Copied"
MARKDOWN, MARKDOWN_LABEL = "Markdown", "Copy the answer as Markdown with references"
LINK, LINK_LABEL = "Link", "Copy a link to this question"
ABOUT_THIS = "This answer"
RIGHT, WRONG = "This is right", "This is wrong"
REMARK = {1: "What was good about it?", -1: "What would have been right?"}
SAVE = "Save"
KEPT = "Kept"

# A refusal
NOT_SAID = "The documents do not say"
NEAREST = "Nearest passages"
NOT_AN_ANSWER = "not an answer"
LACKING = "In no document:"
FOREIGN = "The question seems to be in another language than English, which the default model and reader are made for."

# A document
DOCUMENT = "Document"
DOCUMENTS = "Documents"
PROBLEM = "Problem"
CLOSE = "Close"
BEFORE = "Previous source"
AFTER = "Next source"
NEAR_PASSAGE = "Near passage, not an answer"

# Conversations
NO_CHATS = "No chats yet. What you ask is kept here, on this computer, until you delete it."
RENAME, NAME = "Rename", "Name of the chat"
EXPORT = {"md": "Markdown", "json": "JSON", "csv": "CSV"}
DELETE = "Delete"
UNTITLED = "Chat"

# What went wrong
BROKEN = "Something went wrong on this side; the terminal that the page was started from says what."
NO_SUCH_TURN = "this conversation has no such source any more; ask again"
NO_SUCH_SOURCE = "this answer has no such source; click one of its numbers"
CHANGED = "this document has changed since it was cited, and the words no longer stand at that place; ask again"


def documents(count: int) -> str:
    """So many documents."""
    return _count(count, "document")


def passages(count: int) -> str:
    """So many passages."""
    return _count(count, "passage")


def searching(count: int) -> str:
    """While passages are searched."""
    return f"Searching {passages(count)}…"


def searched(known: int, held: int) -> str:
    """What was searched before the documents were found not to say."""
    return f"Searched {passages(held)} of {documents(known)}"


def searched_for(known: int, held: int) -> str:
    """The same, before the question that was searched for."""
    return f"{searched(known, held)} for:"


def more(count: int) -> str:
    """After a list that was cut."""
    return f"… and {count:,} more"


def listing(size: str) -> str:
    """Of the button that lists the documents."""
    return f"List {size}"


def source(marker: int, title: str) -> str:
    """Of a citation's number."""
    return f"Source {marker}: {title}"


def source_of(marker: int, count: int) -> str:
    """Which of an answer's citations a document shows."""
    return f"Source {marker} of {count}"


def page(number: int) -> str:
    """Where in a document of pages."""
    return f"page {number}"


def odds(confidence: float) -> str:
    """What a confidence means."""
    return f"{confidence:.0%}: of 100 answers given with this confidence, about {100 * confidence:.0f} are right"


def questions(count: int) -> str:
    """So many questions."""
    return _count(count, "question")


def deleting(count: int) -> str:
    """Asked before a conversation is deleted."""
    return f"Delete {questions(count)} and ratings for good?"


def exporting(name: str, kind: str) -> str:
    """Of the button that downloads a conversation."""
    return f"Download {name} as {kind}"


def of(what: str, name: str) -> str:
    """Of a button that does something to one of many."""
    return f"{what} {name}"


def evidence(cited: int, known: int) -> str:
    """From how many of the documents an answer is."""
    return f"Evidence from {cited:,} of {documents(known)}"


def text_of(label: str) -> str:
    """Of the part of a pane that scrolls."""
    return f"{label}, text"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
