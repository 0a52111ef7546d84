"""The grammar of scenario.yaml as JSON Schema, which editors complete and check with."""

from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from microdc.scenario.grammar import Scenario
from microdc.scenario.later import OF_A_SERVICE, SAYS, TOP, Unused

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that editors know best; nothing newer is used."""
ABOUT = (
    "What microdc reads as scenario.yaml. Faults between keys, and in tables, are told by "
    "`microdc check`."
)
OFF: tuple[Any, ...] = (None, False, True, "off", [], {})
"""Ways to say that a feature is not asked for; which of them hold, each later key decides."""


def scenario_schema() -> dict[str, Any]:
    """Give the schema; units and sources of defaults are in the descriptions, and by themselves."""
    schema = Scenario.model_json_schema(schema_generator=_Grammar)
    for node in _nodes(schema):
        _count_items(node)
        _describe_default(node)
    _add_later(schema["properties"], TOP)
    _add_later(schema["$defs"]["Service"]["properties"], OF_A_SERVICE)
    return {"$schema": DRAFT, **schema, "title": "microdc scenario", "description": ABOUT}


NOT_USED = ["off", False, None]
"""How a key that takes tables says that there are none."""


class _Grammar(GenerateJsonSchema):
    """Knows what the grammar takes beside the types it states: pydantic sees only functions."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        match schema["function"]["function"].__name__:
            case "_as_written":  # an id may look like a number
                return {**inner, "type": ["string", "number"]}
            case "listed_paths":  # so it is with tables, and a path is a table
                item = {"anyOf": [{"type": "string"}, inner["items"]]}
                return {"anyOf": [item, {**inner, "items": item}]}
            case "of_type":  # a connection's type alone
                return {"anyOf": [inner, {"enum": ["firm", "flexible", *NOT_USED]}]}
            case "listed":  # one thing is a list of one
                return {"anyOf": [inner["items"], inner]}
            case "listed_or_off":
                return {"anyOf": [inner["items"], inner, {"enum": NOT_USED}]}
            case "none_if_off":
                return {"anyOf": [inner, {"enum": NOT_USED}]}
            case "_nothing_stated" if not inner.get("required"):  # a key with nothing below it
                return {**inner, "type": ["object", "null"]}
        return inner

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


def _add_later(properties: dict[str, Any], later: dict[str, tuple[Unused, str]]) -> None:
    """Accept later keys as far as they ask for nothing, as the reader does."""
    for key, (unused, instead) in later.items():
        off = [value for value in OFF if unused(value)]
        about = f"{key} {SAYS}; allowed: {instead}."
        properties.setdefault(key, {"description": about, "enum": off})
