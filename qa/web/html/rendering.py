"""Render the page's templates. Every value is escaped unless another template rendered it."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qa.web.html import strings
from qa.web.html.icons import PATHS

ENVIRONMENT = Environment(
    loader=PackageLoader("qa.web.html"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render(template: str, **values: object) -> Markup:
    """Render `templates/TEMPLATE.html`; a value that the template needs and does not get raises UndefinedError."""
    return Markup(ENVIRONMENT.get_template(f"{template}.html").render(values))


@cache
def icon(name: str, size: int = 16) -> Markup:
    """Render the icon `name`, `size` pixels wide and high; the button around it says what it stands for."""
    return render("icon", path=PATHS[name], size=size)


ENVIRONMENT.globals.update(strings=strings, icon=icon)
