"""What people thought of answers, as an evaluation set: `questions.jsonl`, which `qa eval` reads."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.history.turn import Turn, history
from qa.types import Answer


def write_rated_set(folder: Path, conversations: Iterable[Sequence[Turn]]) -> int:
    """Write the rated turns to `folder`/questions.jsonl, in the place of one that is there; returns how many.

    Raises:
        EvaluationError: nothing usable was rated.
    """
    lines = [json.dumps(item, ensure_ascii=False) for turns in conversations for item in questions(turns)]
    if not lines:
        raise EvaluationError("no answer about this corpus has a thumb up, or a thumb down with what would be right")
    folder.mkdir(parents=True, exist_ok=True)
    numbered = (line.replace('"id": ""', f'"id": "f{number:04}"', 1) for number, line in enumerate(lines, 1))
    (folder / "questions.jsonl").write_text("\n".join(numbered) + "\n", "utf-8")
    return len(lines)


def questions(turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    """The turns of a conversation from which something can be learned.

    A thumb up: the answer and its evidence are right, or that there is none. A thumb down with a remark: the remark is
    what would have been right. A thumb down alone says what is wrong, but not what is right: it is left out.
    """
    for place, turn in enumerate(turns):
        if turn.answer and turn.answer.question and _usable(turn, turn.answer):
            yield {
                "id": "",
                "question": turn.question,
                "history": [list(pair) for pair in history(turns[:place])],
                **(_right(turn.answer) if turn.rating > 0 else _corrected(turn)),
                "corpus_fingerprint": turn.answer.corpus_fingerprint,
            }


def _usable(turn: Turn, answer: Answer) -> bool:
    spoken = not answer.abstained and not answer.citations
    return not spoken and (turn.rating > 0 or (turn.rating < 0 and bool(turn.remark)))


def _right(answer: Answer) -> dict[str, Any]:
    if answer.abstained:
        return {"answerable": False, "answers": [], "evidence": []}
    return {
        "answerable": True,
        "answers": [answer.short or answer.citations[0].text],
        "evidence": [{"doc": citation.document_id, "text": citation.text} for citation in answer.citations],
    }


def _corrected(turn: Turn) -> dict[str, Any]:
    return {"answerable": True, "answers": [turn.remark], "evidence": []}
