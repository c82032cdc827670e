"""Turn the ratings of answers into an evaluation set: a `questions.jsonl` that `qa eval` reads."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.history.turn import Turn, history
from qa.types import Answer


def write_rated_set(folder: Path, chats: Iterable[Sequence[Turn]]) -> int:
    """Write the usable rated turns to `folder`/questions.jsonl, replacing the file, and return how many there are.

    Raises:
        EvaluationError: there is no usable rating.
    """
    lines = [json.dumps(item, ensure_ascii=False) for turns in chats for item in rated_questions(turns)]
    if not lines:
        raise EvaluationError(
            "no answer about this corpus has a thumbs up, or a thumbs down with a correction; rate some: qa serve"
        )
    folder.mkdir(parents=True, exist_ok=True)
    numbered = (line.replace('"id": ""', f'"id": "f{number:04}"', 1) for number, line in enumerate(lines, 1))
    (folder / "questions.jsonl").write_text("\n".join(numbered) + "\n", "utf-8")
    return len(lines)


def rated_questions(turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    """Yield a question for each turn of a chat whose rating says what is right.

    A thumbs up confirms the answer and its evidence, or the refusal. A thumbs down with a remark gives the right answer
    in the remark. A thumbs down alone says only that the answer is wrong, so it is left out.
    """
    for position, turn in enumerate(turns):
        if turn.answer and turn.answer.question and _is_usable(turn, turn.answer):
            yield {
                "id": "",
                "question": turn.question,
                "history": [list(pair) for pair in history(turns[:position])],
                **(_confirmed(turn.answer) if turn.rating > 0 else _corrected(turn)),
                "corpus_fingerprint": turn.answer.corpus_fingerprint,
            }


def _is_usable(turn: Turn, answer: Answer) -> bool:
    is_small_talk = not answer.abstained and not answer.citations
    return not is_small_talk and (turn.rating > 0 or (turn.rating < 0 and bool(turn.remark)))


def _confirmed(answer: Answer) -> dict[str, Any]:
    if answer.abstained:
        return {"answerable": False, "answers": [], "evidence": []}
    return {
        "answerable": True,
        "answers": [answer.short or answer.citations[0].text],
        "evidence": [{"doc": citation.document_id, "text": citation.text} for citation in answer.citations],
    }


def _corrected(turn: Turn) -> dict[str, Any]:
    return {"answerable": True, "answers": [turn.remark], "evidence": []}
