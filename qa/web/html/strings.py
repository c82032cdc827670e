"""Every word that the page itself says, in English. A translation is this file in another language."""

BUILTIN_CORPUS = "Built-in reports"
WELCOME_TITLE = "What would you like to know?"
WELCOME_TEXT = (
    "Answers are the documents’ own words, each with the place it stands at. "
    "Where the documents do not say, you are told so."
)
EXAMPLES_TITLE = "Try one of these"
NO_DOCUMENTS_TITLE = "There are no documents yet"
NO_DOCUMENTS_YET = "The documents do not say, for there are none yet; add some."

# The bar and the form
NEW_CHAT = "New chat"
CHATS = "Chats"
CHAT = "Conversation"
QUESTION = "Question"
PLACEHOLDER = "Ask these documents"
ASK = "Ask"
SHORTCUTS = (("/", "to type"), ("Enter", "to ask"), ("j k", "to walk the sources"), ("Esc", "to close"))

# While an answer is awaited
READING = "Reading"
STILL_READING = "Still reading, this question takes longer than most…"

# An answer
SOURCES = "Sources"
SEARCHED_FOR = "Searching for:"
EDIT = "Edit"
EDIT_LABEL = "Edit the question as it was understood"
CONFIDENCE_LEVELS = ("Very sure", "Sure", "Fairly sure", "Unsure", "Very unsure")
"""From the most to the least; see qa.history.rendering.LEVELS."""
CONFIDENCE_SUFFIX = "that this answers the question"
COPY, COPY_LABEL, COPIED = "Copy", "Copy the answer as text", "Copied"
MARKDOWN, MARKDOWN_LABEL = "Markdown", "Copy the answer as Markdown with references"
LINK, LINK_LABEL = "Link", "Copy a link to this question"
ANSWER_ACTIONS = "This answer"
RIGHT, WRONG = "This is right", "This is wrong"
REMARK_PROMPTS = {1: "What was good about it?", -1: "What would have been right?"}
SAVE = "Save"
SAVED = "Kept"

# A refusal
REFUSED = "The documents do not say"
NEAREST_PASSAGES = "Nearest passages"
NOT_AN_ANSWER = "not an answer"
MISSING_WORDS = "In no document:"
FOREIGN_LANGUAGE = (
    "The question seems to be in another language than English, which the default model and reader are made for."
)

# A document
DOCUMENT = "Document"
DOCUMENTS = "Documents"
PROBLEM = "Problem"
CLOSE = "Close"
PREVIOUS_SOURCE = "Previous source"
NEXT_SOURCE = "Next source"
NEAREST_PASSAGE = "Near passage, not an answer"

# The documents
DROP_FILES = "Drop files or folders here; they are copied to this computer’s data directory and stay on it."
ADD_FILES, ADD_FOLDER = "Add files", "Add a folder"
UPLOAD_RESULTS = "What became of the files"
PREPARING = "Looking at the files…"
PROGRESS = "How far it is"
STOP, STOPPED_BEFORE_READING = "Stop", "stopped before it was read"
UPLOAD_STOPPED = "Stopped. What was read until then is kept, the other files were not added."
TIMELINE = "Documents by day of publication"
FILTER_DOCUMENTS = "Choose documents"
FIND = "Find"
SINCE, UNTIL = "From", "To"
PUBLISHER, ANY_PUBLISHER = "Publisher", "Any"
USE_ALL = "Use all"
USE_FOR_ANSWERS = "Use for answers:"
ALL_DOCUMENTS_USED = "All documents are used for answers."
NO_MATCH = "No document matches."
NO_DOCUMENT_SELECTED = "No document is chosen to answer from; choose some under Documents."
UNDO = "Undo"
DISMISS = "Put this message away"
UP_TO_DATE = "The documents are up to date."
DELETING = "Deleting, and searching every byte kept for what is left…"
FILE_STATUS = {
    "indexed": "added", "replaced": "replaced the earlier one", "renamed": "known under another name",
    "unchanged": "was here already", "skipped": "left out", "failed": "not added", "forgotten": "left out",
}  # fmt: skip

# Conversations
NO_CHATS = "No chats yet. What you ask is kept here, on this computer, until you delete it."
RENAME, NAME = "Rename", "Name of the chat"
EXPORT = {"md": "Markdown", "json": "JSON", "csv": "CSV"}
DELETE = "Delete"
UNTITLED = "Chat"

