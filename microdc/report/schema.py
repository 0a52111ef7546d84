"""The grammar of scenario.yaml as JSON Schema, which editors complete and check with."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from microdc.scenario.grammar import Scenario

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors know best; nothing newer is used."""
ABOUT = (
    "What microdc reads as scenario.yaml. Faults between keys, and in tables, are told by "
    "`microdc check`."
)


def scenario_schema() -> dict[str, Any]:
    """Give the schema; units and sources of defaults are in the descriptions, and by themselves."""
    schema = Scenario.model_json_schema(schema_generator=_Grammar)
    for node in _nodes(schema):
        _count_items(node)
        _describe_default(node)
    _leave_to_the_base(schema)
    return {"$schema": DRAFT, **schema, "title": "microdc scenario", "description": ABOUT}


NOT_USED = ["off", False, None]
"""How a key that takes tables says that there are none."""


def _listed(inner: JsonSchemaValue, *ways: JsonSchemaValue) -> JsonSchemaValue:
    """Take one thing as a list of one; `ways` are other ways to say that thing."""
    item = {"anyOf": [*ways, inner["items"]]} if ways else inner["items"]
    return {"anyOf": [item, {**inner, "items": item}]}


def _or_word(inner: JsonSchemaValue, *words: Any) -> JsonSchemaValue:
    return {"anyOf": [*inner.get("anyOf", [inner]), {"enum": list(words)}]}


def _or_nothing(inner: JsonSchemaValue) -> JsonSchemaValue:
    """Take a key with nothing below it, unless something below is required."""
    return inner if inner.get("required") else {**inner, "type": ["object", "null"]}


ALSO: dict[str, Callable[[JsonSchemaValue], JsonSchemaValue]] = {
    "_as_written": lambda inner: {**inner, "type": ["string", "number"]},  # an id like a number
    "listed": _listed,
    "listed_paths": lambda inner: _listed(inner, {"type": "string"}),
    "listed_or_off": lambda inner: _or_word(_listed(inner), *NOT_USED),
    "none_if_off": lambda inner: _or_word({"anyOf": [inner]}, *NOT_USED),
    "of_type": lambda inner: _or_word(inner, "firm", "flexible", *NOT_USED),
    "_nothing_stated": _or_nothing,
}
"""What the reader takes beside a type, by the function that makes it so."""


class _Grammar(GenerateJsonSchema):
    """Knows what the grammar takes beside the types it states: pydantic sees only functions."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        with_others = ALSO.get(schema["function"]["function"].__name__)
        return inner if with_others is None else with_others(inner)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Walk over every mapping of a schema."""
    if isinstance(value, dict):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in inside:
        yield from _nodes(inner)


def _count_items(node: dict[str, Any]) -> None:
    """Put a length where it belongs: pydantic cannot tell a list behind a function from text."""
    of_list = node.get("type") == "array" or "anyOf" in node
    if of_list and "minLength" in node:
        node["minItems"] = node.pop("minLength")


def _describe_default(node: dict[str, Any]) -> None:
    """Tell what a default rests on where an editor shows it."""
    unit, source = node.get("unit"), node.get("source")
    if isinstance(unit, str) and isinstance(source, str):
        node["description"] += f" Default: {node['default']:g} {unit} ({source})."


def _leave_to_the_base(schema: dict[str, Any]) -> None:
    """Ask of a variant for its name alone: the rest may stand in the file it extends."""
    whole = schema.pop("required")
    schema["if"] = {"required": ["extends"], "properties": {"extends": {"type": "string"}}}
    schema["then"], schema["else"] = {"required": ["name"]}, {"required": whole}
