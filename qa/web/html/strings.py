"""Every word that the page itself says, in English. A translation is this file in another language."""

BUILTIN_CORPUS = "Built-in reports"
WELCOME_TITLE = "What would you like to know?"
WELCOME_TEXT = (
    "Answers quote the documents, and each quote links to its exact place. "
    "If the documents do not answer, the page says so."
)
EXAMPLES_TITLE = "Try one of these"
NO_DOCUMENTS_TITLE = "There are no documents yet"
NO_DOCUMENTS_YET = "There are no documents to answer from yet. Add some first."

# The bar and the form
NEW_CHAT = "New chat"
CHATS = "Chats"
CHAT = "Chat"
QUESTION = "Question"
PLACEHOLDER = "Ask about these documents"
ASK = "Ask"
SHORTCUTS = (("/", "to type"), ("Enter", "to ask"), ("j k", "to move between sources"), ("Esc", "to close"))

# While an answer is being prepared
READING = "Reading"
STILL_READING = "Still reading. This question takes longer than most…"

# An answer
SOURCES = "Sources"
SEARCHED_FOR = "Searched for:"
EDIT = "Edit"
EDIT_LABEL = "Edit the question that was searched for"
CONFIDENCE_LEVELS = ("Very sure", "Sure", "Fairly sure", "Unsure", "Very unsure")
"""From most to least sure; see qa.history.rendering.LEVELS."""
CONFIDENCE_SUFFIX = "that this answers the question"
COPY, COPY_LABEL, COPIED = "Copy", "Copy the answer as text", "Copied"
MARKDOWN, MARKDOWN_LABEL = "Markdown", "Copy the answer as Markdown with references"
LINK, LINK_LABEL = "Link", "Copy a link to this question"
ANSWER_ACTIONS = "This answer"
RIGHT, WRONG = "This is right", "This is wrong"
REMARK_PROMPTS = {1: "What was good about it?", -1: "What is the right answer?"}
SAVE = "Save"
SAVED = "Saved"

# A refusal
REFUSED = "The documents do not answer this"
NEAREST_PASSAGES = "Closest passages"
NOT_AN_ANSWER = "not an answer"
MISSING_WORDS = "No document mentions:"
FOREIGN_LANGUAGE = (
    "This question does not seem to be in English, the language that the default model and reader are made for."
)

# A document
DOCUMENT = "Document"
DOCUMENTS = "Documents"
PROBLEM = "Problem"
CLOSE = "Close"
PREVIOUS_SOURCE = "Previous source"
NEXT_SOURCE = "Next source"
NEAREST_PASSAGE = "Closest passage, not an answer"

# The documents
DROP_FILES = "Drop files or folders here. They are copied to a data folder on this computer and stay there."
ADD_FILES, ADD_FOLDER = "Add files", "Add a folder"
UPLOAD_RESULTS = "Results for each file"
PREPARING = "Looking at the files…"
PROGRESS = "Progress"
STOP, STOPPED_BEFORE_READING = "Stop", "stopped before it was read"
UPLOAD_STOPPED = "Stopped. Files already read were kept; the others were not added."
TIMELINE = "Documents by publication date"
FILTER_DOCUMENTS = "Filter documents"
FIND = "Find"
SINCE, UNTIL = "From", "To"
PUBLISHER, ANY_PUBLISHER = "Publisher", "Any"
USE_ALL = "Use all"
USE_FOR_ANSWERS = "Use for answers:"
ALL_DOCUMENTS_USED = "All documents are used for answers."
NO_MATCH = "No document matches."
NO_DOCUMENT_SELECTED = "No documents are selected to answer from. Select some under Documents."
UNDO = "Undo"
DISMISS = "Dismiss this message"
UP_TO_DATE = "The documents are up to date."
DELETING = "Deleting, then searching all stored data for anything left…"
FILE_STATUS = {
    "indexed": "added", "replaced": "replaced the earlier version", "renamed": "already here under another name",
    "unchanged": "already here", "skipped": "skipped", "failed": "not added", "forgotten": "skipped",
}  # fmt: skip

# Chats
NO_CHATS = "No chats yet. Your questions are kept here, on this computer, until you delete them."
RENAME, NAME = "Rename", "Chat name"
EXPORT = {"md": "Markdown", "json": "JSON", "csv": "CSV"}
DELETE = "Delete"
UNTITLED = "Chat"

# What went wrong
BUSY = "Too many questions are being answered right now. Ask again in a moment."
INTERNAL_ERROR = "Something went wrong. The terminal that the page was started from shows the details."
NO_SUCH_TURN = "this chat no longer has that source; ask again"
NO_SUCH_SOURCE = "this answer has no such source; click one of its numbers"
NO_SUCH_DOCUMENT = "that document is no longer here"
DOCUMENT_CHANGED = "this document has changed since it was cited, and the quote is no longer at that place; ask again"