# What went wrong
BUSY = "Many people are asking just now, and this question was not answered. Ask it again in a moment."
INTERNAL_ERROR = "Something went wrong on this side; the terminal that the page was started from says what."
NO_SUCH_TURN = "this conversation has no such source any more; ask again"
NO_SUCH_SOURCE = "this answer has no such source; click one of its numbers"
NO_SUCH_DOCUMENT = "there is no such document any more"
DOCUMENT_CHANGED = (
    "this document has changed since it was cited, and the words no longer stand at that place; ask again"
)


def documents(count: int) -> str:
    """So many documents."""
    return _count(count, "document")


def passages(count: int) -> str:
    """So many passages."""
    return _count(count, "passage")


def undated(count: int) -> str:
    """Beside the time line: documents that are not on it."""
    return f"{documents(count)} without a day"


def documents_used(used: int, known: int) -> str:
    """Which of the documents answers are looked for in."""
    return f"Answers come from {used:,} of {documents(known)}"


def reading_file(name: str, place: int, count: int) -> str:
    """Which file is being read."""
    return f"Reading {name}, file {place:,} of {count:,}"


def indexing_speed(count: int, per_second: float, seconds_left: float | None) -> str:
    """How fast it goes, and how long still."""
    left = "" if seconds_left is None else f" · about {max(seconds_left, 1):,.0f} s left"
    return f"{passages(count)} · {per_second:,.0f} a second{left}"


def file_result(status: str, reason: str = "", count: int = 0) -> str:
    """What became of a file that was handed over."""
    held = f", {passages(count)}" if count and not reason else ""
    return FILE_STATUS.get(status, status) + held + (f": {reason}" if reason else "")


def too_many_files(most: int) -> str:
    """Why a file was not taken."""
    return f"more than {most:,} files at once; add the rest afterwards"


def file_too_large(most: int) -> str:
    """Why a file was not taken."""
    return f"larger than {most / 1e6:g} MB; split it, or start with a larger QA_MAX_FILE_MB"


def confirm_document_deletion(count: int, others: int, handed_over: bool) -> str:
    """Asked before a document is deleted: what goes."""
    with_it = f", with {documents(others)} of the same file" if others else ""
    file = "and its copy here" if handed_over else "from the index; your own file stays"
    return f"Delete {passages(count)}{with_it}, excerpts in chats, {file}?"


def document_deleted(name: str, count: int, turns: int, clean: bool) -> str:
    """After a file was deleted: what went, and whether anything is left."""
    proof = "a search of every byte kept found nothing of it" if clean else "some bytes are still kept: see qa forget"
    return f"Deleted {name}: {passages(count)}, excerpts in {turns:,} chat turns; {proof}."


def searching(count: int) -> str:
    """While passages are searched."""
    return f"Searching {passages(count)}…"


def searched(known: int, held: int) -> str:
    """What was searched before the documents were found not to say."""
    return f"Searched {passages(held)} of {documents(known)}"


def searched_for(known: int, held: int) -> str:
    """The same, before the question that was searched for."""
    return f"{searched(known, held)} for:"


def more_documents(count: int) -> str:
    """After a list that was cut."""
    return f"… and {count:,} more"


def list_documents(size: str) -> str:
    """Of the button that lists the documents."""
    return f"List {size}"


def source_label(marker: int, title: str) -> str:
    """Of a citation's number."""
    return f"Source {marker}: {title}"


def source_position(marker: int, count: int) -> str:
    """Which of an answer's citations a document shows."""
    return f"Source {marker} of {count}"


def page_number(number: int) -> str:
    """Where in a document of pages."""
    return f"page {number}"


def confidence_meaning(confidence: float) -> str:
    """What a confidence means."""
    right = f"{100 * confidence:.0f}"
    return f"{confidence:.0%}: of 100 answers as sure to the questions that this was fitted on, about {right} are right"


def questions(count: int) -> str:
    """So many questions."""
    return _count(count, "question")


def confirm_chat_deletion(count: int) -> str:
    """Asked before a conversation is deleted."""
    return f"Delete {questions(count)} and ratings for good?"


def download_chat(name: str, kind: str) -> str:
    """Of the button that downloads a conversation."""
    return f"Download {name} as {kind}"


def action_on(what: str, name: str) -> str:
    """Of a button that does something to one of many."""
    return f"{what} {name}"


def evidence_from(cited: int, known: int) -> str:
    """From how many of the documents an answer is."""
    return f"Evidence from {cited:,} of {documents(known)}"


def text_region(label: str) -> str:
    """Of the part of a pane that scrolls."""
    return f"{label}, text"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
