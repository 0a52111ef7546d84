"""Types of the values in a scenario: text, ids and numbers as a user wrote them."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MOST_LETTERS = 200
RESERVED_BY_WINDOWS = {"con", "prn", "aux", "nul"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in range(1, 10)
}
FORBIDDEN_IN_FILE_NAMES = '<>:"/\\|?*'


def _as_written(value: Any) -> Any:
    """Take a number back to the text it was written as: an id `007` is not 7."""
    return getattr(value, "written", value)


def _one_line(text: str) -> str:
    text = text.strip()
    if not text:
        raise PydanticCustomError("empty", "is empty")
    if len(text) > MOST_LETTERS or "\n" in text:
        raise PydanticCustomError(
            "long", "is too long", {"allowed": f"one line of at most {MOST_LETTERS} letters"}
        )
    return text


def _path(text: str) -> Path:
    return Path(text)


def _exact(text: str) -> str:
    if text != text.strip():
        raise PydanticCustomError("spaces", "has spaces around it")
    return text


def _folder_name(text: str) -> str:
    """Refuse a name that no folder can have on every system (it names the plan's folder)."""
    bad = sorted({letter for letter in text if letter in FORBIDDEN_IN_FILE_NAMES})
    stem = text.split(".", maxsplit=1)[0].lower()
    if bad or text.startswith((".", "-")) or text.endswith(".") or stem in RESERVED_BY_WINDOWS:
        raise PydanticCustomError(
            "folder_name",
            "cannot be the name of a folder",
            {"allowed": "letters, digits, spaces, - _ and . within, and no name Windows reserves"},
        )
    if len(text.encode()) > 100:
        raise PydanticCustomError("folder_name", "is too long", {"allowed": "at most 100 bytes"})
    return text


Verbatim = Annotated[str, BeforeValidator(_as_written)]
"""Text kept letter by letter, as the name of a column must be."""

Text = Annotated[Verbatim, AfterValidator(_one_line)]
"""One line of text, without spaces around it; ids are text even where they look like numbers."""

Name = Annotated[Verbatim, AfterValidator(_exact), AfterValidator(_one_line)]
"""One line of text that is told apart letter by letter."""

FolderName = Annotated[Text, AfterValidator(_folder_name)]
"""Text that can name a folder on Linux, macOS and Windows."""

TablePath = Annotated[Text, AfterValidator(_path)]
"""The path of a file, relative to the scenario file."""

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[Number, Field(gt=0, le=1e9)]
NonNegative = Annotated[Number, Field(ge=0, le=1e9)]
Share = Annotated[Number, Field(ge=0, le=1)]
Whole = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


class Section(BaseModel):
    """A mapping of the scenario: frozen, no unknown keys, meaning told under each line."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_stated(cls, value: Any) -> Any:
        return {} if value is None else value


class Origin(Section):
    """Where a table comes from, for the plan's attributions."""

    title: Text | None = None
    """Title of the data set, as its publisher has it."""

    date: Text | None = None
    """Date of the data, best as YYYY-MM-DD."""

    licence: Text | None = None
    """Licence the data came under, such as CC BY 4.0."""


def default(value: float, unit: str, source: str) -> Any:
    """Give a field its default with the unit and source that plans print as an assumption."""
    return Field(default=value, json_schema_extra={"unit": unit, "source": source})