def documents(count: int) -> str:
    """Return a number of documents."""
    return _count(count, "document")


def passages(count: int) -> str:
    """Return a number of passages."""
    return _count(count, "passage")


def undated(count: int) -> str:
    """Return how many documents the timeline leaves out."""
    return f"{documents(count)} without a date"


def files_not_read(count: int) -> str:
    """Return how many files were not read, or not wholly."""
    return f"{_count(count, 'file')} not read, or not wholly"


def more_files(count: int) -> str:
    """Return how many files are not listed."""
    return f"and {_count(count, 'more file')}; qa status names them"


def documents_used(used: int, known: int) -> str:
    """Return how many documents answers come from."""
    return f"Answers come from {used:,} of {documents(known)}"


def reading_file(name: str, place: int, count: int) -> str:
    """Return which file is being read."""
    return f"Reading {name}, file {place:,} of {count:,}"


def indexing_speed(count: int, per_second: float, seconds_left: float | None) -> str:
    """Return the speed of indexing, in passages a second, and the time left."""
    left = "" if seconds_left is None else f" · about {max(seconds_left, 1):,.0f} s left"
    return f"{passages(count)} · {per_second:,.0f} per second{left}"


def file_result(status: str, reason: str = "", count: int = 0, note: str = "") -> str:
    """Return the result for one uploaded file; `note` says what was left out of it."""
    held = f", {passages(count)}" if count and not reason else ""
    said = "; ".join(filter(None, [reason, note]))
    return FILE_STATUS.get(status, status) + held + (f": {said}" if said else "")


def too_many_files(most: int) -> str:
    """Return why an uploaded file was not accepted."""
    return f"more than {most:,} files at once; add the rest later"


def file_too_large(most: int) -> str:
    """Return why an uploaded file was not accepted."""
    return f"larger than {most / 1e6:g} MB; split it, or start with a larger QA_MAX_FILE_MB"


def confirm_document_deletion(count: int, others: int, uploaded: bool) -> str:
    """Return the question asked before a document is deleted."""
    parts = [passages(count), *([f"{documents(others)} in the same file"] if others else [])]
    if uploaded:
        return f"Delete {', '.join(parts)}, excerpts in chats and the copy kept here?"
    return f"Delete {', '.join(parts)} and excerpts in chats? Your own file stays."


def document_deleted(name: str, count: int, turns: int, clean: bool) -> str:
    """Return what was deleted, and whether a search found anything left."""
    proof = "a search of all stored data found nothing left" if clean else "some of it is still stored; see qa forget"
    return f"Deleted {name}: {passages(count)}, excerpts in {_count(turns, 'chat turn')}; {proof}."


def searching(count: int) -> str:
    """Return what is shown while passages are searched."""
    return f"Searching {passages(count)}…"


def searched(known: int, held: int) -> str:
    """Return what was searched without finding an answer."""
    return f"Searched {passages(held)} of {documents(known)}"


def searched_for(known: int, held: int) -> str:
    """Return the same as an introduction to the question searched for."""
    return f"{searched(known, held)} for:"


def more_documents(count: int) -> str:
    """Return what follows a list that was cut."""
    return f"… and {count:,} more"


def list_documents(size: str) -> str:
    """Return the label of the button that lists the documents."""
    return f"List {size}"


def source_label(marker: int, title: str) -> str:
    """Return the label of a citation's number."""
    return f"Source {marker}: {title}"


def source_position(marker: int, count: int) -> str:
    """Return which of an answer's citations the viewer shows."""
    return f"Source {marker} of {count}"


def page_number(number: int, label: str | None = None) -> str:
    """Return the place in a document that has pages; `label` is what is printed there as another number."""
    return f"page {number} (printed {label})" if label else f"page {number}"


def confidence_meaning(confidence: float) -> str:
    """Return what a confidence means."""
    right = f"{100 * confidence:.0f}"
    return f"{confidence:.0%}: of 100 answers this sure, about {right} were right on the questions used for calibration"


def questions(count: int) -> str:
    """Return a number of questions."""
    return _count(count, "question")


def confirm_chat_deletion(count: int) -> str:
    """Return the question asked before a chat is deleted."""
    return f"Delete {questions(count)} and all ratings permanently?"


def download_chat(name: str, kind: str) -> str:
    """Return the label of the button that downloads a chat."""
    return f"Download {name} as {kind}"


def action_on(what: str, name: str) -> str:
    """Return the label of a button that acts on one of many items."""
    return f"{what} {name}"


def evidence_from(cited: int, known: int) -> str:
    """Return how many of the documents an answer quotes."""
    return f"Evidence from {cited:,} of {documents(known)}"


def text_region(label: str) -> str:
    """Return the label of the scrolling part of a panel."""
    return f"{label}, text"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
