"""The trees drawn at the top of both error modules are the class trees."""

import re

import pytest

import embeddings.errors
import qa.errors

MODULES = [embeddings.errors, qa.errors]


def drawn(docstring: str) -> dict[str, str | None]:
    """Each class of the drawing with the class it hangs from."""
    parents, path = {}, []
    for line in docstring.splitlines():
        if match := re.match(r"([│├└─ ]*)([A-Z]\w+(?:Error|Model\w*|Unknown\w*|Missing\w*|\w+))(  |$)", line):
            depth = len(match[1]) // 4
            path = [*path[:depth], match[2]]
            parents[match[2]] = path[depth - 1] if depth else None
    return parents


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_drawn_tree_is_the_class_tree(module):
    classes = {name: value for name, value in vars(module).items() if isinstance(value, type)}
    roots = {name for name, value in classes.items() if value.__base__ is Exception}
    assert drawn(module.__doc__) == {
        name: None if name in roots else value.__base__.__name__ for name, value in classes.items()
    }
    assert len(roots) == 1


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_error_has_a_docstring(module):
    assert all(value.__doc__ for value in vars(module).values() if isinstance(value, type))
